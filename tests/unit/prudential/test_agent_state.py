import pytest

from aval.prudential.agent_state import AgentRow, AgentStanding, AgentState, ParametersUsed, shown
from tests.support.weeks import agent_row, sending, standing, week_version

IN_FORCE = week_version().used
LATER = ParametersUsed(2, "bb" * 32)
STORED = (
    AgentState.FILLING,
    AgentState.COMPLETE,
    AgentState.COMPUTED,
    AgentState.VALIDATED,
    AgentState.SENT,
)


def row_in(state: AgentState) -> AgentRow:
    return agent_row(state=state, sending=sending() if state is AgentState.SENT else None)


@pytest.mark.parametrize(
    "told",
    [
        standing(),
        standing(AgentState.SENT, sending=sending()),
        standing(AgentState.FILLING, counterparties=None, calculation="", parameters=None),
        AgentStanding(AgentState.OPEN, AgentState.FILLING, 1),
    ],
)
def test_a_standing_reads_back_as_the_enclave_told_it(told: AgentStanding) -> None:
    assert AgentStanding.from_json(told.as_json()) == told


def test_what_is_not_there_is_told_as_null() -> None:
    assert AgentStanding(AgentState.OPEN, AgentState.FILLING, 1).as_json() == {
        "antes": "ABERTO",
        "estado": "EM_PREENCHIMENTO",
        "contador": 1,
        **dict.fromkeys(("portfolio", "contrapartes", "calculo", "parametros", "envio")),
        "ciclo": 0,
    }


def test_an_agent_without_a_row_is_open_whatever_goes_on() -> None:
    assert shown(None, IN_FORCE, computing=False) is AgentState.OPEN
    assert shown(None, LATER, computing=True) is AgentState.OPEN


@pytest.mark.parametrize("state", STORED)
def test_under_the_parameters_it_was_computed_with_the_stored_state_is_shown(state: AgentState) -> None:
    assert shown(row_in(state), IN_FORCE, computing=False) is state


@pytest.mark.parametrize("in_force", [LATER, ParametersUsed(1, "bb" * 32)])
@pytest.mark.parametrize("state", STORED)
def test_other_parameters_void_what_was_computed_or_validated_and_nothing_else(
    state: AgentState, in_force: ParametersUsed
) -> None:
    voided = state in (AgentState.COMPUTED, AgentState.VALIDATED)
    assert shown(row_in(state), in_force, computing=False) is (AgentState.COMPLETE if voided else state)


@pytest.mark.parametrize("state", STORED)
def test_what_delivered_anything_is_computing_while_that_is_under_way(state: AgentState) -> None:
    assert shown(row_in(state), IN_FORCE, computing=True) is AgentState.COMPUTING


@pytest.mark.parametrize("state", STORED)
@pytest.mark.parametrize("computing", [True, False])
def test_once_the_week_is_published_only_a_sending_counts(state: AgentState, *, computing: bool) -> None:
    ended = AgentState.PUBLISHED if state is AgentState.SENT else AgentState.NOT_SENT
    assert shown(row_in(state), LATER, computing=computing, closed=True) is ended
    assert shown(None, LATER, computing=computing, closed=True) is AgentState.NOT_SENT


def test_a_sending_that_stands_is_published_though_something_was_delivered_after_it() -> None:
    filling = agent_row(state=AgentState.FILLING, sending=sending())
    assert shown(filling, IN_FORCE, computing=False, closed=True) is AgentState.PUBLISHED
