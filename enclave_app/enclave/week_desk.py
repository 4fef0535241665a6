"""What the acts of a week share: who may be answered, what the journal says of the agent, its records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentStanding, AgentState
from aval.prudential.factor_standing import Facts, facts_of, standing_of
from aval.sealing.authorisation import authorised_digest
from aval.sealing.envelope import SealedKind, identity_of
from aval.sealing.journal import Entry, EntryAct, SealedEntry, Step
from aval.sealing.journal_entry import COUNTERPARTIES, PORTFOLIO, refused
from aval.sealing.journal_step import step_of
from aval.sealing.readers import Readers
from aval.sealing.receipts import commit
from aval.sealing.records import Place
from aval.sealing.refusals import SealReason, SealRefused
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.factor_answer import Computed, ReceiptOf
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.week_engine import WeekEngine
from enclave_app.enclave.week_records import StoredCounterparties, StoredPortfolio
from enclave_app.enclave.workbench import Workbench

# A calculation is told, to be validated or sent, where it was made with what is in force.
_NAMED: Final = frozenset({AgentState.COMPUTED, AgentState.VALIDATED, AgentState.SENT})


@dataclass(frozen=True, slots=True)
class Written:
    """An act as it stands in the journal: its own step is the last one."""

    steps: tuple[Step, ...]
    sealed: SealedEntry | None
    """None for a repeat, which has its entry."""
    facts: Facts
    standing: AgentStanding


@dataclass(frozen=True, slots=True)
class WeekDesk:
    bench: Workbench
    week: WeekEngine
    roots: str = field(repr=False)
    """ICP-Brasil's, PEM, as measured."""

    def audience(self, asked: AskedTask, request_id: str, readers: Readers) -> Audience:
        digest = authorised_digest(asked.authorisations, asked.company, self.roots, at=self.bench.at)
        return Audience(
            asked.event, asked.company, request_id, readers, is_authorised=digest == readers.digest
        )

    def repeat_of(self, asked: AskedTask, request_id: str, act: EntryAct | None, kind: str) -> Entry | None:
        """Raise `SealRefused` for a request's code used for anything else; `act` is None for a reading."""
        entry = self.bench.journal.repeat_of(asked.sender, request_id, identity_of(asked.body))
        if entry and (entry.company, entry.act, entry.kind) != (asked.company, act, kind):
            raise refused(SealReason.REPLAYED)
        return entry

    def steps(self, company: Cnpj, repeated: Entry | None) -> tuple[Step, ...]:
        """All of the agent's; of a repeat, those up to what it did."""
        steps = self.bench.journal.history(company)
        if repeated is None:
            return steps
        ends = next(index for index, step in enumerate(steps) if step.request_id == repeated.request_id)
        return steps[: ends + 1]

    def facts(self, company: Cnpj, steps: tuple[Step, ...]) -> Facts:
        return facts_of(company, steps, self.week.in_force)

    def portfolio(self, asked: AskedTask, step: Step) -> StoredPortfolio:
        """Raise `RecordNeeded`, or `SealRefused` for one that is not there or not the one of that version."""
        sealed = asked.record_of(PORTFOLIO, step.version, step.lote)
        stored = StoredPortfolio.read(self.bench.record(sealed, place_of(asked.event, asked.company, step)))
        _require_readers(stored.readers, step)
        return stored

    def counterparties(self, asked: AskedTask, step: Step) -> StoredCounterparties:
        sealed = asked.record_of(COUNTERPARTIES, step.version, step.lote)
        stored = StoredCounterparties.read(
            self.bench.record(sealed, place_of(asked.event, asked.company, step))
        )
        _require_readers(stored.readers, step)
        return stored

    def write(self, entry: Entry, repeated: Entry | None) -> Written:
        """The entry of an act, once everything else about it is known: after this it is in the journal."""
        if repeated:
            steps, sealed = self.steps(entry.company, repeated), None
        else:
            sealed = self.bench.journal.propose(entry)
            steps = (*self.bench.journal.history(entry.company), step_of(sealed.counter, entry))
        standing = standing_of(entry.company, steps, self.week.in_force)
        return Written(steps, sealed, self.facts(entry.company, steps), standing)

    def told(self, asked: AskedTask, facts: Facts, *, subject: str, version: int) -> dict[str, object]:
        """What every answer of a week begins with."""
        return {
            "ato": asked.act.value,
            "versao": version,
            "objeto": subject,
            "estado": facts.state.value,
            "calculo": facts.calculation if facts.state in _NAMED else None,
            "ciclo": facts.cycle,
            "parametros": self.week.used.as_json(),
            "metodo": self.week.engine.method,
        }

    def factor_told(
        self,
        computed: Computed,
        facts: Facts,
        audience: Audience,
        kind: SealedKind,
        sealed: SealedEntry | None,
    ) -> Mapping[str, object]:
        """The factor with its receipt; whoever has the salt can show what the receipt commits to."""
        salt, commitment = commit(computed.document)
        receipt = self.receipt_of(facts, audience, kind, sealed).computed(commitment)
        return {
            **computed.told(at=self.bench.at),
            "sal": salt.hex(),
            "recibo": self.bench.signer.receipt(receipt),
        }

    def receipt_of(
        self, facts: Facts, audience: Audience, kind: SealedKind, sealed: SealedEntry | None
    ) -> ReceiptOf:
        return ReceiptOf(
            week=self.week,
            audience=audience,
            kind=kind,
            facts=facts,
            at=self.bench.at,
            head=self.bench.head(sealed),
            caveats=self.bench.signer.caveats(audience),
        )


def place_of(event: EventCode, company: Cnpj, step: Step) -> Place:
    """Where a record of that delivery belongs; one of a lote has the identity of the whole file."""
    return Place(event, company, step.kind, step.version, step.identity)


def _require_readers(readers: Readers, step: Step) -> None:
    # The journal and the record were written together; they can differ only by an enclave's mistake.
    if readers.digest != step.readers:
        raise SealRefused(SealReason.READERS_MISMATCH, "o registro tem outros leitores que o diário")
