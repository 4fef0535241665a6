"""Weeks that end, what is made of them, and fakes of the ports that keep it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from aval.events import Event, EventsNotPublished
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import ReleasedFactor
from aval.prudential.closing import Closing, StoredFile, WeekClosing
from aval.prudential.links import Link, PublicAddress
from aval.prudential.lotes import Lote
from aval.prudential.publication import Counts, PublishedList
from tests.support.monitored import AURORA, BOLT, VENTO, MonitoredRegistry, agent
from tests.support.weeks import DEADLINE, EVENT, NOW, AgentsInMemory, WeeksInMemory, week_version

NEGATIVE: Final = "FA não calculável: o patrimônio líquido ajustado (PLA) é negativo"
ZERO: Final = "FA não calculável: o patrimônio líquido ajustado (PLA) é zero"
COUNTS: Final = Counts(eligible=3, with_factor=1, without_factor=1, not_sent=1)


def released(company: Cnpj, number: str | None = "0.170817703691", reason: str = "") -> ReleasedFactor:
    return ReleasedFactor(EVENT, company, 7, NOW, number, reason, "eyJ.receipt.sig")


def published_list() -> PublishedList:
    """BOLT sent a factor, AURORA that it has none, VENTO nothing."""
    registry = MonitoredRegistry()
    sent = {BOLT: released(BOLT), AURORA: released(AURORA, None, NEGATIVE)}
    participants = [one for one in registry.participants if one.cnpj in (AURORA, BOLT, VENTO)]
    return PublishedList.of(week_version().parameters, participants, sent)


def stored(content: bytes, version: str = "v1") -> StoredFile:
    return StoredFile(version, len(content), hashlib.sha256(content).hexdigest())


def closing(**changes: Any) -> Closing:
    made = Closing(
        event=EVENT,
        closed_at=DEADLINE,
        frequency="SEMANAL",
        deadline=DEADLINE,
        parameters=week_version().used,
        counts=COUNTS,
        json_file=stored(b"{}"),
        csv_file=stored(b"x"),
    )
    return replace(made, **changes)


def link(**changes: Any) -> Link:
    address = PublicAddress("https://www.empresa.com.br/fator")
    return replace(Link(BOLT, 1, address, NOW, "person:login"), **changes)


@dataclass
class ClosingsInMemory:
    weeks: WeeksInMemory
    rows: dict[EventCode, Closing] = field(default_factory=dict)

    def of(self, events: Collection[EventCode]) -> Mapping[EventCode, Closing]:
        return {event: row for event, row in self.rows.items() if event in events}

    def add(self, closing: Closing) -> bool:
        if closing.event in self.rows or self.weeks.current(closing.event).used != closing.parameters:
            return False
        self.rows[closing.event] = closing
        self.weeks.closed.add(closing.event)
        return True

    def mark_told(self, event: EventCode) -> None:
        self.rows[event] = replace(self.rows[event], is_told=True)


@dataclass
class FilesInMemory:
    """Every version that was ever stored."""

    versions: dict[tuple[EventCode, str, str], bytes] = field(default_factory=dict)

    def keep(self, event: EventCode, *, as_json: bytes, as_csv: bytes) -> tuple[StoredFile, StoredFile]:
        return self._put(event, "json", as_json), self._put(event, "csv", as_csv)

    def json_of(self, event: EventCode, file: StoredFile) -> bytes:
        return self.versions[event, "json", file.version]

    def csv_of(self, event: EventCode, file: StoredFile) -> bytes:
        return self.versions[event, "csv", file.version]

    def json_address(self, event: EventCode, file: StoredFile) -> str:
        return f"https://files.example/{event}.json?version={file.version}"

    def csv_address(self, event: EventCode, file: StoredFile) -> str:
        return f"https://files.example/{event}.csv?version={file.version}"

    def _put(self, event: EventCode, kind: str, content: bytes) -> StoredFile:
        version = f"v{sum(key[:2] == (event, kind) for key in self.versions) + 1}"
        self.versions[event, kind, version] = content
        return stored(content, version)


@dataclass
class OpenWork:
    """Lotes and acts that are open; both ports."""

    lotes: list[Lote] = field(default_factory=list)
    acts: list[tuple[EventCode, datetime]] = field(default_factory=list)

    def of_event(self, event: EventCode) -> Collection[Lote]:
        return [lote for lote in self.lotes if lote.event == event]

    def open_acts(self, event: EventCode, *, before: datetime) -> int:
        return sum(of == event and arrived < before for of, arrived in self.acts)


@dataclass
class BusNoting:
    is_down: bool = False
    events: list[Event] = field(default_factory=list)

    def publish(self, *events: Event) -> None:
        if self.is_down:
            raise EventsNotPublished(frozenset({"InternalFailure"}))
        self.events.extend(events)


@dataclass
class LinksInMemory:
    kept: dict[Cnpj, list[Link]] = field(default_factory=dict)

    def of(self, company: Cnpj) -> Link | None:
        return self.kept[company][-1] if company in self.kept else None

    def history(self, company: Cnpj) -> Sequence[Link]:
        return self.kept.get(company, [])[::-1]

    def add(self, link: Link) -> bool:
        there = self.kept.setdefault(link.company, [])
        if link.number != len(there) + 1:
            return False
        there.append(link)
        return True

    def all(self) -> Mapping[Cnpj, str]:
        return {company: links[-1].address for company, links in self.kept.items()}


@dataclass
class WeekHouse:
    """A week of BOLT, AURORA and VENTO, and what closes it."""

    weeks: WeeksInMemory = field(default_factory=lambda: WeeksInMemory({EVENT: [week_version()]}))
    agents: AgentsInMemory = field(default_factory=AgentsInMemory)
    registry: MonitoredRegistry = field(default_factory=MonitoredRegistry)
    files: FilesInMemory = field(default_factory=FilesInMemory)
    work: OpenWork = field(default_factory=OpenWork)
    bus: BusNoting = field(default_factory=BusNoting)
    closings: ClosingsInMemory = field(init=False)

    def __post_init__(self) -> None:
        self.closings = ClosingsInMemory(self.weeks)

    @property
    def closing(self) -> WeekClosing:
        return WeekClosing(
            weeks=self.weeks,
            closings=self.closings,
            files=self.files,
            agents=self.agents,
            registry=self.registry,
            lotes=self.work,
            acts=self.work,
            bus=self.bus,
        )

    def send(self, company: Cnpj, number: str | None = "0.170817703691", reason: str = "") -> None:
        self.agents.given_out[EVENT, company] = released(company, number, reason)

    def admit(self, cnpj: Cnpj, sigla: str, **changes: Any) -> None:
        self.registry.participants.append(agent(cnpj, sigla, **changes))
