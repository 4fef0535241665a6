from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from aval.adapters.dynamodb import agent_items as items
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentChange, AgentRow, AgentState, ReleasedFactor
from tests.support.confidential import empty_vault, task, tasks_of
from tests.support.weeks import (
    COMPANY,
    EVENT,
    NOW,
    OTHER_EVENT,
    agent_row,
    released,
    sending,
    transition,
)

AURORA, VENTO = Cnpj("12ABC34501DE35"), Cnpj("41820367000139")


@pytest.fixture
def vault() -> Iterator[DynamoDbVault]:
    with empty_vault() as found:
        yield found


@pytest.fixture
def agents(vault: DynamoDbVault) -> DynamoDbAgents:
    return DynamoDbAgents(vault.client, vault.table_name)


@pytest.fixture
def tasks(vault: DynamoDbVault) -> DynamoDbTasks:
    return tasks_of(vault)


def change(counter: int = 7, state: AgentState = AgentState.COMPUTED) -> AgentChange:
    row = agent_row(state=state, counter=counter)
    return AgentChange(row, transition(counter, after=state), released(counter, f"0.{counter}"))


@pytest.mark.parametrize(
    "row",
    [
        agent_row(),
        agent_row(state=AgentState.FILLING, counterparties=None, calculation="", parameters=None),
        agent_row(state=AgentState.SENT, sending=sending(), answer="lote:" + "0a" * 16 + ":3"),
        agent_row(computing=task().id),
    ],
)
def test_a_row_reads_back_as_it_was_written(agents: DynamoDbAgents, row: AgentRow) -> None:
    agents.client.put_item(**items.row_put(agents.table_name, row))
    assert agents.row(EVENT, COMPANY) == row


def test_what_an_agent_released_is_read_over_weeks(agents: DynamoDbAgents) -> None:
    agents.keep(change())
    found = agents.released_in([EVENT, OTHER_EVENT], COMPANY)
    assert found == {EVENT: change().released}
    assert agents.released_in([EVENT], Cnpj("12ABC34501DE35")) == agents.released_in([], COMPANY) == {}


@pytest.mark.parametrize("one", [released(), released(number=None, reason="PLA negativo")])
def test_what_was_released_reads_back_number_or_text(agents: DynamoDbAgents, one: ReleasedFactor) -> None:
    agents.keep(replace(change(), released=one))
    assert agents.released_of(EVENT, COMPANY) == one
    assert agents.released(EVENT) == {COMPANY: one}
    assert agents.released(OTHER_EVENT) == {}


def test_an_agent_that_delivered_nothing_has_no_row(agents: DynamoDbAgents) -> None:
    assert agents.row(EVENT, COMPANY) is None
    assert agents.rows(EVENT) == {}
    assert agents.rows_of(EVENT, [COMPANY]) == {}
    assert agents.history(EVENT, COMPANY) == ()
    assert agents.released_of(EVENT, COMPANY) is None


def test_rows_are_of_their_week_alone(agents: DynamoDbAgents) -> None:
    mine, another, elsewhere = agent_row(), agent_row(AURORA), agent_row(event=OTHER_EVENT)
    for row in (mine, another, elsewhere):
        agents.client.put_item(**items.row_put(agents.table_name, row))
    assert agents.rows(EVENT) == {COMPANY: mine, AURORA: another}
    assert agents.rows_of(EVENT, [AURORA, AURORA]) == {AURORA: another}
    assert agents.rows_of(OTHER_EVENT, [AURORA, COMPANY]) == {COMPANY: elsewhere}


@pytest.mark.parametrize("one_by_one", [0, 2])
def test_many_rows_and_few_read_alike(
    agents: DynamoDbAgents, monkeypatch: pytest.MonkeyPatch, one_by_one: int
) -> None:
    monkeypatch.setattr("aval.adapters.dynamodb.agents._ONE_BY_ONE", one_by_one)
    for row in (agent_row(), agent_row(AURORA), agent_row(VENTO)):
        agents.client.put_item(**items.row_put(agents.table_name, row))
    assert agents.rows_of(EVENT, [COMPANY, AURORA]) == {COMPANY: agent_row(), AURORA: agent_row(AURORA)}
    assert agents.rows_of(OTHER_EVENT, [COMPANY]) == {}


