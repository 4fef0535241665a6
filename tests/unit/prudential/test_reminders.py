from datetime import timedelta
from typing import Any

import pytest

from aval.prudential.agent_state import AgentRow, AgentState
from aval.prudential.reminders import Lack, Reminder, behind, due_reminder, lacking
from aval.prudential.weeks import WeekHead
from tests.support.monitored import AURORA, BOLT, VENTO, agent
from tests.support.weeks import DEADLINE, OPENS, agent_row, sending, used, week_version

HEAD = WeekHead.of(week_version().parameters)
IN_FORCE = week_version().used
SECOND = timedelta(seconds=1)
DAY, HOURS = timedelta(hours=24), timedelta(hours=3)


@pytest.mark.parametrize(
    ("before", "due"),
    [
        (DAY + SECOND, None),
        (DAY, Reminder.DAY_BEFORE),
        (HOURS + SECOND, Reminder.DAY_BEFORE),
        (HOURS, Reminder.HOURS_BEFORE),
        (SECOND, Reminder.HOURS_BEFORE),
        (timedelta(0), None),
        (-SECOND, None),
    ],
)
def test_a_reminder_is_due_from_its_moment_until_the_next_or_the_deadline(
    before: timedelta, due: Reminder | None
) -> None:
    assert due_reminder(HEAD, at=DEADLINE - before) is due


def test_nobody_is_reminded_of_a_week_that_has_not_opened() -> None:
    short = WeekHead.of(week_version(prazo="2026-11-19T02:00:00-03:00").parameters)
    assert due_reminder(short, at=OPENS - SECOND) is None
    assert due_reminder(short, at=OPENS) is Reminder.HOURS_BEFORE


def filling(**changes: Any) -> AgentRow:
    return agent_row(state=AgentState.FILLING, **changes)


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        (None, (Lack.PORTFOLIO, Lack.COUNTERPARTIES)),
        (filling(portfolio=None, counterparties=None), (Lack.PORTFOLIO, Lack.COUNTERPARTIES)),
        (filling(portfolio=None), (Lack.PORTFOLIO,)),
        (filling(counterparties=None), (Lack.COUNTERPARTIES,)),
        (filling(), (Lack.COMPUTATION,)),
        (agent_row(state=AgentState.COMPLETE), (Lack.COMPUTATION,)),
        (agent_row(state=AgentState.COMPUTED), (Lack.VALIDATION,)),
        (agent_row(state=AgentState.COMPUTED, parameters=used(9)), (Lack.COMPUTATION,)),
        (agent_row(state=AgentState.VALIDATED), (Lack.SENDING,)),
        (agent_row(state=AgentState.VALIDATED, parameters=used(9)), (Lack.COMPUTATION,)),
        (agent_row(state=AgentState.SENT, sending=sending()), ()),
        (filling(portfolio=None, sending=sending()), ()),
        (agent_row(state=AgentState.COMPUTED, sending=sending()), ()),
    ],
)
def test_an_agent_lacks_the_next_step_and_none_where_a_sending_stands(
    row: AgentRow | None, lacks: tuple[Lack, ...]
) -> None:
    assert lacking(row, IN_FORCE) == lacks


def test_only_eligible_agents_are_behind() -> None:
    rows = {
        BOLT: agent_row(BOLT, state=AgentState.SENT, sending=sending()),
        AURORA: agent_row(AURORA, state=AgentState.VALIDATED),
    }
    eligible = [agent(BOLT, "BOLT"), agent(VENTO, "VENTO")]
    assert behind(eligible, rows, IN_FORCE) == {VENTO: (Lack.PORTFOLIO, Lack.COUNTERPARTIES)}
