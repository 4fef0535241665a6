"""What is to be told before a week's deadline: at which moments, and what each agent still lacks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentRow, AgentState, ParametersUsed, shown
from aval.prudential.weeks import WeekHead
from aval.registry.model import Participant


class Reminder(StrEnum):
    DAY_BEFORE = "24H"
    HOURS_BEFORE = "3H"


# From the widest to the tightest. A window may be of two days (Thursday and Friday): more would be noise.
BEFORE: Final = (
    (Reminder.DAY_BEFORE, timedelta(hours=24)),
    (Reminder.HOURS_BEFORE, timedelta(hours=3)),
)


class Lack(StrEnum):
    """The step that an agent has not taken, in the order of the steps."""

    PORTFOLIO = "portfólio"
    COUNTERPARTIES = "contrapartes"
    COMPUTATION = "cálculo"
    VALIDATION = "validação"
    SENDING = "envio"


def due_reminder(head: WeekHead, *, at: datetime) -> Reminder | None:
    """The tightest moment that has come, while the week is open: a run that was missed is caught up."""
    if not head.opens <= at < head.deadline:
        return None
    crossed = [reminder for reminder, before in BEFORE if head.deadline - at <= before]
    return crossed[-1] if crossed else None


def lacking(row: AgentRow | None, in_force: ParametersUsed) -> tuple[Lack, ...]:
    """What an agent has to do next; nothing where a sending stands, whatever was delivered after it."""
    if row is None:
        return (Lack.PORTFOLIO, Lack.COUNTERPARTIES)
    standing = row.standing
    if standing.sending is not None:
        return ()
    absent = {Lack.PORTFOLIO: standing.portfolio, Lack.COUNTERPARTIES: standing.counterparties}
    undelivered = tuple(lack for lack, delivered in absent.items() if delivered is None)
    if undelivered:
        return undelivered
    match shown(row, in_force, computing=False):
        case AgentState.COMPUTED:
            return (Lack.VALIDATION,)
        case AgentState.VALIDATED:
            return (Lack.SENDING,)
    return (Lack.COMPUTATION,)


def behind(
    eligible: Sequence[Participant], rows: Mapping[Cnpj, AgentRow], in_force: ParametersUsed
) -> Mapping[Cnpj, tuple[Lack, ...]]:
    """Those of the eligible agents that lack something, each with what."""
    found = {one.cnpj: lacking(rows.get(one.cnpj), in_force) for one in eligible}
    return {company: lacks for company, lacks in found.items() if lacks}
