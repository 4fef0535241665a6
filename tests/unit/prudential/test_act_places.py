from typing import Any

import pytest

from aval.prudential.act_places import require_place
from aval.prudential.agent_state import AgentRow, AgentState, ParametersUsed
from aval.prudential.refusals import ActOutOfPlace
from aval.prudential.tasks import TaskAct
from tests.support.weeks import agent_row, delivered, sending, week_version

IN_FORCE = week_version().used
OPEN, FILLING, COMPLETE = AgentState.OPEN, AgentState.FILLING, AgentState.COMPLETE
COMPUTED, VALIDATED, SENT = AgentState.COMPUTED, AgentState.VALIDATED, AgentState.SENT
DONE = ""


def refused(act: TaskAct, row: AgentRow | None, *, computing: bool = False) -> tuple[str, str]:
    """Code and state that the door tells; neither where the act fits."""
    try:
        require_place(act, row, IN_FORCE, computing=computing)
    except ActOutOfPlace as refusal:
        return refusal.members["codigo"], refusal.members["estado"]
    return DONE, DONE


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (TaskAct.PORTFOLIO, {}),
        (TaskAct.COUNTERPARTIES, {}),
        (TaskAct.COMPUTE, {}),
        (TaskAct.APPROVE, {COMPLETE: "NAO_CALCULADO", VALIDATED: "JA_VALIDADO", SENT: "JA_ENVIADO"}),
        (TaskAct.CANCEL, {COMPLETE: "NAO_CALCULADO", SENT: "JA_ENVIADO"}),
        (TaskAct.RELEASE, {COMPLETE: "NAO_CALCULADO", COMPUTED: "NAO_VALIDADO", SENT: "JA_ENVIADO"}),
        (TaskAct.READ_BACK, {}),
        (TaskAct.SIMULATE, {}),
    ],
)
@pytest.mark.parametrize("state", [COMPLETE, COMPUTED, VALIDATED, SENT])
def test_where_both_are_there_an_act_fits_as_the_table_of_states_says(
    act: TaskAct, expected: dict[AgentState, str], state: AgentState
) -> None:
    code = expected.get(state, DONE)
    stands = agent_row(state=state, sending=sending() if state is SENT else None)
    assert refused(act, stands) == ((code, state.value) if code else (DONE, DONE))


NOTHING = {"portfolio": None, "counterparties": None}


@pytest.mark.parametrize(
    ("lacking", "act", "code"),
    [
        (NOTHING, TaskAct.PORTFOLIO, DONE),
        (NOTHING, TaskAct.COUNTERPARTIES, DONE),
        (NOTHING, TaskAct.COMPUTE, "VERSAO_DIVERGE"),
        (NOTHING, TaskAct.APPROVE, "VERSAO_DIVERGE"),
        (NOTHING, TaskAct.CANCEL, "VERSAO_DIVERGE"),
        (NOTHING, TaskAct.RELEASE, "VERSAO_DIVERGE"),
        (NOTHING, TaskAct.READ_BACK, "VERSAO_DIVERGE"),
        (NOTHING, TaskAct.SIMULATE, "VERSAO_DIVERGE"),
        ({"counterparties": None}, TaskAct.COMPUTE, "INCOMPLETO"),
        ({"counterparties": None}, TaskAct.APPROVE, "INCOMPLETO"),
        ({"counterparties": None}, TaskAct.RELEASE, "INCOMPLETO"),
        ({"counterparties": None}, TaskAct.READ_BACK, DONE),
        ({"counterparties": None}, TaskAct.SIMULATE, DONE),
        ({"counterparties": delivered(readers="ff" * 32)}, TaskAct.COMPUTE, "INCOMPLETO"),
        ({}, TaskAct.COMPUTE, DONE),
        ({}, TaskAct.APPROVE, "NAO_CALCULADO"),
        ({}, TaskAct.CANCEL, "NAO_CALCULADO"),
    ],
)
def test_while_it_is_filled_in_an_act_fits_what_is_there(
    lacking: dict[str, Any], act: TaskAct, code: str
) -> None:
    told = refused(act, agent_row(state=FILLING, **lacking))
    assert told == ((code, "EM_PREENCHIMENTO") if code else (DONE, DONE))


def test_an_agent_that_delivered_nothing_is_told_so() -> None:
    assert refused(TaskAct.APPROVE, None) == ("VERSAO_DIVERGE", "ABERTO")
    assert refused(TaskAct.PORTFOLIO, None) == (DONE, DONE)


@pytest.mark.parametrize("state", [COMPUTED, VALIDATED])
def test_what_was_computed_with_former_parameters_is_computed_again_before_anything_else(
    state: AgentState,
) -> None:
    former = agent_row(state=state, parameters=ParametersUsed(1, "0b" * 32))
    for act in (TaskAct.APPROVE, TaskAct.CANCEL, TaskAct.RELEASE):
        assert refused(act, former) == ("NAO_CALCULADO", "COMPLETO")
    assert refused(TaskAct.COMPUTE, former) == (DONE, DONE)


def test_an_open_computation_is_told_and_decides_nothing() -> None:
    waiting = agent_row(state=COMPLETE)
    assert refused(TaskAct.APPROVE, waiting, computing=True) == ("NAO_CALCULADO", "EM_CALCULO")
    assert refused(TaskAct.APPROVE, agent_row(), computing=True) == (DONE, DONE)
