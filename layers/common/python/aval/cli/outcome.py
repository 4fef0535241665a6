"""How a command ends."""

import errno
from enum import IntEnum
from typing import Final

from aval.errors import DomainError

_REASONS: Final = {
    errno.ENOENT: "não existe",
    errno.EACCES: "sem permissão",
    errno.EISDIR: "é uma pasta",
    errno.ENOTDIR: "não é uma pasta",
}


class ExitCode(IntEnum):
    ACCEPTED = 0
    REFUSED = 1
    # argparse leaves with the same code for arguments that it cannot read.
    UNUSABLE = 2
    # A file may have been taken: whoever sends it again may register its contracts twice.
    UNCERTAIN = 3
    # As shells say it of a program that SIGINT ended: 128 and the number of the signal.
    INTERRUPTED = 130


class CommandFailed(DomainError):
    """The command ends here, with a sentence and a code."""

    def __init__(self, detail: str, code: ExitCode = ExitCode.UNUSABLE) -> None:
        super().__init__(detail)
        self.code = code


def reason(failure: OSError) -> str:
    """Why a file could not be used, in the words of whoever reads the command."""
    return _REASONS.get(failure.errno or 0) or failure.strerror or type(failure).__name__
