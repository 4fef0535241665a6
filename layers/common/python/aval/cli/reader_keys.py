"""A reader's file, opened by whoever knows its passphrase."""

from pathlib import Path
from typing import Final

from aval.cli.expected_code import read_file
from aval.cli.offered_key import refusals_end_the_command
from aval.cli.passphrase import passphrase
from aval.cli.seen_heads import SeenHeads
from aval.sealing.reader_file import unprotect
from aval.sealing.readers import ReaderKeys

_LARGEST_KEYS: Final = 16_384


def reader_keys(path: Path) -> ReaderKeys:
    """Raise `CommandFailed` for another file, or another passphrase."""
    with refusals_end_the_command():
        return unprotect(read_file(path, most=_LARGEST_KEYS), passphrase("Senha do leitor: "))


def heads_beside(path: Path, told: Path | None = None) -> SeenHeads:
    """How far this reader saw each journal: kept beside its file, unless told elsewhere."""
    return SeenHeads.read(told or path.with_name(f"{path.name}.vistos.json"))
