from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.agent_history import AgentReading, AgentTold, HistoryLine, lines
from aval.prudential.agent_listing import Computing
from aval.prudential.agent_state import AgentRow, AgentState
from aval.prudential.coverage import Coverage
from aval.prudential.lotes import LoteState
from aval.prudential.refusals import CompanyForbidden, WeekUnknown
from tests.support.lote_memory import LotesInMemory
from tests.support.lotes import lote
from tests.support.monitored import (
    ANA,
    AURORA,
    BOLT,
    MOINHO,
    OPERATES,
    MonitoredRegistry,
    holds,
    person,
    system,
)
from tests.support.publication import ClosingsInMemory, closing
from tests.support.weeks import (
    EVENT,
    NOW,
    OTHER_EVENT,
    AgentsInMemory,
    WeeksInMemory,
    agent_row,
    delivered,
    sending,
    transition,
    week_version,
)

MINUTE = timedelta(minutes=1)
COMPUTED, VALIDATED, COMPLETE = AgentState.COMPUTED, AgentState.VALIDATED, AgentState.COMPLETE


@dataclass
class Room:
    registry: MonitoredRegistry = field(default_factory=MonitoredRegistry)
    weeks: WeeksInMemory = field(default_factory=lambda: WeeksInMemory({EVENT: [week_version()]}))
    agents: AgentsInMemory = field(default_factory=AgentsInMemory)
    lotes: LotesInMemory = field(default_factory=LotesInMemory)

    def __post_init__(self) -> None:
        self.closings = ClosingsInMemory(self.weeks)

    def agent(
        self, company: Cnpj = BOLT, caller: Caller | None = None, *, event: EventCode = EVENT
    ) -> AgentTold:
        computing = Computing(self.agents, self.lotes)
        reading = AgentReading(Coverage(self.registry), self.weeks, self.agents, computing, self.closings)
        return reading.agent(caller or person(), event, company, at=NOW)


@pytest.fixture
def room() -> Room:
    return Room()


def test_an_agent_that_did_nothing_is_open_and_has_no_history(room: Room) -> None:
    told = room.agent()
    assert (told.agent.state, told.agent.row, told.history) == (AgentState.OPEN, None, ())
    assert (told.is_eligible, told.portfolio, told.counterparties) == (True, None, None)


def test_tells_what_an_agents_state_rests_on_and_what_brought_it(room: Room) -> None:
    brought = transition(3, identity="aa" * 32), transition(5, act="CONTRAPARTES", identity="bb" * 32)
    again = transition(6, act="CALCULO", identity="cc" * 32, by="person:login")
    room.agents.past += [*brought, again]
    row = agent_row(
        counter=6,
        portfolio=delivered(2, identity="aa" * 32),
        counterparties=delivered(1, identity="bb" * 32),
    )
    room.agents.put(row)
    told = room.agent()
    assert (told.agent.state, told.agent.row) == (COMPUTED, row)
    assert (told.portfolio, told.counterparties) == brought
    assert [line.transition for line in told.history] == [*brought, again]
    assert told.asked_by == {"system:33047509000149", "person:login"}


def test_a_version_loaded_between_two_acts_stands_between_them_and_voids_what_was_computed() -> None:
    first, second = transition(1, after=VALIDATED), transition(2, before=COMPLETE, at=NOW + 2 * MINUTE)
    before, between = week_version(), week_version(versao=2, loaded_at=NOW + MINUTE)
    assert list(lines([first, second], [before, between])) == [
        HistoryLine(NOW, "PORTFOLIO", first.before, VALIDATED, transition=first),
        HistoryLine(NOW + MINUTE, "PARAMETROS", VALIDATED, COMPLETE, parameters=between.used),
        HistoryLine(NOW + 2 * MINUTE, "PORTFOLIO", COMPLETE, second.after, transition=second),
    ]


def test_versions_after_the_last_act_end_the_history_and_void_once() -> None:
    loaded = [week_version(versao=number, loaded_at=NOW + number * MINUTE) for number in (1, 2, 3)]
    assert [(line.act, line.before, line.after) for line in lines([transition()], loaded)] == [
        ("PORTFOLIO", AgentState.FILLING, COMPUTED),
        ("PARAMETROS", COMPUTED, COMPLETE),
        ("PARAMETROS", COMPLETE, COMPLETE),
    ]


def test_a_sending_outlives_later_parameters() -> None:
    sent = transition(act="ENVIO", before=VALIDATED, after=AgentState.SENT)
    later = week_version(versao=2, loaded_at=NOW + MINUTE)
    *_, last = lines([sent], [week_version(), later])
    assert (last.before, last.after) == (AgentState.SENT, AgentState.SENT)


def test_acts_keep_the_journals_order_whatever_their_clocks_said() -> None:
    late, early = transition(1, at=NOW + MINUTE), transition(2, at=NOW)
    assert [line.transition for line in lines([late, early], [week_version()])] == [late, early]


@pytest.mark.parametrize(
    ("row", "last"),
    [
        (agent_row(BOLT, state=AgentState.SENT, sending=sending()), AgentState.PUBLISHED),
        (agent_row(BOLT), AgentState.NOT_SENT),
    ],
)
def test_the_publication_ends_the_history(room: Room, row: AgentRow, last: AgentState) -> None:
    room.agents.put(row)
    room.closings.rows[EVENT] = closing()
    told = room.agent()
    assert told.agent.state is last
    assert told.history == (HistoryLine(closing().closed_at, "PUBLICACAO", AgentState.OPEN, last),)


def test_an_agent_is_computing_while_its_senders_lote_is_worked_at(room: Room) -> None:
    room.agents.put(agent_row(AURORA))
    room.lotes.add(lote(event=EVENT, sender=BOLT, state=LoteState.RUNNING))
    assert room.agent(AURORA).agent.state is AgentState.COMPUTING
    assert room.agent(AURORA, system(AURORA)).agent.state is COMPUTED


def test_one_whom_the_week_is_not_for_is_told_as_that(room: Room) -> None:
    room.registry.representations.append(holds(BOLT, MOINHO, OPERATES))
    assert not room.agent(MOINHO).is_eligible


@pytest.mark.parametrize(
    ("company", "caller"), [(MOINHO, person()), (BOLT, person(ANA)), (BOLT, system(AURORA))]
)
def test_who_does_not_act_for_the_agent_is_refused(room: Room, company: Cnpj, caller: Caller) -> None:
    with pytest.raises(CompanyForbidden):
        room.agent(company, caller)


def test_a_company_outside_the_registry_reads_like_a_foreign_one(room: Room) -> None:
    room.registry.participants = [one for one in room.registry.participants if one.cnpj != AURORA]
    with pytest.raises(CompanyForbidden):
        room.agent(AURORA)


def test_a_week_that_nobody_loaded_is_unknown(room: Room) -> None:
    with pytest.raises(WeekUnknown):
        room.agent(event=OTHER_EVENT)
