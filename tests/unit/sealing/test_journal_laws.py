"""Two enclaves, one table, and a parent that shows what it likes when it likes."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aval.sealing.journal import Journal, SealedEntry
from aval.sealing.refusals import SealRefused
from aval.sealing.sealed_entry import first_head, head_after
from tests.support.journals import COMPANY, EVENT, KIND, delivery

KEY = bytes(range(32))
WHICH = st.integers(0, 1)


class TwoEnclaves(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.table: list[bytes] = []
        self.enclaves = [Journal(EVENT, KEY), Journal(EVENT, KEY)]
        self.furthest = [0, 0]
        self.count = 0

    @rule(which=WHICH)
    def issue(self, which: int) -> None:
        journal = self.enclaves[which]
        if journal.pending is None:
            self.count += 1
            latest = journal.latest(COMPANY, KIND)
            journal.propose(delivery(str(self.count), (latest.version if latest else 0) + 1))

    @rule(which=WHICH)
    def store(self, which: int) -> None:
        """`attribute_not_exists`: the first one in a place stays."""
        pending = self.enclaves[which].pending
        if pending and pending.counter == len(self.table) + 1:
            self.table.append(pending.sealed)

    @rule(which=WHICH, begins=st.integers(0, 20), ends=st.integers(0, 20))
    def show(self, which: int, begins: int, ends: int) -> None:
        journal = self.enclaves[which]
        rows = list(enumerate(self.table, start=1))[begins:ends]
        known = journal.head.counter
        try:
            journal.show(rows)
        except SealRefused:
            assert rows
            assert rows[0][0] > known + 1

    @rule(which=WHICH)
    def start_again(self, which: int) -> None:
        self.enclaves[which] = Journal(EVENT, KEY)
        self.furthest[which] = 0

    @invariant()
    def what_an_enclave_knows_is_what_the_table_holds(self) -> None:
        for which, journal in enumerate(self.enclaves):
            head = first_head(EVENT)
            for sealed in self.table[: journal.head.counter]:
                head = head_after(head, sealed)
            assert journal.head == head
            assert journal.head.counter >= self.furthest[which]
            self.furthest[which] = journal.head.counter

    @invariant()
    def what_is_pending_follows_what_is_known(self) -> None:
        for journal in self.enclaves:
            pending: SealedEntry | None = journal.pending
            assert pending is None or pending.counter == journal.head.counter + 1

    @invariant()
    def versions_are_counted_without_a_gap(self) -> None:
        for journal in self.enclaves:
            latest = journal.latest(COMPANY, KIND)
            assert (latest.version if latest else 0) == journal.head.counter


TwoEnclaves.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestTwoEnclaves = TwoEnclaves.TestCase
