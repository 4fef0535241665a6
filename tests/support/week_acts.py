"""Acts of a week as an agent asks for them, and a desk of fakes that takes them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from aval.identifiers import Cnpj
from aval.identity.caller import Caller
from aval.prudential.act_waiting import TaskWatch
from aval.prudential.agent_state import AgentState
from aval.prudential.coverage import Coverage
from aval.prudential.state_reading import StateReader
from aval.prudential.submitting import OF_WEEK, Request, Submissions
from aval.prudential.tasks import TaskAct, TaskOutcome, TaskState
from aval.prudential.week_acts import ActDone, WeekActs
from aval.sealing.envelope import SealedKind, new_request_id, seal
from aval.sealing.refusals import SealReason
from aval.sealing.statements import sign_statement
from tests.support import monitored, sealing
from tests.support.prudential import KeyItemsGiven, MachineNoting, TasksInMemory, key_item
from tests.support.weeks import (
    EVENT,
    NOW,
    OPENS,
    AgentsInMemory,
    WeeksInMemory,
    agent_row,
    week_version,
)

CALCULATION: Final = "ca" * 32
ANSWER: Final = b'{"ciphertext":"x"}'
SEALED_ACTS: Final = tuple(act for act in OF_WEEK if isinstance(OF_WEEK[act], SealedKind))
SIGNED_ACTS: Final = tuple(act for act in OF_WEEK if act not in SEALED_ACTS)


def asked(
    act: TaskAct, *, company: Cnpj = monitored.BOLT, sender: Cnpj = monitored.BOLT, **changes: Any
) -> Request:
    """A new request each time: of another `jti`."""
    carried = OF_WEEK[act]
    if isinstance(carried, SealedKind):
        told = {"key_id": key_item().key_id, "kind": carried, "sender": sender, **changes}
        header = sealing.header(request_id=new_request_id(), **told)
        body = seal(b"content", header, sealing.sealing_key().public_key())
    else:
        sender = company
        told = {"act": carried, "company": company, "subject": CALCULATION, "extra": {}, **changes}
        statement = sealing.statement(request_id=new_request_id(), **told)
        body = sign_statement(statement, sealing.reader()).encode()
    return Request(act, EVENT, company, sender, body, f"system:{sender}")


@dataclass
class ActsDesk:
    """A week that is open, in which BOLT's factor was computed; `ends` is what becomes of a task."""

    registry: monitored.MonitoredRegistry = field(default_factory=monitored.MonitoredRegistry)
    weeks: WeeksInMemory = field(default_factory=WeeksInMemory)
    agents: AgentsInMemory = field(default_factory=AgentsInMemory)
    tasks: TasksInMemory = field(default_factory=TasksInMemory)
    machine: MachineNoting = field(default_factory=MachineNoting)
    keys: KeyItemsGiven = field(default_factory=KeyItemsGiven)
    ends: Callable[[Request], None] = field(default=lambda _: None)
    pauses: int = 0

    def __post_init__(self) -> None:
        self.weeks.add(week_version())
        self.agents.put(agent_row())

    def stands(self, state: AgentState, company: Cnpj = monitored.BOLT, **changes: Any) -> None:
        self.agents.put(agent_row(company, state=state, **changes))

    def is_done(self, asked: Request, **changes: Any) -> None:
        self._end(asked, replace(TaskOutcome(TaskState.DONE, NOW, answer=ANSWER), **changes))

    def is_refused(self, asked: Request, reason: SealReason) -> None:
        self._end(asked, TaskOutcome(TaskState.REFUSED, NOW, reason.value, ANSWER))

    def perform(
        self, told: Request, caller: Caller | None = None, *, at: datetime = NOW, looks: int = 3
    ) -> ActDone:
        left = [looks]

        def pause() -> None:
            self.pauses += 1
            left[0] -= 1
            self.ends(told)

        acts = WeekActs(
            coverage=Coverage(self.registry),
            states=StateReader(self.weeks, self.agents),
            submissions=Submissions(self.tasks, self.machine, self.keys),
            watch=TaskWatch(self.tasks, pause),
        )
        return acts.perform(told, caller or monitored.system(), at=at, is_time_up=lambda: left[0] <= 0)

    def _end(self, asked: Request, outcome: TaskOutcome) -> None:
        [code] = [one.id for one in self.tasks.tasks.values() if one.body == asked.body]
        self.tasks.tasks[code] = replace(self.tasks.tasks[code], outcome=outcome)
        self.agents.open_tasks.discard(code)


BEFORE_OPENING: Final = OPENS - timedelta(seconds=1)
