"""How a command ends."""

from enum import IntEnum

from aval.errors import DomainError


class ExitCode(IntEnum):
    ACCEPTED = 0
    REFUSED = 1
    # argparse leaves with the same code for arguments that it cannot read.
    UNUSABLE = 2


class CommandFailed(DomainError):
    """The command ends here, with a sentence and a code."""

    def __init__(self, detail: str, code: ExitCode = ExitCode.UNUSABLE) -> None:
        super().__init__(detail)
        self.code = code
