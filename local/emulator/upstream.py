"""Correct a function of the emulator, but only while it still is what we looked at."""

import inspect
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any


class UpstreamChanged(Exception):
    """The emulator no longer has the lines that a correction replaces: read it again before pinning it."""


def replace(
    module: ModuleType | type,
    name: str,
    *,
    still_has: str,
    by: Callable[[Callable[..., Any]], Callable[..., Any]],
) -> None:
    """Put `by(original)` in place of `module.name`.

    Raises `UpstreamChanged` unless the original is there and its source holds the line `still_has`.
    """
    original = getattr(module, name, None)
    if original is None or still_has not in inspect.getsource(original):
        raise UpstreamChanged(f"{module.__name__}.{name} has no line {still_has!r}")
    setattr(module, name, by(original))


def edit(module: ModuleType, name: str, *, line: str, becomes: str) -> None:
    """Compile `module.name` anew with one line changed; raise `UpstreamChanged` unless it is there once."""
    original = getattr(module, name, None)
    source = textwrap.dedent(inspect.getsource(original)) if original else ""
    if source.count(line) != 1:
        raise UpstreamChanged(f"{module.__name__}.{name} has not once the line {line!r}")
    exec(compile(source.replace(line, becomes), str(module.__file__), "exec"), module.__dict__)  # noqa: S102
