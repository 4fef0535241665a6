"""Where an agent stands in a week, as the enclave told it and the table keeps it (docs/monitoring.md)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self, TypeVar

from aval.identifiers import Cnpj, EventCode
from aval.moments import from_storage, to_storage
from aval.prudential.tasks import TaskId
from aval.sealing.parameters_used import ParametersUsed

__all__ = [
    "AgentChange",
    "AgentRow",
    "AgentStanding",
    "AgentState",
    "Agents",
    "Delivered",
    "ParametersUsed",
    "ReleasedFactor",
    "Sending",
    "Transition",
    "shown",
]

_T = TypeVar("_T")


class AgentState(StrEnum):
    OPEN = "ABERTO"
    FILLING = "EM_PREENCHIMENTO"
    COMPLETE = "COMPLETO"
    COMPUTING = "EM_CALCULO"
    """Shown while a task or a lote computes it; never stored."""
    COMPUTED = "CALCULADO"
    VALIDATED = "VALIDADO"
    SENT = "ENVIADO"
    PUBLISHED = "PUBLICADO"
    NOT_SENT = "NAO_ENVIADO"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What counts now of one kind: its version, the identity of the sealed body, its readers."""

    version: int
    identity: str
    readers: str
    lote: str = ""
    """The lote that it came in; empty for one that came alone."""

    def as_json(self) -> dict[str, object]:
        return {
            "versao": self.version,
            "identidade": self.identity,
            "leitores": self.readers,
            "lote": self.lote,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> Self:
        return cls(
            int(str(told["versao"])), str(told["identidade"]), str(told["leitores"]), str(told["lote"])
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """The sending that stands; a later delivery does not take it back."""

    counter: int
    calculation: str
    at: datetime

    def as_json(self) -> dict[str, object]:
        return {"contador": self.counter, "calculo": self.calculation, "em": to_storage(self.at)}

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> Self:
        return cls(int(str(told["contador"])), str(told["calculo"]), from_storage(str(told["em"])))


@dataclass(frozen=True, slots=True)
class AgentStanding:
    """What the enclave says after an act: all of it public, none of it a figure."""

    before: AgentState
    state: AgentState
    counter: int
    """The journal's, of the entry that made it so."""
    portfolio: Delivered | None = None
    counterparties: Delivered | None = None
    calculation: str = ""
    """Name of the calculation of a complete agent; empty before."""
    cycle: int = 0
    """How often a calculation was cancelled: its name says in which cycle it was made."""
    parameters: ParametersUsed | None = None
    """What the last computation used."""
    sending: Sending | None = None

    def as_json(self) -> dict[str, object]:
        """The member `estado` of the enclave's reply."""
        return {
            "antes": self.before.value,
            "estado": self.state.value,
            "contador": self.counter,
            "portfolio": self.portfolio.as_json() if self.portfolio else None,
            "contrapartes": self.counterparties.as_json() if self.counterparties else None,
            "calculo": self.calculation or None,
            "ciclo": self.cycle,
            "parametros": self.parameters.as_json() if self.parameters else None,
            "envio": self.sending.as_json() if self.sending else None,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> Self:
        return cls(
            before=AgentState(str(told["antes"])),
            state=AgentState(str(told["estado"])),
            counter=int(str(told["contador"])),
            portfolio=_read(Delivered.from_json, told["portfolio"]),
            counterparties=_read(Delivered.from_json, told["contrapartes"]),
            calculation=str(told["calculo"] or ""),
            cycle=int(str(told["ciclo"])),
            parameters=_read(ParametersUsed.from_json, told["parametros"]),
            sending=_read(Sending.from_json, told["envio"]),
        )


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent's row of a week: its standing, and what a page shows beside it."""

    event: EventCode
    company: Cnpj
    standing: AgentStanding
    at: datetime
    by: str
    """Who asked for the act: `Caller.kind:subject`."""
    answer: str = ""
    """Where the last sealed answer with a factor is: `tarefa:{id}` or `lote:{id}:{chunk}`."""
    computing: str = ""
    """The task that was last asked to compute it and may still be open; each new row is without."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of an agent's history."""

    event: EventCode
    company: Cnpj
    counter: int
    act: str
    before: AgentState
    after: AgentState
    at: datetime
    by: str
    identity: str
    """Of the body that asked for it."""
    origin: str
    """`tarefa:{id}` or `lote:{id}`."""


@dataclass(frozen=True, slots=True)
class ReleasedFactor:
    """What a sending gave out in clear: a number in text or why there is none, and its receipt."""

    event: EventCode
    company: Cnpj
    counter: int
    at: datetime
    number: str | None = field(repr=False)
    reason: str = field(repr=False)
    receipt: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AgentChange:
    """What one act changes outside the enclave, written together with its journal entry."""

    row: AgentRow
    transition: Transition
    released: ReleasedFactor | None = None


class Agents(Protocol):
    def row(self, event: EventCode, company: Cnpj) -> AgentRow | None: ...

    def rows(self, event: EventCode) -> Mapping[Cnpj, AgentRow]:
        """Of every agent that delivered anything."""

    def rows_of(self, event: EventCode, companies: Sequence[Cnpj]) -> Mapping[Cnpj, AgentRow]: ...

    def history(self, event: EventCode, company: Cnpj) -> Sequence[Transition]:
        """Oldest first."""

    def released(self, event: EventCode) -> Mapping[Cnpj, ReleasedFactor]: ...

    def released_of(self, event: EventCode, company: Cnpj) -> ReleasedFactor | None: ...

    def mark_computing(self, event: EventCode, company: Cnpj, task: TaskId) -> None:
        """Note the task that will compute the agent; an agent without a row is left alone."""

    def still_computing(self, rows: Iterable[AgentRow]) -> frozenset[Cnpj]:
        """Those of the rows whose noted task has not ended."""


def shown(
    row: AgentRow | None, in_force: ParametersUsed, *, computing: bool, closed: bool = False
) -> AgentState:
    """The state that a person is told: the stored one, seen in the light of what happened around it."""
    stored = row.standing.state if row else AgentState.OPEN
    sent = row is not None and row.standing.sending is not None
    if closed:
        return AgentState.PUBLISHED if sent else AgentState.NOT_SENT
    if computing and stored is not AgentState.OPEN:
        return AgentState.COMPUTING
    if stored in (AgentState.COMPUTED, AgentState.VALIDATED) and row and row.standing.parameters != in_force:
        return AgentState.COMPLETE
    return stored


def _read(reader: Callable[[Mapping[str, object]], _T], told: object) -> _T | None:
    return reader(told) if isinstance(told, Mapping) else None
