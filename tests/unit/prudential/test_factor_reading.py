from dataclasses import dataclass, field, replace

import pytest

from aval.identifiers import EventCode
from aval.identity.caller import Caller
from aval.prudential.agent_state import AgentState
from aval.prudential.coverage import Coverage
from aval.prudential.factor_reading import FactorRead, FactorReading
from aval.prudential.lotes import Lote, LoteId
from aval.prudential.refusals import CompanyForbidden, LoteUnknown, NothingToRead, WeekUnknown
from aval.prudential.state_reading import StateReader
from aval.prudential.tasks import TaskId, TaskOutcome, TaskState, TaskUnknown
from tests.support.confidential import task
from tests.support.lotes import LOTE, OUTCOME, lote
from tests.support.monitored import ANA, AURORA, BOLT, MOINHO, MonitoredRegistry, person, system
from tests.support.prudential import TasksInMemory
from tests.support.weeks import (
    EVENT,
    NOW,
    OTHER_EVENT,
    AgentsInMemory,
    WeeksInMemory,
    agent_row,
    released,
    week_version,
)

TASK = TaskId("7a" * 32)


@dataclass
class LotesGiven:
    given: dict[LoteId, Lote] = field(default_factory=lambda: {LOTE: lote(outcome=OUTCOME)})

    def load(self, code: LoteId) -> Lote:
        if code not in self.given:
            raise LoteUnknown
        return self.given[code]


class AnswersNamed:
    def answer(self, code: LoteId, attempt: str, number: int) -> bytes:
        return f"{code}/{attempt}/{number}".encode()


@dataclass
class Shelf:
    weeks: WeeksInMemory = field(default_factory=WeeksInMemory)
    agents: AgentsInMemory = field(default_factory=AgentsInMemory)
    tasks: TasksInMemory = field(default_factory=TasksInMemory)
    lotes: LotesGiven = field(default_factory=LotesGiven)

    def __post_init__(self) -> None:
        self.weeks.add(week_version())
        outcome = TaskOutcome(TaskState.DONE, NOW, answer=b"of the task")
        self.tasks.tasks[TASK] = replace(task(), id=TASK, outcome=outcome)

    @property
    def reading(self) -> FactorReading:
        return FactorReading(
            coverage=Coverage(MonitoredRegistry()),
            states=StateReader(self.weeks, self.agents),
            tasks=self.tasks,
            lotes=self.lotes,
            answers=AnswersNamed(),
        )

    def factor(self, caller: Caller | None = None, *, event: EventCode = EVENT) -> FactorRead:
        return self.reading.factor(caller or system(), event, BOLT, at=NOW)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_the_last_answer_of_a_task_is_told_with_what_it_rests_on(shelf: Shelf) -> None:
    shelf.agents.put(agent_row())
    assert shelf.factor() == FactorRead(AgentState.COMPUTED, "ca" * 32, week_version().used, b"of the task")


def test_an_answer_of_a_lote_is_the_agents_chunk_of_the_attempt_that_counted(shelf: Shelf) -> None:
    shelf.agents.put(agent_row(answer=f"lote:{LOTE}:1"))
    assert shelf.factor().answer == f"{LOTE}/t1/1".encode()


def test_an_answer_that_is_not_there_is_nothing_to_read(shelf: Shelf) -> None:
    with pytest.raises(NothingToRead):
        shelf.factor()
    shelf.agents.put(agent_row(state=AgentState.FILLING, portfolio=None))
    with pytest.raises(NothingToRead):
        shelf.factor()
    shelf.agents.put(agent_row(answer=""))
    with pytest.raises(NothingToRead):
        shelf.factor()
    shelf.tasks.tasks[TASK] = replace(shelf.tasks.tasks[TASK], outcome=None)
    shelf.agents.put(agent_row())
    with pytest.raises(NothingToRead):
        shelf.factor()
    shelf.lotes.given = {LOTE: lote()}
    shelf.agents.put(agent_row(answer=f"lote:{LOTE}:0"))
    with pytest.raises(NothingToRead):
        shelf.factor()


def test_a_place_that_was_lost_is_no_silence(shelf: Shelf) -> None:
    shelf.agents.put(agent_row(answer=f"tarefa:{'0' * 64}"))
    with pytest.raises(TaskUnknown):
        shelf.factor()


@pytest.mark.parametrize("caller", [person(ANA), system(MOINHO), system(AURORA)])
def test_factor_and_receipt_are_for_who_covers_the_company(shelf: Shelf, caller: Caller) -> None:
    shelf.agents.put(agent_row())
    shelf.agents.given_out[EVENT, BOLT] = released()
    with pytest.raises(CompanyForbidden):
        shelf.factor(caller)
    with pytest.raises(CompanyForbidden):
        shelf.reading.receipt(caller, EVENT, BOLT, at=NOW)
    assert shelf.factor(person()).answer == b"of the task"


def test_a_week_that_there_is_not_has_neither(shelf: Shelf) -> None:
    with pytest.raises(WeekUnknown):
        shelf.factor(event=OTHER_EVENT)
    with pytest.raises(WeekUnknown):
        shelf.reading.receipt(system(), OTHER_EVENT, BOLT, at=NOW)


def test_the_receipt_is_of_the_sending_that_stands(shelf: Shelf) -> None:
    with pytest.raises(NothingToRead):
        shelf.reading.receipt(person(), EVENT, BOLT, at=NOW)
    shelf.agents.given_out[EVENT, BOLT] = released()
    assert shelf.reading.receipt(person(), EVENT, BOLT, at=NOW) == "eyJ.receipt.sig"
