"""An act of an agent in a week: held to what can be seen from outside, handed to the enclave, waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.identity.caller import Caller
from aval.prudential.act_places import require_place
from aval.prudential.act_refusals import refusal_of
from aval.prudential.act_waiting import TaskWatch
from aval.prudential.agent_state import AgentState
from aval.prudential.coverage import Coverage
from aval.prudential.eligibility import is_eligible
from aval.prudential.parameters import ParameterSet
from aval.prudential.refusals import AgentNotEligible, CompanyForbidden, WeekNotOpen
from aval.prudential.state_reading import StateReader
from aval.prudential.submitting import OF_WEEK, Request, Submissions
from aval.prudential.tasks import Task, TaskAct
from aval.prudential.weeks import require_open
from aval.sealing.statements import Act

# What was delivered stays its agent's to read and to try out after the deadline: neither changes anything.
_WITHOUT_DEADLINE: Final = frozenset({TaskAct.READ_BACK, TaskAct.SIMULATE})


@dataclass(frozen=True, slots=True)
class ActDone:
    """The task, ended or not, and the agent's state beside it."""

    task: Task
    state: AgentState


@dataclass(frozen=True, slots=True)
class WeekActs:
    coverage: Coverage
    states: StateReader
    submissions: Submissions
    watch: TaskWatch

    def perform(
        self, asked: Request, caller: Caller, *, at: datetime, is_time_up: Callable[[], bool]
    ) -> ActDone:
        """Raise `ActDeclined` for what the enclave refused; a task that has not ended is given as it is.

        The same request again is told how it ended, whatever the state and the hour have become meanwhile.
        """
        self._require_acting(asked, caller, at)
        task = self.submissions.known(asked)
        if task is None:
            self._require_fitting(asked, at)
            task = self.submissions.take(asked, at=at)
        else:
            self.submissions.keep_going(task)
        if asked.act is TaskAct.COMPUTE and task.outcome is None:
            self.states.agents.mark_computing(asked.event, asked.company, task.id)
        ended = self.watch.until_ended(task.id, is_time_up=is_time_up)
        state = self.states.state_of(asked.event, asked.company)
        refusal = refusal_of(ended, state)
        if refusal is not None:
            raise refusal
        return ActDone(ended, state)

    def _require_acting(self, asked: Request, caller: Caller, at: datetime) -> None:
        if isinstance(OF_WEEK[asked.act], Act):
            self.coverage.require(caller, asked.company, at=at)
            return
        self.coverage.require_sender(caller, asked.sender, at=at)
        covered = self.coverage.covered_by(asked.sender, at=at)
        if all(one.cnpj != asked.company for one in covered):
            raise CompanyForbidden

    def _require_fitting(self, asked: Request, at: datetime) -> None:
        """A courtesy: all but eligibility and window the enclave judges again."""
        # (1) The week, at the moment when the request arrived.
        week = self.states.weeks.current(asked.event)
        _require_window(asked.act, week.parameters, at)
        # (2) The agent is one of those that the week is for.
        participant = self.coverage.registry.participant(asked.company)
        if participant is None or not is_eligible(participant, week.parameters):
            raise AgentNotEligible
        # (3) The body says of itself what the request says of it, and is for a key in use.
        self.submissions.require_outside(asked, at=at)
        # (4) The act fits where the agent stands.
        row = self.states.agents.row(asked.event, asked.company)
        require_place(asked.act, row, week.used, computing=self.states.is_computing(row))


def _require_window(act: TaskAct, parameters: ParameterSet, at: datetime) -> None:
    if act not in _WITHOUT_DEADLINE:
        require_open(parameters, at=at)
    elif at < parameters.opens:
        raise WeekNotOpen(parameters.opens)
