"""A lote's ports in memory: rows with the table's conditions, files, the machine, and who writes agents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from aval.events import Event
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentChange
from aval.prudential.lote_files import ArrivedFile, LoteForm
from aval.prudential.lotes import Lote, LoteId, LoteOutcome, LoteState
from aval.prudential.refusals import LoteUnknown, NothingToRead
from aval.prudential.vault import StoredRecord
from tests.support.confidential import NOW

ARRIVED = ArrivedFile("v1", 4_000, NOW + timedelta(minutes=2))


@dataclass
class LotesInMemory:
    kept: dict[LoteId, Lote] = field(default_factory=dict)

    def add(self, lote: Lote) -> None:
        assert lote.id not in self.kept
        self.kept[lote.id] = lote

    def load(self, code: LoteId) -> Lote:
        if code not in self.kept:
            raise LoteUnknown
        return self.kept[code]

    def of_sender(self, event: EventCode, sender: Cnpj) -> Sequence[Lote]:
        found = [one for one in self.kept.values() if (one.event, one.sender) == (event, sender)]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def of_event(self, event: EventCode) -> Sequence[Lote]:
        return [one for one in self.kept.values() if one.event == event and not one.state.is_final]

    def register(
        self, code: LoteId, *, object_version: str, received_at: datetime, execution: str, at: datetime
    ) -> bool:
        lote = self.load(code)
        self._move(
            code,
            lambda one: not one.execution,
            execution=execution,
            object_version=object_version,
            received_at=received_at,
            state=LoteState.RECEIVED,
            moved_at=at,
        )
        lote = self.load(code)
        mine = (lote.execution, lote.object_version) == (execution, object_version)
        return mine and not lote.state.is_final

    def take_over(self, code: LoteId, *, former: str, execution: str, at: datetime) -> bool:
        return self._move(code, lambda one: one.execution == former, execution=execution, moved_at=at)

    def start(self, code: LoteId, *, at: datetime) -> None:
        self._move(code, lambda one: one.state is LoteState.RECEIVED, state=LoteState.RUNNING, moved_at=at)

    def chunk_persisted(self, code: LoteId, number: int, *, at: datetime) -> None:
        persisted = self.load(code).persisted | {number}
        self._move(code, lambda one: one.outcome is not None, persisted=persisted, moved_at=at)

    def end(self, code: LoteId, state: LoteState, reason: str, *, at: datetime) -> bool:
        def may(lote: Lote) -> bool:
            taken = lote.outcome.taken if lote.outcome else 0
            return not taken or state not in (LoteState.REJECTED, LoteState.EXPIRED)

        return self._move(code, may, state=state, reason=reason, ended_at=at, moved_at=at)

    def open_before(self, moment: datetime) -> Sequence[Lote]:
        waiting = [one for one in self.kept.values() if not one.state.is_final]
        return [one for one in waiting if (one.moved_at or one.created_at) < moment]

    def commit(self, code: LoteId, outcome: LoteOutcome, reason: str = "") -> None:
        """As the enclave's host does."""
        self._move(code, lambda one: one.outcome is None, outcome=outcome, reason=reason)

    def _move(self, code: LoteId, may: Callable[[Lote], bool], **changes: Any) -> bool:
        lote = self.load(code)
        moves = not lote.state.is_final and may(lote)
        if moves:
            self.kept[code] = replace(lote, **changes)
        return moves


@dataclass
class LoteFilesInMemory:
    arrivals: dict[tuple[LoteId, str], ArrivedFile] = field(default_factory=dict)
    content: bytes = b""
    chunks: dict[tuple[str, int], bytes] = field(default_factory=dict)
    answers: dict[tuple[str, int], bytes] = field(default_factory=dict)
    eligible: list[bytes] = field(default_factory=list)
    quarantined: list[tuple[LoteId, str]] = field(default_factory=list)

    def arrive(self, code: LoteId, file: ArrivedFile = ARRIVED) -> None:
        self.arrivals |= {(code, file.version): file, (code, ""): file}

    def form(self, lote: Lote, *, lifetime: timedelta) -> LoteForm:
        return LoteForm("https://files.example", {"key": lote.id, "seconds": str(lifetime.total_seconds())})

    def arrived(self, code: LoteId, version: str = "") -> ArrivedFile | None:
        return self.arrivals.get((code, version))

    def start_of(self, code: LoteId, version: str, size: int) -> bytes:
        assert (code, version) in self.arrivals
        return self.content[:size]

    def keep_eligible(self, code: LoteId, content: bytes) -> None:
        self.eligible.append(content)

    def records(self, code: LoteId, attempt: str, number: int) -> bytes:
        return self.chunks[attempt, number]

    def answer(self, code: LoteId, attempt: str, number: int) -> bytes:
        if (attempt, number) not in self.answers:
            raise NothingToRead("não é mais guardada")
        return self.answers[attempt, number]

    def quarantine(self, code: LoteId, version: str) -> None:
        self.quarantined.append((code, version))


@dataclass
class LoteMachineNoting:
    running: set[str] = field(default_factory=set)
    started: list[tuple[LoteId, str]] = field(default_factory=list)

    def start(self, code: LoteId, *, execution: str) -> None:
        self.started.append((code, execution))

    def is_running(self, execution: str) -> bool:
        return execution in self.running


@dataclass
class LoteAgentsNoting:
    written: list[tuple[StoredRecord, AgentChange]] = field(default_factory=list)

    def write(self, record: StoredRecord, change: AgentChange) -> None:
        self.written.append((record, change))


@dataclass
class BusNoting:
    published: list[Event] = field(default_factory=list)

    def publish(self, *events: Event) -> None:
        self.published += events