@pytest.mark.parametrize("counter", [6, 7])
def test_a_row_takes_only_a_later_entry_of_the_journal(agents: DynamoDbAgents, counter: int) -> None:
    agents.client.put_item(**items.row_put(agents.table_name, agent_row()))
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        agents.client.put_item(**items.row_put(agents.table_name, agent_row(counter=counter, calculation="")))
    assert agents.row(EVENT, COMPANY) == agent_row()
    agents.client.put_item(**items.row_put(agents.table_name, agent_row(counter=8)))
    assert agents.row(EVENT, COMPANY) == agent_row(counter=8)


def test_counters_grow_as_numbers_do(agents: DynamoDbAgents) -> None:
    agents.keep(change(9))
    agents.keep(change(10))
    row = agents.row(EVENT, COMPANY)
    assert row is not None
    assert row.standing.counter == 10


def test_the_parts_of_a_change_go_into_one_transaction(agents: DynamoDbAgents) -> None:
    agents.client.transact_write_items(
        TransactItems=[
            {"Put": items.row_put(agents.table_name, agent_row())},
            {"Put": items.transition_put(agents.table_name, transition())},
            {"Put": items.released_put(agents.table_name, released())},
        ]
    )
    assert agents.row(EVENT, COMPANY) == agent_row()
    assert agents.history(EVENT, COMPANY) == (transition(),)
    assert agents.released_of(EVENT, COMPANY) == released()


def test_a_change_kept_twice_is_kept_once(agents: DynamoDbAgents) -> None:
    agents.keep(change())
    before = agents.client.scan(TableName=agents.table_name)["Items"]
    agents.keep(change())
    assert agents.client.scan(TableName=agents.table_name)["Items"] == before


def test_a_change_that_comes_late_adds_to_the_history_and_leaves_the_state(agents: DynamoDbAgents) -> None:
    late, later = change(7), change(8, AgentState.VALIDATED)
    agents.keep(later)
    agents.keep(late)
    assert agents.row(EVENT, COMPANY) == later.row
    assert agents.released_of(EVENT, COMPANY) == later.released
    assert agents.history(EVENT, COMPANY) == (late.transition, later.transition)


def test_an_agent_is_computing_until_its_task_ends(agents: DynamoDbAgents, tasks: DynamoDbTasks) -> None:
    tasks.add(task())
    agents.keep(change())
    agents.mark_computing(EVENT, COMPANY, task().id)
    marked = agents.row(EVENT, COMPANY)
    assert marked == agent_row(computing=task().id)
    assert agents.still_computing([marked, agent_row(AURORA)]) == {COMPANY}
    tasks.fail(task().id, "NAO_PROCESSADA", at=NOW + timedelta(minutes=1))
    assert agents.still_computing([marked]) == frozenset()


def test_a_new_row_takes_the_mark_away(agents: DynamoDbAgents) -> None:
    agents.keep(change())
    agents.mark_computing(EVENT, COMPANY, task().id)
    agents.keep(change(8))
    assert agents.row(EVENT, COMPANY) == agent_row(counter=8)


def test_an_agent_without_a_row_is_not_marked(agents: DynamoDbAgents) -> None:
    agents.mark_computing(EVENT, COMPANY, task().id)
    assert agents.row(EVENT, COMPANY) is None


def test_a_change_without_an_answer_keeps_word_of_the_last_one(agents: DynamoDbAgents) -> None:
    first, second = change(7), change(8)
    agents.keep(first)
    agents.keep(replace(second, row=replace(second.row, answer="")))
    assert agents.row(EVENT, COMPANY) == replace(second.row, answer=first.row.answer)
