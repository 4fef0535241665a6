"""The hourly run before a week's deadline: who answers for an agent that has sent nothing is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from aval.identifiers import Cnpj
from aval.notices.schedule import NoticeKind
from aval.notices.sending import Matter, Sent, Teller
from aval.notices.store import NoticeKey
from aval.notices.texts import deadline_near
from aval.prudential.agent_state import Agents, ParametersUsed
from aval.prudential.eligibility import eligible
from aval.prudential.reminders import Lack, Reminder, behind, due_reminder
from aval.prudential.weeks import WeekHead, Weeks
from aval.registry.model import Person
from aval.registry.queries import MonitoringRegistry

_KINDS: Final[Mapping[Reminder, NoticeKind]] = {
    Reminder.DAY_BEFORE: NoticeKind.DAY_BEFORE_DEADLINE,
    Reminder.HOURS_BEFORE: NoticeKind.HOURS_BEFORE_DEADLINE,
}


class RemindedRegistry(MonitoringRegistry, Protocol):
    def acting_for(self, companies: Collection[Cnpj], *, at: datetime) -> Mapping[Cnpj, tuple[Cnpj, ...]]:
        """The companies that represent or control each of these at that moment, by CNPJ."""


@dataclass(frozen=True, slots=True)
class DeadlineReport:
    sent: Sent
    unreached: int
    """How many agents lack something and have nobody who answers for them."""


@dataclass(frozen=True, slots=True)
class DeadlineRun:
    weeks: Weeks
    agents: Agents
    registry: RemindedRegistry
    teller: Teller

    def run(self, *, at: datetime) -> DeadlineReport:
        """Harmless to repeat; a mail that failed is tried again while its moment lasts."""
        at = at.replace(microsecond=0)
        matters: list[Matter] = []
        unreached = 0
        for head in self.weeks.heads():
            reminder = due_reminder(head, at=at)
            if reminder is not None:
                found, left = self._matters(head, reminder, at)
                matters += found
                unreached += left
        return DeadlineReport(self.teller.tell(matters, at=at), unreached)

    def _matters(self, head: WeekHead, reminder: Reminder, at: datetime) -> tuple[list[Matter], int]:
        """One for each company that somebody answers for, and how many agents nobody is told of."""
        listed = eligible(self.registry, self.weeks.current(head.event).parameters)
        siglas = {one.cnpj: one.sigla for one in listed}
        lacks = behind(listed, self.agents.rows(head.event), ParametersUsed(head.version, head.digest))
        senders: dict[Cnpj, set[Cnpj]] = {company: {company} for company in lacks}
        for company, acting in self.registry.acting_for(lacks.keys(), at=at).items():
            for sender in acting:
                senders.setdefault(sender, set()).add(company)
        matters, reached = [], set[Cnpj]()
        for sender, covered in senders.items():
            people = self.registry.monitors_of(sender, at=at)
            if people:
                reached |= covered
                told = {siglas[company]: lacks[company] for company in covered}
                matters.append(_matter(head, reminder, sender, told, people))
        return matters, len(lacks.keys() - reached)


def _matter(
    head: WeekHead,
    reminder: Reminder,
    sender: Cnpj,
    lacks: Mapping[str, tuple[Lack, ...]],
    people: tuple[Person, ...],
) -> Matter:
    by_step = {
        lack.value: sorted(sigla for sigla, lacked in lacks.items() if lack in lacked) for lack in Lack
    }
    return Matter(
        NoticeKey(sender, _KINDS[reminder], head.event),
        sender,
        lambda participant: deadline_near(
            participant, event=head.event, deadline=head.deadline, agents=len(lacks), by_step=by_step
        ),
        people,
    )
