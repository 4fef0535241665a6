"""A lote's end: the state that its row tells, the sealed file kept aside if it was rejected, the event."""

from dataclasses import dataclass
from datetime import datetime

from aval.events import Event, EventBus, EventName
from aval.prudential.lote_files import LoteFiles
from aval.prudential.lote_persisting import outcome_of
from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lotes import Lote, LoteId, LoteOutcome, Lotes, LoteState


class ChunksMissing(Exception):
    """Agents that the journal has taken are not written yet: the lote cannot end."""


class AgentsTaken(Exception):
    """The lote cannot be rejected: its agents are in the journal, and it goes on once the cause is gone."""


@dataclass(frozen=True, slots=True)
class LoteEnding:
    lotes: Lotes
    files: LoteFiles
    bus: EventBus

    def summarise(self, code: LoteId, *, at: datetime) -> Lote:
        """Raise `ChunksMissing`."""
        lote = self.lotes.load(code)
        outcome = outcome_of(lote)
        if lote.persisted != frozenset(range(outcome.chunks)):
            raise ChunksMissing(code)
        state = _state_of(outcome)
        reason = lote.reason
        if state is LoteState.REJECTED:
            reason = reason or LoteReason.NONE_TAKEN
        return self._end(lote, state, reason, at)

    def reject(self, code: LoteId, reason: str, *, execution: str, at: datetime) -> Lote:
        """Only what this execution has, and no agent of which is in the journal: the rest is left as it is.

        A sweep starts another execution for it; raise `AgentsTaken` when they came in between.
        """
        lote = self.lotes.load(code)
        if lote.execution != execution or (lote.outcome and lote.outcome.taken):
            return lote
        return self._end(lote, LoteState.REJECTED, reason, at)

    def _end(self, lote: Lote, state: LoteState, reason: str, at: datetime) -> Lote:
        if state is LoteState.REJECTED:
            # Before the row says so: who reads the state finds the file.
            self.files.quarantine(lote.id, lote.object_version)
        self.lotes.end(lote.id, state, reason, at=at)
        ended = self.lotes.load(lote.id)
        if not ended.state.is_final:
            raise AgentsTaken(lote.id)
        # Also where it had ended before: whoever ended it may have died before this.
        self.bus.publish(_event_of(ended))
        return ended


def _state_of(outcome: LoteOutcome) -> LoteState:
    if not outcome.taken:
        return LoteState.REJECTED
    return LoteState.PROCESSED_WITH_FAULTS if outcome.refused else LoteState.PROCESSED


def _event_of(lote: Lote) -> Event:
    told: dict[str, str | int] = {
        "lote": lote.id,
        "evento": lote.event,
        "remetente": lote.sender,
        "tipo": lote.kind,
        "situacao": lote.state,
    }
    if lote.outcome:
        told |= {"aceitos": lote.outcome.taken, "recusados": lote.outcome.refused}
    if lote.reason:
        told["motivo"] = lote.reason
    done = lote.state in (LoteState.PROCESSED, LoteState.PROCESSED_WITH_FAULTS)
    return Event(EventName.LOTE_PROCESSED if done else EventName.LOTE_REJECTED, told)
