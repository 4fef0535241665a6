"""Where an agent of a week stands, told by the journal's entries in their order (docs/monitoring.md).

Nothing here is stored: the same entries say the same, whoever adds them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentStanding, AgentState, Delivered, Sending
from aval.sealing.canonical import canonical_digest
from aval.sealing.journal_entry import COUNTERPARTIES, FACTOR, PORTFOLIO, EntryAct
from aval.sealing.journal_step import Step
from aval.sealing.parameters_used import ParametersUsed


@dataclass(frozen=True, slots=True)
class InForce:
    """What a calculation of the week is made with now."""

    event: EventCode
    parameters: ParametersUsed
    method: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the entries about one company add up to; a counter of 0 is that of no entry."""

    portfolio: Step | None = None
    counterparties: Step | None = None
    calculation: str = ""
    """Named where both are there for the same readers."""
    cycle: int = 0
    """How often a calculation of the agent was cancelled."""
    cancelled: int = 0
    resumed: int = 0
    """The last delivery or computation: what a cancellation before it no longer stops."""
    is_computed: bool = False
    is_validated: bool = False
    is_sent: bool = False
    sending: Step | None = None

    @property
    def state(self) -> AgentState:
        if not (self.portfolio or self.counterparties):
            return AgentState.OPEN
        if self.is_sent:
            return AgentState.SENT
        if self.is_validated:
            return AgentState.VALIDATED
        if self.is_computed:
            return AgentState.COMPUTED
        if not self.calculation or self.cancelled > self.resumed:
            return AgentState.FILLING
        return AgentState.COMPLETE


def calculation_name(
    company: Cnpj, portfolio: str, counterparties: str, in_force: InForce, *, cycle: int
) -> str:
    """SHA-256 over identities of sealed bodies, the parameters' digest and the method: no figure is in it.

    A cancellation begins the next cycle: what was signed before it, and kept back, is about none after it.
    """
    return canonical_digest(
        {
            "evento": in_force.event,
            "cnpj": company,
            "portfolio": portfolio,
            "contrapartes": counterparties,
            "parametros": in_force.parameters.digest,
            "metodo": in_force.method,
            "ciclo": cycle,
        }
    ).hex()


def facts_of(company: Cnpj, steps: Sequence[Step], in_force: InForce) -> Facts:
    """`steps` are `Journal.history`, with an entry that was only proposed at the end."""
    portfolio = _last(steps, PORTFOLIO, EntryAct.DELIVER)
    counterparties = _last(steps, COUNTERPARTIES, EntryAct.DELIVER)
    cancelled = _counter(_last(steps, FACTOR, EntryAct.CANCEL))
    cycle = sum((step.kind, step.act) == (FACTOR, EntryAct.CANCEL) for step in steps)
    sending = _last(steps, FACTOR, EntryAct.SEND)
    delivered = max(_counter(portfolio), _counter(counterparties))
    told = Facts(
        portfolio=portfolio,
        counterparties=counterparties,
        cycle=cycle,
        cancelled=cancelled,
        resumed=max(delivered, _counter(_last(steps, FACTOR, EntryAct.COMPUTE))),
        sending=sending,
    )
    # Data of different reader lists are never joined.
    if portfolio is None or counterparties is None or portfolio.readers != counterparties.readers:
        return told
    name = calculation_name(company, portfolio.identity, counterparties.identity, in_force, cycle=cycle)
    # A delivery computes with what is in force; later parameters, or a cancellation, ask for it again.
    with_delivery = portfolio.parameters == in_force.parameters and delivered > cancelled
    is_computed = with_delivery or _stands(steps, EntryAct.COMPUTE, name)
    is_validated = is_computed and _stands(steps, EntryAct.VALIDATE, name)
    return Facts(
        portfolio=portfolio,
        counterparties=counterparties,
        calculation=name,
        cycle=cycle,
        cancelled=cancelled,
        resumed=told.resumed,
        is_computed=is_computed,
        is_validated=is_validated,
        is_sent=is_validated and _stands(steps, EntryAct.SEND, name),
        sending=sending,
    )


def standing_of(company: Cnpj, steps: Sequence[Step], in_force: InForce) -> AgentStanding:
    """After the last of `steps`, and in which state it found the agent. Raise `ValueError` for no step."""
    if not steps:
        raise ValueError("a standing is that of an entry")
    facts = facts_of(company, steps, in_force)
    return AgentStanding(
        before=facts_of(company, steps[:-1], in_force).state,
        state=facts.state,
        counter=steps[-1].counter,
        portfolio=_delivered(facts.portfolio),
        counterparties=_delivered(facts.counterparties),
        calculation=facts.calculation,
        cycle=facts.cycle,
        parameters=_last_used(steps),
        sending=_sending(facts.sending),
    )


def _last(steps: Sequence[Step], kind: str, act: EntryAct) -> Step | None:
    return next((step for step in reversed(steps) if (step.kind, step.act) == (kind, act)), None)


def _counter(step: Step | None) -> int:
    return step.counter if step else 0


def _stands(steps: Sequence[Step], act: EntryAct, calculation: str) -> bool:
    """Whether there is such an act about exactly this calculation, whose name no former cycle has."""
    return any((step.kind, step.act, step.subject) == (FACTOR, act, calculation) for step in steps)


def _last_used(steps: Sequence[Step]) -> ParametersUsed | None:
    """With which parameters the portfolio was computed last: when it came, or when somebody asked again."""
    computing = [
        step.parameters
        for step in steps
        if (step.kind, step.act) in {(PORTFOLIO, EntryAct.DELIVER), (FACTOR, EntryAct.COMPUTE)}
    ]
    return computing[-1] if computing else None


def _delivered(step: Step | None) -> Delivered | None:
    return Delivered(step.version, step.identity, step.readers, step.lote) if step else None


def _sending(step: Step | None) -> Sending | None:
    return Sending(step.counter, step.subject, step.at) if step else None
