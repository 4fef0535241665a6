"""What happened to an agent in a week: its own acts, parameters that changed under it, the publication."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.agent_listing import Computing, ListedAgent
from aval.prudential.agent_state import Agents, AgentState, Delivered, ParametersUsed, Transition, shown
from aval.prudential.closing import Closings
from aval.prudential.coverage import Coverage
from aval.prudential.eligibility import is_eligible
from aval.prudential.refusals import CompanyNotCovered
from aval.prudential.weeks import Weeks, WeekVersion

PARAMETERS_LOADED = "PARAMETROS"
WEEK_PUBLISHED = "PUBLICACAO"
_VOIDED = (AgentState.COMPUTED, AgentState.VALIDATED)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    act: str
    before: AgentState
    after: AgentState
    transition: Transition | None = None
    """Of an act of the agent's; the other lines are the week's."""
    parameters: ParametersUsed | None = None
    """What was loaded."""


@dataclass(frozen=True, slots=True)
class AgentTold:
    agent: ListedAgent
    is_eligible: bool
    portfolio: Transition | None
    """What brought the portfolio that counts."""
    counterparties: Transition | None
    history: tuple[HistoryLine, ...]

    @property
    def asked_by(self) -> frozenset[str]:
        """Everybody who asked for an act."""
        return frozenset(line.transition.by for line in self.history if line.transition)


@dataclass(frozen=True, slots=True)
class AgentReading:
    coverage: Coverage
    weeks: Weeks
    agents: Agents
    computing: Computing
    closings: Closings

    def agent(self, caller: Caller, event: EventCode, company: Cnpj, *, at: datetime) -> AgentTold:
        """Raise `CompanyNotCovered`, `WeekUnknown`."""
        sender = self.coverage.sender_for(caller, company, at=at)
        participant = self.coverage.registry.participant(company)
        if participant is None:
            raise CompanyNotCovered
        versions = self.weeks.versions(event)
        in_force = versions[-1]
        closing = self.closings.of([event]).get(event)
        row = self.agents.row(event, company)
        rows = [row] if row else []
        covered = {sender.cnpj: frozenset([company])}
        is_computing = company in self.computing.among(event, rows, covered)
        state = shown(row, in_force.used, computing=is_computing, closed=closing is not None)
        past = self.agents.history(event, company)
        return AgentTold(
            agent=ListedAgent(participant, state, row),
            is_eligible=is_eligible(participant, in_force.parameters),
            portfolio=_bringing(row.standing.portfolio if row else None, past),
            counterparties=_bringing(row.standing.counterparties if row else None, past),
            history=tuple(lines(past, versions, closed=(closing.closed_at, state) if closing else None)),
        )


def lines(
    past: Sequence[Transition],
    versions: Sequence[WeekVersion],
    *,
    closed: tuple[datetime, AgentState] | None = None,
) -> Iterator[HistoryLine]:
    """Acts in the journal's order; each later parameter version before the first act that came after it."""
    state = AgentState.OPEN
    # The first version made the week: nothing was there before it.
    waiting = list(versions[1:])
    for one in past:
        while waiting and waiting[0].loaded_at <= one.at:
            line = _loaded(waiting.pop(0), state)
            state = line.after
            yield line
        yield HistoryLine(one.at, one.act, one.before, one.after, transition=one)
        state = one.after
    for version in waiting:
        line = _loaded(version, state)
        state = line.after
        yield line
    if closed:
        at, published = closed
        yield HistoryLine(at, WEEK_PUBLISHED, state, published)


def _loaded(version: WeekVersion, state: AgentState) -> HistoryLine:
    after = AgentState.COMPLETE if state in _VOIDED else state
    return HistoryLine(version.loaded_at, PARAMETERS_LOADED, state, after, parameters=version.used)


def _bringing(delivered: Delivered | None, past: Sequence[Transition]) -> Transition | None:
    """The last act of that body: a lote's body brings many agents', and each has a line of its own."""
    if delivered is None:
        return None
    return next((one for one in reversed(past) if one.identity == delivered.identity), None)
