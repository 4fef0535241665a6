"""A lote: one sealed file with the data of many agents, followed from its announcement to its end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, Self

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid

AGENTS_IN_CHUNK: Final = 100
MOST_CHUNKS: Final = 200
MOST_AGENTS: Final = AGENTS_IN_CHUNK * MOST_CHUNKS
_LOTE_ID: Final = re.compile(r"[0-9a-f]{32}")


class LoteId(str):
    """128 random bits in hex."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _LOTE_ID.fullmatch(text):
            raise IdentifierInvalid("o código do lote deve ter 32 algarismos hexadecimais")
        return cls(text)


class LoteKind(StrEnum):
    PORTFOLIO = "PORTFOLIO"
    COUNTERPARTIES = "CONTRAPARTES"


class LoteState(StrEnum):
    AWAITING = "AGUARDANDO_ARQUIVO"
    RECEIVED = "RECEBIDO"
    RUNNING = "EM_PROCESSAMENTO"
    PROCESSED = "PROCESSADO"
    PROCESSED_WITH_FAULTS = "PROCESSADO_COM_ERROS"
    REJECTED = "REJEITADO"
    EXPIRED = "EXPIRADO"

    @property
    def is_final(self) -> bool:
        return self not in (LoteState.AWAITING, LoteState.RECEIVED, LoteState.RUNNING)


@dataclass(frozen=True, slots=True)
class LoteOutcome:
    """What the enclave said outside the seal: counts, rule names, and where the chunks lie."""

    taken: int
    refused: int
    rules: Mapping[str, int]
    """How many faults of each rule; no rule name holds a value."""
    answers: int
    """How many sealed answers there are: one a chunk, at least one where readers are known."""
    chunks: int
    """How many chunks of records; none where nothing was taken."""
    attempt: str
    """Under which name the chunks were stored."""


@dataclass(frozen=True, slots=True)
class Lote:
    id: LoteId
    event: EventCode
    kind: LoteKind
    sender: Cnpj
    file_name: str = field(repr=False)
    size: int
    identity: str
    """SHA-256 of the sealed file, hex, as announced: the form and the host hold the file to it."""
    all_or_nothing: bool
    created_at: datetime
    created_by: str
    """`Caller.kind:subject`."""
    expires_at: datetime
    """Until when its form takes a file."""
    state: LoteState = LoteState.AWAITING
    moved_at: datetime | None = None
    object_version: str = ""
    received_at: datetime | None = None
    execution: str = ""
    """The one execution that may work at it."""
    outcome: LoteOutcome | None = None
    persisted: frozenset[int] = frozenset()
    """Numbers of the chunks whose agents are written."""
    ended_at: datetime | None = None
    reason: str = ""

    @property
    def progress(self) -> int:
        """Per cent: a fifth for each step before the agents are written, the rest by chunk."""
        match self.state:
            case LoteState.AWAITING:
                return 0
            case LoteState.RECEIVED:
                return 10
            case LoteState.RUNNING if self.outcome is None:
                return 20
            case LoteState.RUNNING if self.outcome and self.outcome.chunks:
                return 40 + 59 * len(self.persisted) // self.outcome.chunks
            case LoteState.RUNNING:
                return 99
        return 100


class Lotes(Protocol):
    def add(self, lote: Lote) -> None: ...

    def load(self, code: LoteId) -> Lote:
        """Raise `LoteUnknown`."""

    def of_sender(self, event: EventCode, sender: Cnpj) -> Sequence[Lote]:
        """The newest first."""

    def of_event(self, event: EventCode) -> Sequence[Lote]:
        """Those that are open, of every sender."""

    def register(
        self, code: LoteId, *, object_version: str, received_at: datetime, execution: str, at: datetime
    ) -> bool:
        """Take the lote for one execution; False when another object or execution has it."""

    def take_over(self, code: LoteId, *, former: str, execution: str, at: datetime) -> bool:
        """Give a lote whose execution died to another; False when it moved meanwhile."""

    def start(self, code: LoteId, *, at: datetime) -> None:
        """RECEBIDO to EM_PROCESSAMENTO; any other state stays."""

    def chunk_persisted(self, code: LoteId, number: int, *, at: datetime) -> None: ...

    def end(self, code: LoteId, state: LoteState, reason: str, *, at: datetime) -> bool:
        """False where it had ended before, which stays."""

    def open_before(self, moment: datetime) -> Sequence[Lote]:
        """Those that have not ended and did not move since `moment`."""
