"""A week's entries in any lawful order, beside a model that keeps a state and moves it."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aval.prudential.agent_state import AgentState
from aval.prudential.factor_standing import Facts, InForce, calculation_name, facts_of, standing_of
from aval.sealing.journal import Entry, EntryAct, Journal
from tests.support.journals import (
    COMPANY,
    EVENT,
    act_of_factor,
    counterparties,
    digest_of,
    parameters,
    portfolio,
)

KEY = bytes(range(32))
READERS = ("ana", "bia")


@dataclass
class Model:
    """What docs/monitoring.md tells, as a state that moves: nothing is looked up in what came before."""

    portfolio: tuple[str, str, int] | None = None
    """Its name, its readers, and with which parameters it was computed."""
    counterparties: tuple[str, str] | None = None
    cancelled: bool = False
    cycle: int = 0
    computed: set[str] = field(default_factory=set)
    validated: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)


class AWeek(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.journal = Journal(EVENT, KEY)
        self.model = Model()
        self.version = 1
        self.count = 0

    @property
    def in_force(self) -> InForce:
        return InForce(EVENT, parameters(self.version), "MP-2023.2.0")

    @property
    def facts(self) -> Facts:
        return facts_of(COMPANY, self.journal.history(COMPANY), self.in_force)

    @property
    def name(self) -> str:
        model = self.model
        if not model.portfolio or not model.counterparties or model.portfolio[1] != model.counterparties[1]:
            return ""
        identities = digest_of(model.portfolio[0]), digest_of(model.counterparties[0])
        return calculation_name(COMPANY, *identities, self.in_force, cycle=self.model.cycle)

    @property
    def is_computed(self) -> bool:
        if not self.name or not self.model.portfolio:
            return False
        fresh = self.model.portfolio[2] == self.version and not self.model.cancelled
        return fresh or self.name in self.model.computed

    def write(self, entry: Entry) -> None:
        sealed = self.journal.propose(entry)
        self.journal.show([(sealed.counter, sealed.sealed)])

    def next_name(self) -> str:
        self.count += 1
        return f"body {self.count}"

    def next_version(self, kind: str) -> int:
        latest = self.journal.latest(COMPANY, kind)
        return (latest.version if latest else 0) + 1

    def act(self, act: EntryAct) -> None:
        version = self.next_version("PORTFOLIO") - 1
        told = {"version": version, "parameters": parameters(self.version)}
        self.write(act_of_factor(act, self.name, self.next_name(), **told))

    @rule(who=st.sampled_from(READERS))
    def deliver_portfolio(self, who: str) -> None:
        name = self.next_name()
        told = {"readers": digest_of(who), "parameters": parameters(self.version)}
        self.write(portfolio(name, self.next_version("PORTFOLIO"), **told))
        self.model.portfolio = (name, who, self.version)
        self.model.cancelled = False

    @rule(who=st.sampled_from(READERS))
    def deliver_counterparties(self, who: str) -> None:
        name = self.next_name()
        told = {"readers": digest_of(who), "parameters": parameters(self.version)}
        self.write(counterparties(name, self.next_version("CONTRAPARTES"), **told))
        self.model.counterparties = (name, who)
        self.model.cancelled = False

    @rule()
    def load_later_parameters(self) -> None:
        self.version += 1

    @rule()
    def compute(self) -> None:
        if self.name:
            self.act(EntryAct.COMPUTE)
            self.model.computed.add(self.name)

    @rule()
    def validate(self) -> None:
        if self.is_computed:
            self.act(EntryAct.VALIDATE)
            self.model.validated.add(self.name)

    @rule()
    def cancel(self) -> None:
        if self.is_computed and self.name not in self.model.sent:
            self.act(EntryAct.CANCEL)
            self.model.cancelled = True
            self.model.cycle += 1
            self.model.computed.clear()
            self.model.validated.clear()

    @rule()
    def send(self) -> None:
        if self.is_computed and self.name in self.model.validated and self.name not in self.model.sent:
            self.act(EntryAct.SEND)
            self.model.sent.add(self.name)

    @invariant()
    def the_entries_add_up_to_the_models_state(self) -> None:
        facts = self.facts
        assert facts.calculation == self.name
        assert facts.is_computed == self.is_computed
        assert facts.is_validated == (self.is_computed and self.name in self.model.validated)
        assert facts.is_sent == (facts.is_validated and self.name in self.model.sent)

    @invariant()
    def a_state_is_of_what_is_there(self) -> None:
        state = self.facts.state
        assert (state is AgentState.OPEN) == (not self.model.portfolio and not self.model.counterparties)
        if state in (AgentState.COMPLETE, AgentState.COMPUTED, AgentState.VALIDATED, AgentState.SENT):
            assert self.name

    @invariant()
    def each_step_begins_where_the_one_before_ended(self) -> None:
        told = self.journal.history(COMPANY)
        if len(told) > 1:
            last, before = (
                standing_of(COMPANY, told[:end], self.in_force) for end in (len(told), len(told) - 1)
            )
            assert last.before is before.state
            assert last.counter > before.counter


AWeek.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
TestAWeek = AWeek.TestCase
