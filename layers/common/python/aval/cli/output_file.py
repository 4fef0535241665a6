"""Files that commands write: whole or not at all, and a key that is there never written over."""

import os
from pathlib import Path

from aval.cli.outcome import CommandFailed, reason


def write_new(path: Path, content: bytes, *, mode: int) -> None:
    """Raise `CommandFailed` when something is there."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError as failure:
        raise CommandFailed(f"{path} já existe") from failure
    except OSError as failure:
        raise _unwritable(path, failure) from failure


def write_over(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Whoever reads `path` finds what was there or all of `content`."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
        unfinished.replace(path)
    except OSError as failure:
        unfinished.unlink(missing_ok=True)
        raise _unwritable(path, failure) from failure


def _unwritable(path: Path, failure: OSError) -> CommandFailed:
    return CommandFailed(f"não foi possível escrever em {path}: {reason(failure)}")
