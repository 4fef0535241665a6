import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.identifiers import EventCode
from aval.prudential.tasks import Task, TaskAct, TaskId
from tests.support.confidential import empty_vault, task, tasks_of
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.publication import closing
from tests.support.weeks import DEADLINE, EVENT, OTHER_EVENT, week_version

SECOND = timedelta(seconds=1)


@dataclass
class Table:
    closings: DynamoDbClosings
    weeks: DynamoDbWeeks
    tasks: DynamoDbTasks


@pytest.fixture
def table() -> Iterator[Table]:
    with empty_vault() as vault:
        weeks = DynamoDbWeeks(vault.client, CONFIDENTIAL_TABLE)
        weeks.add(week_version())
        yield Table(DynamoDbClosings(vault.client, CONFIDENTIAL_TABLE), weeks, tasks_of(vault))


def test_a_closing_reads_back_as_it_was_written_and_closes_its_week(table: Table) -> None:
    assert not table.weeks.is_closed(EVENT)
    assert table.closings.add(closing())
    assert table.closings.of([EVENT, OTHER_EVENT]) == {EVENT: closing()}
    assert table.weeks.is_closed(EVENT)


def test_a_week_is_closed_once(table: Table) -> None:
    assert table.closings.add(closing())
    assert not table.closings.add(closing(closed_at=DEADLINE + SECOND))
    assert table.closings.of([EVENT]) == {EVENT: closing()}


def test_a_week_is_not_closed_with_parameters_that_others_replaced(table: Table) -> None:
    table.weeks.add(week_version(versao=2, prazo="2026-11-27T18:00:00-03:00"))
    assert not table.closings.add(closing())
    assert table.closings.of([EVENT]) == {}
    assert not table.weeks.is_closed(EVENT)


def test_a_week_that_there_is_not_cannot_be_closed(table: Table) -> None:
    assert not table.closings.add(closing(event=OTHER_EVENT))


def test_that_a_closing_was_told_is_kept_and_changes_nothing_else_of_it(table: Table) -> None:
    table.closings.add(closing())
    for _ in range(2):
        table.closings.mark_told(EVENT)
    assert table.closings.of([EVENT]) == {EVENT: closing(is_told=True)}


def test_no_closings_are_asked_for_where_no_week_is_named(table: Table) -> None:
    assert table.closings.of([]) == {}


def act(kind: TaskAct, *, event: EventCode = EVENT, before: timedelta = SECOND) -> Task:
    code = TaskId(hashlib.sha256(f"{kind}{event}{before}".encode()).hexdigest())
    return replace(task(), id=code, act=kind, event=event, received_at=DEADLINE - before)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (TaskAct.PORTFOLIO, 1),
        (TaskAct.COUNTERPARTIES, 1),
        (TaskAct.COMPUTE, 1),
        (TaskAct.APPROVE, 1),
        (TaskAct.CANCEL, 1),
        (TaskAct.RELEASE, 1),
        (TaskAct.READ_BACK, 0),
        (TaskAct.SIMULATE, 0),
        (TaskAct.DELIVER, 0),
        (TaskAct.SEND, 0),
    ],
)
def test_an_open_act_counts_where_it_can_change_a_state_of_the_week(
    table: Table, kind: TaskAct, count: int
) -> None:
    table.tasks.add(act(kind))
    assert table.closings.open_acts(EVENT, before=DEADLINE) == count
    assert table.closings.open_acts(OTHER_EVENT, before=DEADLINE) == 0


def test_an_act_that_arrived_at_the_deadline_does_not_count(table: Table) -> None:
    table.tasks.add(act(TaskAct.RELEASE, before=timedelta(0)))
    assert table.closings.open_acts(EVENT, before=DEADLINE) == 0


def test_an_act_that_ended_does_not_count(table: Table) -> None:
    ending, standing = act(TaskAct.RELEASE), act(TaskAct.APPROVE)
    for one in (ending, standing):
        table.tasks.add(one)
    table.tasks.fail(ending.id, "NAO_PROCESSADA", at=DEADLINE)
    assert table.closings.open_acts(EVENT, before=DEADLINE) == 1
