"""The eligible agents that a caller acts for in a week, each with its state, and how far they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.agent_state import AgentRow, Agents, AgentState, shown
from aval.prudential.coverage import Coverage
from aval.prudential.eligibility import is_eligible
from aval.prudential.lotes import Lotes, LoteState
from aval.prudential.refusals import CompanyNotCovered
from aval.prudential.weeks import Weeks, WeekVersion
from aval.registry.model import Participant


@dataclass(frozen=True, slots=True)
class AgentsAsked:
    """One sender's agents, or without one those of all for whom the caller answers, after a CNPJ."""

    sender: Cnpj | None = None
    after: Cnpj | None = None
    size: int = 500


@dataclass(frozen=True, slots=True)
class ListedAgent:
    participant: Participant
    state: AgentState
    row: AgentRow | None
    """None for one that delivered nothing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the eligible agents got that far; a sending that stands is one."""

    eligible: int
    portfolios: int
    counterparties: int
    sent: int


@dataclass(frozen=True, slots=True)
class AgentList:
    senders: tuple[Participant, ...]
    """For whom the list is: the sender that was asked for, or all of the caller's."""
    agents: tuple[ListedAgent, ...]
    progress: Progress
    next_cursor: Cnpj | None


@dataclass(frozen=True, slots=True)
class Computing:
    """What computes agents of a week now: lotes by their sender, tasks by the mark on a row."""

    agents: Agents
    lotes: Lotes

    def among(
        self, event: EventCode, rows: Iterable[AgentRow], covered: Mapping[Cnpj, frozenset[Cnpj]]
    ) -> frozenset[Cnpj]:
        """Which of the rows; `covered` are the companies of each sender.

        Whose data a lote brings is sealed: until it ends, it may be any agent that its sender covers.
        """
        at_work = {
            lote.sender
            for lote in self.lotes.of_event(event)
            if lote.state in (LoteState.RECEIVED, LoteState.RUNNING)
        }
        by_lote = frozenset[Cnpj]().union(*(covered[sender] for sender in at_work & covered.keys()))
        return by_lote | self.agents.still_computing(rows)


@dataclass(frozen=True, slots=True)
class AgentListing:
    coverage: Coverage
    weeks: Weeks
    agents: Agents
    computing: Computing

    def listed(self, caller: Caller, event: EventCode, asked: AgentsAsked, *, at: datetime) -> AgentList:
        """A stretch of the eligible agents, by CNPJ; raise `CompanyNotCovered`, `WeekUnknown`."""
        senders = self._senders(caller, asked.sender, at)
        week = self.weeks.current(event)
        covered = {one.cnpj: self.coverage.covered_by(one.cnpj, at=at) for one in senders}
        eligible = _eligible(covered.values(), week)
        rows = self.agents.rows_of(event, list(eligible))
        following = [cnpj for cnpj in eligible if asked.after is None or cnpj > asked.after]
        told = [eligible[cnpj] for cnpj in following[: asked.size]]
        reached = {one: frozenset(agent.cnpj for agent in agents) for one, agents in covered.items()}
        return AgentList(
            senders=senders,
            agents=self._told(week, told, rows, reached),
            progress=_progress(len(eligible), rows.values()),
            next_cursor=told[-1].cnpj if len(following) > asked.size else None,
        )

    def _senders(self, caller: Caller, sender: Cnpj | None, at: datetime) -> tuple[Participant, ...]:
        found = self.coverage.senders_of(caller, at=at)
        asked = tuple(one for one in found if sender is None or one.cnpj == sender)
        if not asked:
            raise CompanyNotCovered
        return asked

    def _told(
        self,
        week: WeekVersion,
        agents: Sequence[Participant],
        rows: Mapping[Cnpj, AgentRow],
        covered: Mapping[Cnpj, frozenset[Cnpj]],
    ) -> tuple[ListedAgent, ...]:
        event = week.parameters.event
        is_closed = self.weeks.is_closed(event)
        here = [rows[one.cnpj] for one in agents if one.cnpj in rows]
        computing = self.computing.among(event, here, covered)
        return tuple(
            ListedAgent(
                one,
                shown(rows.get(one.cnpj), week.used, computing=one.cnpj in computing, closed=is_closed),
                rows.get(one.cnpj),
            )
            for one in agents
        )


def _eligible(covered: Iterable[Iterable[Participant]], week: WeekVersion) -> dict[Cnpj, Participant]:
    """Each once, by CNPJ, whoever covers it."""
    found = {one.cnpj: one for agents in covered for one in agents if is_eligible(one, week.parameters)}
    return {cnpj: found[cnpj] for cnpj in sorted(found)}


def _progress(eligible: int, rows: Iterable[AgentRow]) -> Progress:
    standings = [row.standing for row in rows]
    return Progress(
        eligible=eligible,
        portfolios=sum(one.portfolio is not None for one in standings),
        counterparties=sum(one.counterparties is not None for one in standings),
        sent=sum(one.sending is not None for one in standings),
    )
