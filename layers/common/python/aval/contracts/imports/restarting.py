"""Imports that stand still set going again, and uploads that never came closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aval.contracts.bus import ProcessingCode, ProcessingState
from aval.contracts.imports.reception import FORM_LIFETIME
from aval.contracts.imports.store import ImportMachine, ImportRecord, ImportStore
from aval.contracts.store import WriteLost

STALLED_AFTER: Final = timedelta(minutes=3)
"""Longer than a batch, a survey and the machine's longest pause between tries take together."""
_GRACE: Final = timedelta(minutes=10)
"""A file whose sending began just before its form ended arrives within this time."""


class NotReopened(Exception):
    """No import of this code has failed, or its file was submitted again since."""


@dataclass(frozen=True, slots=True)
class Restarted:
    started: int
    expired: int


@dataclass(frozen=True, slots=True)
class Restarts:
    imports: ImportStore
    machine: ImportMachine

    def run(self, *, at: datetime) -> Restarted:
        started = expired = 0
        for record in self.imports.stalled(since=at - STALLED_AFTER):
            if _may_still_come(record, at):
                continue
            try:
                if _never_came(record, at):
                    self._expire(record, at)
                    expired += 1
                else:
                    self.imports.touch(record, at=at)
                    self.machine.start(record.code)
                    started += 1
            except WriteLost:
                continue
        return Restarted(started, expired)

    def reopen(self, code: ProcessingCode, *, at: datetime) -> None:
        """What an operator does once the cause of a failure is gone; raise `NotReopened`."""
        record = self.imports.record(code)
        if record is None or record.state is not ProcessingState.FAILED:
            raise NotReopened
        try:
            self.imports.reopen(record, at=at)
        except WriteLost as error:
            raise NotReopened from error
        self.machine.start(code)

    def _expire(self, record: ImportRecord, at: datetime) -> None:
        reason = "o arquivo não chegou no prazo do envio; peça um novo envio e repita a importação"
        self.imports.refuse(record, reason=reason, at=at)


def _may_still_come(record: ImportRecord, at: datetime) -> bool:
    """Its arrival starts it; a sweep that tried would start a machine for every form given out."""
    return record.state is ProcessingState.AWAITING_FILE and at <= record.received_at + FORM_LIFETIME


def _never_came(record: ImportRecord, at: datetime) -> bool:
    return record.state is ProcessingState.AWAITING_FILE and at > record.received_at + FORM_LIFETIME + _GRACE
