"""Readers' files: private halves opened by whoever knows the passphrase, and public ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aval.cli.expected_code import read_file
from aval.cli.offered_key import refusals_end_the_command
from aval.cli.passphrase import passphrase
from aval.cli.seen_heads import SeenHeads
from aval.sealing.canonical import read_object
from aval.sealing.reader_file import unprotect
from aval.sealing.readers import Reader, ReaderKeys, Readers

_LARGEST_KEYS: Final = 16_384
_LARGEST_READER: Final = 4096


def reader_keys(path: Path) -> ReaderKeys:
    """Raise `CommandFailed` for another file, or another passphrase."""
    with refusals_end_the_command():
        return unprotect(read_file(path, most=_LARGEST_KEYS), passphrase("Senha do leitor: "))


def read_reader(path: Path) -> Reader:
    """Raise `CommandFailed` for what is no published reader."""
    with refusals_end_the_command():
        return Reader.from_json(
            read_object(read_file(path, most=_LARGEST_READER + 1), largest=_LARGEST_READER)
        )


def readers_in(paths: Sequence[Path]) -> Readers:
    """Raise `CommandFailed` for files that make no list."""
    with refusals_end_the_command():
        return Readers(tuple(read_reader(path) for path in paths))


def heads_beside(path: Path, told: Path | None = None) -> SeenHeads:
    """How far this reader saw each journal: kept beside its file, unless told elsewhere."""
    return SeenHeads.read(told or path.with_name(f"{path.name}.vistos.json"))
