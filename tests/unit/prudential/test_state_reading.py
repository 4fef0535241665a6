import pytest

from aval.prudential.agent_state import AgentState, ParametersUsed
from aval.prudential.refusals import WeekUnknown
from aval.prudential.state_reading import StateReader
from aval.prudential.tasks import TaskId
from tests.support.weeks import (
    COMPANY,
    EVENT,
    OTHER_EVENT,
    AgentsInMemory,
    WeeksInMemory,
    agent_row,
    sending,
    week_version,
)


@pytest.fixture
def states() -> StateReader:
    weeks = WeeksInMemory()
    weeks.add(week_version())
    return StateReader(weeks, AgentsInMemory())


def agents_of(states: StateReader) -> AgentsInMemory:
    assert isinstance(states.agents, AgentsInMemory)
    return states.agents


def test_an_agent_without_a_row_delivered_nothing(states: StateReader) -> None:
    assert states.state_of(EVENT, COMPANY) is AgentState.OPEN


def test_a_state_is_seen_in_the_light_of_parameters_tasks_and_publication(states: StateReader) -> None:
    agents_of(states).put(agent_row())
    assert states.state_of(EVENT, COMPANY) is AgentState.COMPUTED
    former = ParametersUsed(1, "0b" * 32)
    agents_of(states).put(agent_row(parameters=former))
    assert states.state_of(EVENT, COMPANY) is AgentState.COMPLETE
    agents_of(states).mark_computing(EVENT, COMPANY, TaskId("0a" * 32))
    assert states.state_of(EVENT, COMPANY) is AgentState.COMPUTING
    agents_of(states).put(agent_row(state=AgentState.FILLING, sending=sending()))
    assert isinstance(states.weeks, WeeksInMemory)
    states.weeks.closed.add(EVENT)
    assert states.state_of(EVENT, COMPANY) is AgentState.PUBLISHED


def test_a_week_that_there_is_not_has_no_states(states: StateReader) -> None:
    with pytest.raises(WeekUnknown):
        states.state_of(OTHER_EVENT, COMPANY)
