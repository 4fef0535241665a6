"""What the enclave decided of one act, or what it lacks to decide."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aval.prudential.agent_state import AgentStanding
from aval.sealing.journal import SealedEntry
from aval.sealing.refusals import SealReason


class RecordNeeded(Exception):
    """The act is about a stored record that did not come with it."""

    def __init__(self, kind: str, version: int, lote: str = "") -> None:
        super().__init__(kind, version)
        self.kind = kind
        self.version = version
        self.lote = lote


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A sealed record, and where it is to be stored."""

    kind: str
    version: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """All of it is to be written in one transaction or not at all."""

    reason: SealReason | None = None
    answer: bytes = field(default=b"", repr=False)
    """Empty where nobody is known to whom it could be told."""
    entry: SealedEntry | None = None
    records: Sequence[KeptRecord] = ()
    repeated: bool = False
    """The same request was decided before: its record may be there already."""
    released: str = ""
    standing: AgentStanding | None = None
    """Where the act left the agent of a week; none where it changed nothing."""
