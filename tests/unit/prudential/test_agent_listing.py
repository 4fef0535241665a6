from dataclasses import dataclass, field

import pytest

from aval.identity.caller import Caller
from aval.prudential.agent_listing import AgentListing, AgentsAsked, Computing, ListedAgent, Progress
from aval.prudential.agent_state import AgentState
from aval.prudential.coverage import Coverage
from aval.prudential.lotes import LoteState
from aval.prudential.refusals import CompanyForbidden, WeekUnknown
from aval.prudential.tasks import TaskId
from tests.support.lote_memory import LotesInMemory
from tests.support.lotes import lote
from tests.support.monitored import (
    ANA,
    AURORA,
    BOLT,
    FABIO,
    MOINHO,
    MONITORING,
    OPERATES,
    VENTO,
    MonitoredRegistry,
    holds,
    person,
    system,
)
from tests.support.weeks import (
    EVENT,
    NOW,
    OTHER_EVENT,
    AgentsInMemory,
    WeeksInMemory,
    agent_row,
    sending,
    week_version,
)

TASK = TaskId("7a" * 32)


@dataclass
class Room:
    registry: MonitoredRegistry = field(default_factory=MonitoredRegistry)
    weeks: WeeksInMemory = field(default_factory=lambda: WeeksInMemory({EVENT: [week_version()]}))
    agents: AgentsInMemory = field(default_factory=AgentsInMemory)
    lotes: LotesInMemory = field(default_factory=LotesInMemory)

    @property
    def listing(self) -> AgentListing:
        computing = Computing(self.agents, self.lotes)
        return AgentListing(Coverage(self.registry), self.weeks, self.agents, computing)

    def states(self, caller: Caller | None = None, asked: AgentsAsked | None = None) -> dict[str, AgentState]:
        found = self.listing.listed(caller or person(), EVENT, asked or AgentsAsked(), at=NOW)
        return {one.participant.cnpj: one.state for one in found.agents}


@pytest.fixture
def room() -> Room:
    return Room()


def test_lists_the_eligible_that_the_caller_covers_by_cnpj_and_counts_them(room: Room) -> None:
    sent = agent_row(BOLT, state=AgentState.SENT, sending=sending())
    half = agent_row(VENTO, state=AgentState.FILLING, counterparties=None, calculation="", parameters=None)
    room.agents.put(sent, half, agent_row(MOINHO))
    found = room.listing.listed(person(), EVENT, AgentsAsked(), at=NOW)
    told = {one.cnpj: one for one in room.registry.participants}
    assert found.agents == (
        ListedAgent(told[AURORA], AgentState.OPEN, None),
        ListedAgent(told[BOLT], AgentState.SENT, sent),
        ListedAgent(told[VENTO], AgentState.FILLING, half),
    )
    assert found.progress == Progress(eligible=3, portfolios=2, counterparties=1, sent=1)
    assert [one.cnpj for one in found.senders] == [BOLT]
    assert found.next_cursor is None


def test_one_covered_by_an_eligible_week_is_left_out_when_its_class_is_not_the_weeks(room: Room) -> None:
    room.registry.representations.append(holds(BOLT, MOINHO, OPERATES))
    assert MOINHO not in room.states()


def test_pages_add_up_to_the_whole_and_count_the_whole_each_time(room: Room) -> None:
    seen: list[str] = []
    asked = AgentsAsked(size=2)
    while True:
        page = room.listing.listed(person(), EVENT, asked, at=NOW)
        assert page.progress.eligible == 3
        seen += [one.participant.cnpj for one in page.agents]
        if page.next_cursor is None:
            break
        asked = AgentsAsked(after=page.next_cursor, size=2)
    assert seen == [AURORA, BOLT, VENTO]


def test_a_page_that_holds_just_all_is_the_last(room: Room) -> None:
    assert room.listing.listed(person(), EVENT, AgentsAsked(size=3), at=NOW).next_cursor is None


def test_without_a_sender_all_of_the_callers_are_joined_and_each_agent_told_once(room: Room) -> None:
    room.registry.representations += [holds(FABIO, MOINHO, MONITORING), holds(MOINHO, VENTO, OPERATES)]
    found = room.listing.listed(person(), EVENT, AgentsAsked(), at=NOW)
    assert [one.cnpj for one in found.senders] == [BOLT, MOINHO]
    assert [one.participant.cnpj for one in found.agents] == [AURORA, BOLT, VENTO]
    assert list(room.states(asked=AgentsAsked(sender=MOINHO))) == [VENTO]


def test_a_system_sees_its_own_company_and_what_it_covers(room: Room) -> None:
    assert list(room.states(system(AURORA))) == [AURORA]
    assert list(room.states(system(BOLT))) == [AURORA, BOLT, VENTO]


@pytest.mark.parametrize("asked", [AgentsAsked(), AgentsAsked(sender=BOLT), AgentsAsked(sender=MOINHO)])
def test_who_does_not_answer_for_the_sender_is_refused(room: Room, asked: AgentsAsked) -> None:
    with pytest.raises(CompanyForbidden):
        room.listing.listed(person(ANA), EVENT, asked, at=NOW)


def test_a_sender_that_only_is_covered_is_refused(room: Room) -> None:
    with pytest.raises(CompanyForbidden):
        room.listing.listed(person(), EVENT, AgentsAsked(sender=AURORA), at=NOW)


def test_a_week_that_nobody_loaded_is_unknown(room: Room) -> None:
    with pytest.raises(WeekUnknown):
        room.listing.listed(person(), OTHER_EVENT, AgentsAsked(), at=NOW)


def test_later_parameters_show_a_computed_agent_as_complete(room: Room) -> None:
    room.agents.put(agent_row(BOLT), agent_row(AURORA, state=AgentState.SENT, sending=sending()))
    room.weeks.add(week_version(versao=2))
    states = room.states()
    assert (states[BOLT], states[AURORA]) == (AgentState.COMPLETE, AgentState.SENT)


def test_a_published_week_tells_who_sent_and_who_did_not(room: Room) -> None:
    room.agents.put(agent_row(BOLT), agent_row(AURORA, state=AgentState.SENT, sending=sending()))
    room.weeks.closed.add(EVENT)
    assert room.states() == {
        AURORA: AgentState.PUBLISHED,
        BOLT: AgentState.NOT_SENT,
        VENTO: AgentState.NOT_SENT,
    }


def test_an_agent_whose_task_is_open_is_computing(room: Room) -> None:
    room.agents.put(agent_row(BOLT), agent_row(AURORA))
    room.agents.mark_computing(EVENT, BOLT, TASK)
    assert room.states()[BOLT] is AgentState.COMPUTING
    assert room.states()[AURORA] is AgentState.COMPUTED
    room.agents.open_tasks.clear()
    assert room.states()[BOLT] is AgentState.COMPUTED


@pytest.mark.parametrize(
    ("state", "is_computing"),
    [
        (LoteState.AWAITING, False),
        (LoteState.RECEIVED, True),
        (LoteState.RUNNING, True),
        (LoteState.PROCESSED, False),
    ],
)
def test_while_a_senders_lote_is_worked_at_what_it_may_bring_is_computing(
    room: Room, state: LoteState, *, is_computing: bool
) -> None:
    room.agents.put(agent_row(AURORA))
    room.lotes.add(lote(event=EVENT, sender=BOLT, state=state))
    assert (room.states()[AURORA] is AgentState.COMPUTING) is is_computing
    assert room.states()[VENTO] is AgentState.OPEN
    # What another sender's lote holds is sealed to that sender: nobody else learns that there is one.
    assert room.states(system(AURORA))[AURORA] is AgentState.COMPUTED
