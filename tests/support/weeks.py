"""A week as it is loaded, agents as the enclave tells of them, and fakes of the ports that keep both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import (
    AgentRow,
    AgentStanding,
    AgentState,
    Delivered,
    ParametersUsed,
    ReleasedFactor,
    Sending,
    Transition,
)
from aval.prudential.parameters_json import read_parameters
from aval.prudential.refusals import WeekContended, WeekUnknown
from aval.prudential.tasks import TaskId
from aval.prudential.weeks import WeekHead, WeekVersion
from aval.sealing.canonical import canonical
from tests.support import portfolio_files

EVENT: Final = EventCode.parse("202611003")
OTHER_EVENT: Final = EventCode.parse("202611004")
COMPANY: Final = Cnpj.parse("33047509000149")
OPENS: Final = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DEADLINE: Final = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def parameters(**changes: Any) -> dict[str, Any]:
    """A parameter file of a week that is open at `NOW`."""
    return {
        **portfolio_files.parameters(),
        "evento": EVENT,
        "inicioOperacao": "2026-11-01T00:00:00-03:00",
        "fimOperacao": "2026-11-30T23:59:59-03:00",
        "abertura": "2026-11-19T00:00:00-03:00",
        "prazo": "2026-11-20T18:00:00-03:00",
        "atualizadoEm": "2026-11-18T10:00:00-03:00",
        **changes,
    }


def week_version(
    *, loaded_at: datetime = NOW, source: str = "parametros/a.json#1", **changes: Any
) -> WeekVersion:
    told = read_parameters(portfolio_files.as_file(parameters(**changes)))
    return WeekVersion(told, loaded_at, source, canonical(told.as_json()))


@dataclass
class WeeksInMemory:
    kept: dict[EventCode, list[WeekVersion]] = field(default_factory=dict)
    closed: set[EventCode] = field(default_factory=set)

    def heads(self) -> Sequence[WeekHead]:
        return [WeekHead.of(self.current(event).parameters) for event in sorted(self.kept, reverse=True)]

    def current(self, event: EventCode) -> WeekVersion:
        return self.versions(event)[-1]

    def versions(self, event: EventCode) -> Sequence[WeekVersion]:
        if event not in self.kept:
            raise WeekUnknown
        return self.kept[event]

    def add(self, version: WeekVersion) -> None:
        there = self.kept.setdefault(version.parameters.event, [])
        if version.parameters.version != len(there) + 1:
            raise WeekContended
        there.append(version)

    def is_closed(self, event: EventCode) -> bool:
        return event in self.closed

    def closed_among(self, events: Sequence[EventCode]) -> frozenset[EventCode]:
        return frozenset(self.closed & set(events))


def delivered(version: int = 1, **changes: Any) -> Delivered:
    return replace(Delivered(version, "1d" * 32, "5e" * 32), **changes)


def standing(state: AgentState = AgentState.COMPUTED, **changes: Any) -> AgentStanding:
    told = AgentStanding(
        before=AgentState.FILLING,
        state=state,
        counter=7,
        portfolio=delivered(2),
        counterparties=delivered(1, lote="0a" * 16),
        calculation="ca" * 32,
        parameters=week_version().used,
    )
    return replace(told, **changes)


def agent_row(company: Cnpj = COMPANY, *, event: EventCode = EVENT, **changes: Any) -> AgentRow:
    of_row = {name: changes.pop(name) for name in ("at", "by", "answer", "computing") if name in changes}
    row = AgentRow(event, company, standing(**changes), NOW, "system:33047509000149", "tarefa:" + "7a" * 32)
    return replace(row, **of_row)


def transition(counter: int = 7, **changes: Any) -> Transition:
    told = Transition(
        event=EVENT,
        company=COMPANY,
        counter=counter,
        act="PORTFOLIO",
        before=AgentState.FILLING,
        after=AgentState.COMPUTED,
        at=NOW,
        by="system:33047509000149",
        identity="1d" * 32,
        origin="tarefa:" + "7a" * 32,
    )
    return replace(told, **changes)


def released(counter: int = 7, number: str | None = "0.170817703691", **changes: Any) -> ReleasedFactor:
    return replace(ReleasedFactor(EVENT, COMPANY, counter, NOW, number, "", "eyJ.receipt.sig"), **changes)


def sending(counter: int = 7) -> Sending:
    return Sending(counter, "ca" * 32, NOW)


@dataclass
class AgentsInMemory:
    found: dict[tuple[EventCode, Cnpj], AgentRow] = field(default_factory=dict)
    past: list[Transition] = field(default_factory=list)
    given_out: dict[tuple[EventCode, Cnpj], ReleasedFactor] = field(default_factory=dict)
    open_tasks: set[str] = field(default_factory=set)

    def put(self, *rows: AgentRow) -> None:
        self.found |= {(row.event, row.company): row for row in rows}

    def row(self, event: EventCode, company: Cnpj) -> AgentRow | None:
        return self.found.get((event, company))

    def rows(self, event: EventCode) -> Mapping[Cnpj, AgentRow]:
        return {company: row for (of, company), row in self.found.items() if of == event}

    def rows_of(self, event: EventCode, companies: Sequence[Cnpj]) -> Mapping[Cnpj, AgentRow]:
        return {company: row for company, row in self.rows(event).items() if company in companies}

    def history(self, event: EventCode, company: Cnpj) -> Sequence[Transition]:
        return [one for one in self.past if (one.event, one.company) == (event, company)]

    def released(self, event: EventCode) -> Mapping[Cnpj, ReleasedFactor]:
        return {company: one for (of, company), one in self.given_out.items() if of == event}

    def released_of(self, event: EventCode, company: Cnpj) -> ReleasedFactor | None:
        return self.given_out.get((event, company))

    def mark_computing(self, event: EventCode, company: Cnpj, task: TaskId) -> None:
        row = self.row(event, company)
        if row is not None:
            self.put(replace(row, computing=task))
            self.open_tasks.add(task)

    def still_computing(self, rows: Iterable[AgentRow]) -> frozenset[Cnpj]:
        return frozenset(row.company for row in rows if row.computing in self.open_tasks)


def used(version: int = 1, digest: str = "aa" * 32) -> ParametersUsed:
    return ParametersUsed(version, digest)
