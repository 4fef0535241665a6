"""An agent's state as it is told: its row, in the light of parameters, open tasks and publication."""

from dataclasses import dataclass

from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentRow, Agents, AgentState, shown
from aval.prudential.weeks import Weeks


@dataclass(frozen=True, slots=True)
class StateReader:
    weeks: Weeks
    agents: Agents

    def state_of(self, event: EventCode, company: Cnpj) -> AgentState:
        """Raise `WeekUnknown`."""
        return self.shown(event, self.agents.row(event, company))

    def shown(self, event: EventCode, row: AgentRow | None) -> AgentState:
        in_force, closed = self.weeks.current(event).used, self.weeks.is_closed(event)
        return shown(row, in_force, computing=self.is_computing(row), closed=closed)

    def is_computing(self, row: AgentRow | None) -> bool:
        return row is not None and row.company in self.agents.still_computing([row])
