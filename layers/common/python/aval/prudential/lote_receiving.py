"""A lote's file has come: taken by one execution, and looked at from outside before the enclave is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from aval.errors import DomainError
from aval.identifiers import Cnpj
from aval.prudential.eligibility import eligible
from aval.prudential.lote_files import START_BYTES, ArrivedFile, LoteFiles, read_header_start
from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lotes import Lote, LoteId, LoteKind, Lotes
from aval.prudential.refusals import DeadlinePassed, LoteUnknown, WeekNotOpen
from aval.prudential.submitting import KeyItems
from aval.prudential.weeks import Weeks, require_open
from aval.registry.model import Participant
from aval.registry.queries import MonitoringRegistry
from aval.sealing.canonical import canonical
from aval.sealing.envelope import MAX_SEALED_BYTES, Header, SealedKind
from aval.sealing.key_items import KeyItem, KeyState
from aval.sealing.refusals import SealReason, SealRefused

_KINDS: Final = {
    LoteKind.PORTFOLIO: SealedKind.PORTFOLIO,
    LoteKind.COUNTERPARTIES: SealedKind.CONTRAPARTES,
}
# A retired pair opens only what is read back: who seals to it now has an old file of its key.
_OPENING: Final = frozenset({KeyState.ACTIVE, KeyState.OVERLAP})


class NextStep(StrEnum):
    """What the machine does next."""

    ASK = "PEDIR"
    REJECT = "REJEITAR"
    NOTHING = "NADA"
    """Another execution has the lote, or it is over, or there is none: this one ends at once."""


@dataclass(frozen=True, slots=True)
class Receipt:
    step: NextStep
    reason: str = ""


class LoteRefused(DomainError):
    """The file as a whole is not taken; the code tells why."""

    def __init__(self, reason: str) -> None:
        super().__init__("o arquivo do lote foi recusado")
        self.reason = reason


class Covering(Protocol):
    def covered_by(self, sender: Cnpj, *, at: datetime) -> Sequence[Participant]:
        """The companies that the sender acts for."""


@dataclass(frozen=True, slots=True)
class LoteReceiving:
    lotes: Lotes
    files: LoteFiles
    weeks: Weeks
    keys: KeyItems
    registry: MonitoringRegistry
    coverage: Covering

    def receive(self, code: LoteId, execution: str, *, at: datetime) -> Receipt:
        """The same execution may ask again: it finds what it has done and goes on."""
        try:
            lote = self.lotes.load(code)
        except LoteUnknown:
            return Receipt(NextStep.NOTHING)
        # Of a lote that was taken, the version that was taken: whatever was put over it does not count.
        file = self.files.arrived(code, lote.object_version)
        if file is None:
            return self._gone(lote, execution)
        if not self._taken(lote, file, execution, at):
            return Receipt(NextStep.NOTHING)
        # What the enclave took stands, whatever the registry or the week say by now.
        if lote.outcome is None:
            try:
                self._look(lote, file, at)
            except LoteRefused as refused:
                return Receipt(NextStep.REJECT, refused.reason)
        self.lotes.start(code, at=at)
        return Receipt(NextStep.ASK)

    def _gone(self, lote: Lote, execution: str) -> Receipt:
        if lote.execution == execution and not lote.state.is_final:
            return Receipt(NextStep.REJECT, LoteReason.FILE_GONE)
        return Receipt(NextStep.NOTHING)

    def _taken(self, lote: Lote, file: ArrivedFile, execution: str, at: datetime) -> bool:
        return self.lotes.register(
            lote.id,
            object_version=file.version,
            received_at=file.received_at,
            execution=execution,
            at=at,
        )

    def _look(self, lote: Lote, file: ArrivedFile, at: datetime) -> None:
        """Raise `LoteRefused`. A courtesy and a shield; the enclave judges all of the content again."""
        # (1) When it came counts, not when somebody looks at it.
        parameters = self.weeks.current(lote.event).parameters
        try:
            require_open(parameters, at=file.received_at)
        except WeekNotOpen as early:
            raise LoteRefused(LoteReason.NOT_OPEN) from early
        except DeadlinePassed as late:
            raise LoteRefused(LoteReason.DEADLINE) from late
        # (2) Its size, before anything of it is read.
        _require_size(lote, file)
        # (3) What it says of itself is what was announced.
        try:
            header = read_header_start(self.files.start_of(lote.id, file.version, START_BYTES))
        except SealRefused as refused:
            raise LoteRefused(refused.reason) from refused
        _require_header(header, lote)
        # (4) It is sealed to a key that the enclave has and still opens with.
        items = map(KeyItem.from_bytes, self.keys.key_items())
        if header.key_id not in {item.key_id for item in items if item.state(at) in _OPENING}:
            raise LoteRefused(SealReason.KEY_UNKNOWN)
        # (5) For whom the sender may speak in this week: told to the enclave, which cannot ask.
        covered = {one.cnpj for one in self.coverage.covered_by(lote.sender, at=file.received_at)}
        siglas: dict[str, object] = {
            one.cnpj: one.sigla for one in eligible(self.registry, parameters) if one.cnpj in covered
        }
        self.files.keep_eligible(lote.id, canonical(siglas))


def _require_size(lote: Lote, file: ArrivedFile) -> None:
    if file.size == 0:
        raise LoteRefused(LoteReason.EMPTY)
    if file.size > MAX_SEALED_BYTES:
        raise LoteRefused(LoteReason.TOO_LARGE)
    if file.size != lote.size:
        raise LoteRefused(LoteReason.SIZE_MISMATCH)


def _require_header(header: Header, lote: Lote) -> None:
    if header.event != lote.event:
        raise LoteRefused(SealReason.EVENT_MISMATCH)
    if header.sender != lote.sender:
        raise LoteRefused(SealReason.SENDER_MISMATCH)
    if header.kind is not _KINDS[lote.kind]:
        raise LoteRefused(SealReason.KIND_MISMATCH)
