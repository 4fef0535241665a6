from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lote_restarting import STALLED_AFTER, LoteRestarts, LotesRestarted
from aval.prudential.lotes import Lote, LoteState
from tests.support.confidential import NOW
from tests.support.lote_memory import LoteFilesInMemory, LoteMachineNoting, LotesInMemory
from tests.support.lotes import LOTE, lote

EXPIRES = lote().expires_at
TEN_MINUTES, SECOND = timedelta(minutes=10), timedelta(seconds=1)
TAKEN = lote(execution="first", object_version="v1", state=LoteState.RUNNING, moved_at=NOW)
SWEPT_AT = NOW + STALLED_AFTER + SECOND
SECOND_EXECUTION = f"{LOTE}-202611201202"


@dataclass
class Desk:
    lotes: LotesInMemory = field(default_factory=LotesInMemory)
    files: LoteFilesInMemory = field(default_factory=LoteFilesInMemory)
    machine: LoteMachineNoting = field(default_factory=LoteMachineNoting)

    def sweep(self, at: datetime) -> tuple[int, int]:
        done: LotesRestarted = LoteRestarts(self.lotes, self.files, self.machine).run(at=at)
        return done.started, done.expired

    @property
    def lote(self) -> Lote:
        return self.lotes.load(LOTE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_lote_whose_execution_died_is_given_to_another(desk: Desk) -> None:
    desk.lotes.add(TAKEN)
    assert desk.sweep(SWEPT_AT) == (1, 0)
    assert desk.machine.started == [(LOTE, SECOND_EXECUTION)]
    assert desk.lote.execution == SECOND_EXECUTION


def test_a_lote_whose_execution_runs_is_left_to_it(desk: Desk) -> None:
    desk.lotes.add(TAKEN)
    desk.machine.running = {"first"}
    assert desk.sweep(NOW + timedelta(hours=5)) == (0, 0)
    assert desk.lote == TAKEN


def test_a_lote_that_has_just_moved_is_left_alone(desk: Desk) -> None:
    desk.lotes.add(TAKEN)
    assert desk.sweep(NOW + STALLED_AFTER) == (0, 0)


def test_a_sweep_that_died_after_taking_a_lote_is_made_good_by_the_next(desk: Desk) -> None:
    desk.lotes.add(TAKEN)
    desk.lotes.take_over(LOTE, former="first", execution=SECOND_EXECUTION, at=SWEPT_AT)
    assert desk.sweep(SWEPT_AT + timedelta(minutes=5)) == (1, 0)
    assert desk.machine.started == [(LOTE, f"{LOTE}-202611201207")]


def test_a_lote_that_is_over_is_not_started(desk: Desk) -> None:
    desk.lotes.add(TAKEN)
    desk.lotes.end(LOTE, LoteState.REJECTED, "VAZIO", at=NOW)
    assert desk.sweep(SWEPT_AT) == (0, 0)


def test_a_file_whose_arrival_nobody_told_is_worked_off(desk: Desk) -> None:
    desk.lotes.add(lote())
    desk.files.arrive(LOTE)
    assert desk.sweep(SWEPT_AT) == (1, 0)
    assert desk.machine.started == [(LOTE, SECOND_EXECUTION)]
    assert desk.lote == lote()


@pytest.mark.parametrize("at", [SWEPT_AT, EXPIRES, EXPIRES + TEN_MINUTES])
def test_a_form_that_may_still_be_used_is_left_open(desk: Desk, at: datetime) -> None:
    desk.lotes.add(lote())
    assert desk.sweep(at) == (0, 0)
    assert desk.lote == lote()


def test_a_form_that_nobody_used_is_closed(desk: Desk) -> None:
    desk.lotes.add(lote())
    assert desk.sweep(EXPIRES + TEN_MINUTES + SECOND) == (0, 1)
    assert (desk.lote.state, desk.lote.reason) == (LoteState.EXPIRED, LoteReason.FORM_EXPIRED)
    assert desk.machine.started == []


def test_a_file_that_came_is_not_lost_because_its_form_has_ended(desk: Desk) -> None:
    desk.lotes.add(lote())
    desk.files.arrive(LOTE)
    assert desk.sweep(EXPIRES + timedelta(hours=9)) == (1, 0)
