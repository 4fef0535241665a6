"""What an agent sent, week by week, for those who act for it: what it let out, and nothing sealed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.agent_state import AgentState, ReleasedFactor
from aval.prudential.coverage import Coverage
from aval.prudential.published import ClosingsRead, WeekHeads
from aval.prudential.weeks import WeekHead


class ReleasedByWeek(Protocol):
    def released_in(
        self, events: Sequence[EventCode], company: Cnpj
    ) -> Mapping[EventCode, ReleasedFactor]: ...


@dataclass(frozen=True, slots=True)
class FactorOfWeek:
    head: WeekHead
    released: ReleasedFactor
    is_closed: bool

    @property
    def state(self) -> AgentState:
        return AgentState.PUBLISHED if self.is_closed else AgentState.SENT


@dataclass(frozen=True, slots=True)
class FactorHistory:
    coverage: Coverage
    weeks: WeekHeads
    closings: ClosingsRead
    released: ReleasedByWeek

    def of(self, caller: Caller, company: Cnpj, *, weeks: int, at: datetime) -> tuple[FactorOfWeek, ...]:
        """Of the last weeks those in which a sending stands, newest first; raise `CompanyNotCovered`."""
        self.coverage.require(caller, company, at=at)
        heads = {head.event: head for head in self.weeks.heads()[:weeks]}
        found = self.released.released_in(list(heads), company)
        closed = self._closed(found)
        return tuple(
            FactorOfWeek(head, found[event], event in closed)
            for event, head in heads.items()
            if event in found
        )

    def _closed(self, events: Collection[EventCode]) -> Collection[EventCode]:
        return self.closings.of(events).keys()
