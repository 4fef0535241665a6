"""Lotes that stand still set going again, and forms that nobody used closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from aval.prudential.lote_files import LoteFiles
from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lotes import Lote, LoteId, Lotes, LoteState

STALLED_AFTER: Final = timedelta(minutes=2)
"""Whatever moves a lote has long done so by then, is still running, or has died."""
_GRACE: Final = timedelta(minutes=10)
"""A file whose sending began just before its form ended arrives within this time."""


class LoteMachine(Protocol):
    def start(self, code: LoteId, *, execution: str) -> None:
        """Start an execution of that name; one that is there already is enough."""

    def is_running(self, execution: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class LotesRestarted:
    started: int
    expired: int


@dataclass(frozen=True, slots=True)
class LoteRestarts:
    lotes: Lotes
    files: LoteFiles
    machine: LoteMachine

    def run(self, *, at: datetime) -> LotesRestarted:
        started = expired = 0
        for lote in self.lotes.open_before(at - STALLED_AFTER):
            if lote.state is LoteState.AWAITING and self.files.arrived(lote.id) is None:
                expired += self._expired(lote, at)
            elif self._restarted(lote, at):
                started += 1
        return LotesRestarted(started, expired)

    def _expired(self, lote: Lote, at: datetime) -> bool:
        over = at > lote.expires_at + _GRACE
        return over and self.lotes.end(lote.id, LoteState.EXPIRED, LoteReason.FORM_EXPIRED, at=at)

    def _restarted(self, lote: Lote, at: datetime) -> bool:
        execution = f"{lote.id}-{at:%Y%m%d%H%M}"
        if lote.execution:
            # Whoever took it says by its own name that it runs; a row that moved meanwhile is not taken.
            if self.machine.is_running(lote.execution):
                return False
            if not self.lotes.take_over(lote.id, former=lote.execution, execution=execution, at=at):
                return False
        # A file whose arrival nobody told: the execution takes the lote as any other would.
        self.machine.start(lote.id, execution=execution)
        return True
