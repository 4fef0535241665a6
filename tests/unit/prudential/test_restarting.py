from datetime import timedelta

from aval.prudential.restarting import STALLED_AFTER, TaskRestarts
from aval.prudential.tasks import Task
from tests.support.confidential import NOW, task
from tests.support.prudential import MachineNoting, TasksInMemory

TICK = timedelta(seconds=1)


def received(number: int, *, ago: timedelta) -> Task:
    return task(bytes([number]), received_at=NOW - ago)


def tasks(*given: Task) -> TasksInMemory:
    return TasksInMemory({one.id: one for one in given})


def test_a_task_that_nothing_works_at_is_started_under_the_sweeps_own_name() -> None:
    standing, machine = received(1, ago=STALLED_AFTER + TICK), MachineNoting()
    assert TaskRestarts(tasks(standing), machine).run(at=NOW) == 1
    assert machine.started == [(standing.id, "202611201200")]


def test_a_task_that_has_just_come_is_left_to_whoever_took_it() -> None:
    machine = MachineNoting()
    assert TaskRestarts(tasks(received(1, ago=STALLED_AFTER)), machine).run(at=NOW) == 0
    assert machine.started == []


def test_a_task_that_is_being_worked_at_is_left_alone() -> None:
    running, standing = (received(n, ago=STALLED_AFTER + TICK) for n in (1, 2))
    machine = MachineNoting(running={running.id})
    assert TaskRestarts(tasks(running, standing), machine).run(at=NOW) == 1
    assert [code for code, _ in machine.started] == [standing.id]


def test_a_task_that_has_ended_is_not_started_again() -> None:
    store, machine = tasks(received(1, ago=timedelta(days=1))), MachineNoting()
    [code] = store.tasks
    store.fail(code, "NAO_PROCESSADA", at=NOW)
    assert TaskRestarts(store, machine).run(at=NOW) == 0


def test_two_sweeps_of_one_minute_make_one_attempt() -> None:
    store, machine = tasks(received(1, ago=timedelta(days=1))), MachineNoting()
    for seconds in (0, 59):
        TaskRestarts(store, machine).run(at=NOW + timedelta(seconds=seconds))
    assert len(set(machine.started)) == 1
