from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aval.contracts.bus import ProcessingCode, ProcessingState, RowStatus
from aval.contracts.imports.reception import FORM_LIFETIME
from aval.contracts.imports.restarting import STALLED_AFTER, NotReopened, Restarted, Restarts
from aval.contracts.imports.store import ImportRecord, SubmissionKey
from tests.support.contracts import NOW, seller
from tests.support.import_memory import Memory, MemoryImports, keep


@dataclass
class Machine:
    started: list[ProcessingCode] = field(default_factory=list)

    def start(self, code: ProcessingCode) -> None:
        self.started.append(code)


@dataclass
class Running:
    memory: Memory = field(default_factory=Memory)
    machine: Machine = field(default_factory=Machine)

    @property
    def restarts(self) -> Restarts:
        return Restarts(MemoryImports(self.memory), self.machine)

    def holding(self, code: int, **changes: Any) -> ImportRecord:
        record = ImportRecord(
            code=ProcessingCode(code),
            submission=SubmissionKey(seller(), f"{code:064d}"),
            state=ProcessingState.RUNNING,
            received_at=NOW,
            moved_at=NOW,
            total_rows=9,
        )
        keep(self.memory, replace(record, **changes))
        return self.memory.records[record.code]

    def run(self, *, at: datetime) -> Restarted:
        return self.restarts.run(at=at)


@pytest.fixture
def running() -> Running:
    return Running()


def test_an_import_that_stands_still_for_longer_than_the_limit_is_started_again(running: Running) -> None:
    running.holding(1)
    assert running.run(at=NOW + STALLED_AFTER) == Restarted(0, 0)
    assert running.run(at=NOW + STALLED_AFTER + timedelta(seconds=1)) == Restarted(1, 0)
    assert running.machine.started == [1]


def test_an_import_that_was_started_again_is_given_time(running: Running) -> None:
    running.holding(1)
    late = NOW + 2 * STALLED_AFTER
    running.run(at=late)
    assert running.run(at=late + timedelta(minutes=1)) == Restarted(0, 0)
    assert running.run(at=late + 2 * STALLED_AFTER) == Restarted(1, 0)


def test_imports_that_are_over_are_left_alone(running: Running) -> None:
    for code, state in enumerate((ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED), 1):
        running.holding(code, state=state)
    assert running.run(at=NOW + timedelta(days=1)) == Restarted(0, 0)


def test_an_import_that_moves_while_the_sweep_looks_at_it_is_left_to_whoever_moves_it(
    running: Running,
) -> None:
    running.holding(1)
    running.holding(2)

    def move() -> None:
        running.memory.records[ProcessingCode(1)] = replace(
            running.memory.records[ProcessingCode(1)], next_row=5
        )

    running.memory.step = move
    assert running.run(at=NOW + timedelta(hours=1)) == Restarted(1, 0)
    assert running.machine.started == [2]


def test_an_upload_that_did_not_come_in_time_is_closed_with_what_to_do(running: Running) -> None:
    awaiting = {"state": ProcessingState.AWAITING_FILE, "total_rows": None}
    running.holding(1, **awaiting)
    assert running.run(at=NOW + FORM_LIFETIME) == Restarted(0, 0)
    in_time = NOW + FORM_LIFETIME + timedelta(minutes=10)
    assert running.run(at=in_time) == Restarted(1, 0)
    assert running.run(at=in_time + STALLED_AFTER + timedelta(seconds=1)) == Restarted(0, 1)
    assert running.memory.records[ProcessingCode(1)].state is ProcessingState.REFUSED
    [result] = running.memory.told[ProcessingCode(1)]
    assert result.status is RowStatus.REFUSED
    assert "peça um novo envio" in result.description


def test_a_failed_import_is_taken_up_where_it_stood_when_an_operator_asks(running: Running) -> None:
    running.holding(1, state=ProcessingState.FAILED, next_row=4)
    running.restarts.reopen(ProcessingCode(1), at=NOW)
    record = running.memory.records[ProcessingCode(1)]
    assert (record.state, record.next_row, running.machine.started) == (ProcessingState.RUNNING, 4, [1])


@pytest.mark.parametrize("state", sorted(set(ProcessingState) - {ProcessingState.FAILED}))
def test_an_import_that_has_not_failed_is_not_taken_up(running: Running, state: ProcessingState) -> None:
    running.holding(1, state=state)
    with pytest.raises(NotReopened):
        running.restarts.reopen(ProcessingCode(1), at=NOW)
    with pytest.raises(NotReopened):
        running.restarts.reopen(ProcessingCode(2), at=NOW)
    assert running.machine.started == []


def test_a_failed_import_whose_file_was_submitted_again_is_not_taken_up(running: Running) -> None:
    failed = running.holding(1, state=ProcessingState.FAILED)
    running.holding(2, submission=failed.submission)
    with pytest.raises(NotReopened):
        running.restarts.reopen(ProcessingCode(1), at=NOW)
    assert running.machine.started == []
