"""Weeks closed after their deadline: the list is made once and stays as it is (docs/publication.md)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from aval.events import Event, EventBus, EventName
from aval.identifiers import EventCode
from aval.moments import for_people
from aval.prudential.agent_state import Agents, ParametersUsed
from aval.prudential.eligibility import eligible
from aval.prudential.lotes import Lote
from aval.prudential.publication import Counts, PublishedList
from aval.prudential.publication_csv import csv_of
from aval.prudential.weeks import WeekHead, Weeks
from aval.registry.queries import MonitoringRegistry

SETTLING: Final = timedelta(minutes=2)
"""A door may still be writing what arrived in time, and an index may not show it yet."""
LONGEST_WAIT: Final = timedelta(hours=2)
"""After the deadline: no agent's open work holds up the list of all the others for longer."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One version of an object, which nothing put over it changes."""

    version: str
    size: int
    digest: str
    """SHA-256, hex."""


@dataclass(frozen=True, slots=True)
class Closing:
    event: EventCode
    closed_at: datetime
    frequency: str
    deadline: datetime
    parameters: ParametersUsed
    counts: Counts
    json_file: StoredFile
    csv_file: StoredFile
    is_told: bool = False
    """Whether its event was published."""


class Closings(Protocol):
    def of(self, events: Collection[EventCode]) -> Mapping[EventCode, Closing]:
        """Those of the weeks that are closed."""

    def add(self, closing: Closing) -> bool:
        """False where the week was closed before, or has other parameters by now: nothing is written."""

    def mark_told(self, event: EventCode) -> None: ...


class PublishedFiles(Protocol):
    def keep(self, event: EventCode, *, as_json: bytes, as_csv: bytes) -> tuple[StoredFile, StoredFile]:
        """Store both; the versions that were stored, JSON first."""


class OpenLotes(Protocol):
    def of_event(self, event: EventCode) -> Collection[Lote]: ...


class OpenActs(Protocol):
    def open_acts(self, event: EventCode, *, before: datetime) -> int:
        """How many acts on a week's state arrived before that moment and have not ended."""


@dataclass(frozen=True, slots=True)
class ClosingReport:
    closed: tuple[EventCode, ...]
    waiting: Mapping[EventCode, int]
    """Weeks left for a later run, each with how much work is open."""
    overdue: Mapping[EventCode, int]
    """Weeks closed though so much work was open."""
    contended: tuple[EventCode, ...]
    """Weeks whose parameters changed meanwhile, or that another run closed first."""
    unlisted: Mapping[EventCode, int]
    """How many agents of a week sent and are not eligible by the registry as it stands."""


@dataclass(slots=True)
class _Noted:
    """What a run comes across."""

    closed: list[EventCode] = field(default_factory=list)
    waiting: dict[EventCode, int] = field(default_factory=dict)
    overdue: dict[EventCode, int] = field(default_factory=dict)
    contended: list[EventCode] = field(default_factory=list)
    unlisted: dict[EventCode, int] = field(default_factory=dict)

    def report(self) -> ClosingReport:
        return ClosingReport(
            tuple(self.closed), self.waiting, self.overdue, tuple(self.contended), self.unlisted
        )


@dataclass(frozen=True, slots=True)
class WeekClosing:
    weeks: Weeks
    closings: Closings
    files: PublishedFiles
    agents: Agents
    registry: MonitoringRegistry
    lotes: OpenLotes
    acts: OpenActs
    bus: EventBus

    def run(self, *, at: datetime) -> ClosingReport:
        """Harmless to repeat, to miss and to run twice at once."""
        over = [head for head in self.weeks.heads() if head.deadline + SETTLING <= at]
        known = self.closings.of([head.event for head in over])
        noted = _Noted()
        for head in over:
            closing = known.get(head.event) or self._close(head, at, noted)
            if closing is not None and not closing.is_told:
                # Also what an earlier run closed and died before it could tell.
                self.bus.publish(_event(closing))
                self.closings.mark_told(closing.event)
        return noted.report()

    def _close(self, head: WeekHead, at: datetime, noted: _Noted) -> Closing | None:
        # (1) What may still change what an agent sent, for as long as it may be waited for.
        still_open = self._open_work(head)
        if still_open and at < head.deadline + LONGEST_WAIT:
            noted.waiting[head.event] = still_open
            return None
        # (2) The list, and its objects before the row that names them.
        closing = self._publish(head.event, at, noted)
        # (3) The row: from here on the week is closed, and what is released later is nobody's to list.
        if closing.deadline != head.deadline or not self.closings.add(closing):
            noted.contended.append(head.event)
            return None
        noted.closed.append(head.event)
        if still_open:
            noted.overdue[head.event] = still_open
        return closing

    def _open_work(self, head: WeekHead) -> int:
        lotes = self.lotes.of_event(head.event)
        return len(lotes) + self.acts.open_acts(head.event, before=head.deadline)

    def _publish(self, event: EventCode, at: datetime, noted: _Noted) -> Closing:
        parameters = self.weeks.current(event).parameters
        released = self.agents.released(event)
        published = PublishedList.of(parameters, eligible(self.registry, parameters), released)
        unlisted = released.keys() - {agent.cnpj for agent in published.agents}
        if unlisted:
            noted.unlisted[event] = len(unlisted)
        as_json, as_csv = self.files.keep(event, as_json=published.to_bytes(), as_csv=csv_of(published))
        return Closing(
            event=event,
            closed_at=at.replace(microsecond=0),
            frequency=published.frequency,
            deadline=published.deadline,
            parameters=published.parameters,
            counts=published.counts,
            json_file=as_json,
            csv_file=as_csv,
        )


def _event(closing: Closing) -> Event:
    detail: dict[str, str | int] = {
        "evento": closing.event,
        "em": for_people(closing.closed_at),
        **closing.counts.as_json(),
    }
    return Event(EventName.FACTORS_PUBLISHED, detail)
