"""Replace a function of the emulator, but only while it still is what we looked at."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


class UpstreamChanged(Exception):
    """The emulator no longer has the lines that a correction replaces: read it again before pinning it."""


def replace(
    module: ModuleType, name: str, *, still_has: str, by: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    """Put `by(original)` in place of `module.name`.

    Raises `UpstreamChanged` unless the original is there and its source holds the line `still_has`.
    """
    original = getattr(module, name, None)
    if original is None or still_has not in inspect.getsource(original):
        raise UpstreamChanged(f"{module.__name__}.{name} has no line {still_has!r}")
    setattr(module, name, by(original))
