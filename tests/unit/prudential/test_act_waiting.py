from dataclasses import replace

import pytest

from aval.prudential.act_waiting import TaskWatch
from aval.prudential.tasks import TaskId, TaskOutcome, TaskState, TaskUnknown
from tests.support.confidential import NOW, task
from tests.support.prudential import TasksInMemory

OPEN = task()
ENDED = replace(OPEN, outcome=TaskOutcome(TaskState.DONE, NOW))


@pytest.fixture
def tasks() -> TasksInMemory:
    return TasksInMemory({OPEN.id: OPEN})


def never() -> bool:
    return False


def no_pause() -> None:
    pytest.fail("nothing to wait for")


def test_a_task_that_has_ended_is_not_waited_for(tasks: TasksInMemory) -> None:
    tasks.tasks[OPEN.id] = ENDED
    told = TaskWatch(tasks, no_pause).until_ended(OPEN.id, is_time_up=never)
    assert told.outcome == ENDED.outcome


def test_an_open_task_is_looked_at_until_it_ends(tasks: TasksInMemory) -> None:
    pauses: list[int] = []

    def pause() -> None:
        pauses.append(1)
        if len(pauses) == 3:
            tasks.tasks[OPEN.id] = ENDED

    assert TaskWatch(tasks, pause).until_ended(OPEN.id, is_time_up=never).outcome == ENDED.outcome
    assert len(pauses) == 3


def test_a_task_that_does_not_end_in_time_is_told_as_it_stands(tasks: TasksInMemory) -> None:
    looks = iter((False, False, True))

    assert TaskWatch(tasks, lambda: None).until_ended(OPEN.id, is_time_up=lambda: next(looks)).outcome is None


def test_a_task_that_ended_in_the_last_pause_is_told_as_ended(tasks: TasksInMemory) -> None:
    looks = iter((False, True))

    def pause() -> None:
        tasks.tasks[OPEN.id] = ENDED

    told = TaskWatch(tasks, pause).until_ended(OPEN.id, is_time_up=lambda: next(looks))
    assert told.outcome == ENDED.outcome


def test_what_is_not_there_is_not_waited_for(tasks: TasksInMemory) -> None:
    with pytest.raises(TaskUnknown):
        TaskWatch(tasks, no_pause).until_ended(TaskId("0" * 64), is_time_up=never)
