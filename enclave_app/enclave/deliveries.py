"""What an agent of a week delivers: a portfolio, and the counterparties that a reader signed into it."""

from dataclasses import dataclass, field

from aval.identifiers import Cnpj
from aval.prudential.counterparties import read_counterparties
from aval.prudential.portfolio_document import portfolio_document
from aval.prudential.portfolio_json import read_portfolio
from aval.sealing.envelope import Opened, SealedKind, identity_of
from aval.sealing.head import Head
from aval.sealing.journal import Entry, EntryAct
from aval.sealing.journal_entry import COUNTERPARTIES, PORTFOLIO
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, ExpectedStatement, Statement, read_statement, verify_statement
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.decision import Decision
from enclave_app.enclave.factor_answer import Computed, computed, counterparties_told
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.week_desk import WeekDesk, Written, place_of
from enclave_app.enclave.week_records import StoredCounterparties, StoredPortfolio
from enclave_app.enclave.workbench import require_carried, signed_text


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Who made the file is who may read of it: the list of readers is in it, and only its maker's."""

    audience: Audience
    opened: Opened
    content: bytes = field(repr=False)
    repeated: Entry | None
    statement: Statement | None = None

    @property
    def subject(self) -> str:
        return self.opened.identity

    @property
    def seen(self) -> tuple[Head | None, ...]:
        return (self.opened.header.seen, self.statement.seen if self.statement else None)


@dataclass(frozen=True, slots=True)
class Deliveries:
    desk: WeekDesk

    def portfolio_from(self, asked: AskedTask) -> Deliverer:
        """A portfolio speaks for itself: who forges one reads the forgery."""
        opened = self.desk.bench.opened(asked, SealedKind.PORTFOLIO)
        header = opened.header
        repeated = self.desk.repeat_of(asked, header.request_id, EntryAct.DELIVER, PORTFOLIO)
        audience = self.desk.audience(asked, header.request_id, header.readers)
        return Deliverer(audience, opened, opened.plaintext, repeated)

    def counterparties_from(self, asked: AskedTask) -> Deliverer:
        """Raise `SealRefused` unless a reader of the object's own list signed the file inside it."""
        opened = self.desk.bench.opened(asked, SealedKind.CONTRAPARTES)
        header = opened.header
        repeated = self.desk.repeat_of(asked, header.request_id, EntryAct.DELIVER, COUNTERPARTIES)
        statement = signed_counterparties(opened)
        audience = self.desk.audience(asked, header.request_id, header.readers)
        content = str(statement.extra["conteudo"]).encode()
        return Deliverer(audience, opened, content, repeated, statement)

    def portfolio(self, asked: AskedTask, told: Deliverer) -> Decision:
        """Raise `FaultsFound` for every rule that the file breaks."""
        self.desk.bench.journal.require_parameters(self.desk.week.used)
        held = read_portfolio(told.content, event=asked.event)
        _require_company(held.company, asked.company)
        found = computed(self.desk.week, held)
        stored = StoredPortfolio(told.audience.readers, held)
        entry = self._entry(asked, told, PORTFOLIO)
        written = self.desk.write(entry, told.repeated)
        payload = {
            **self.desk.told(asked, written.facts, subject=entry.identity, version=entry.version),
            "portfolio": portfolio_document(held),
            **self.desk.factor_told(
                found, written.facts, told.audience, SealedKind.PORTFOLIO, written.sealed
            ),
        }
        return self._kept(told, written, payload, record=stored.to_bytes())

    def counterparties(self, asked: AskedTask, told: Deliverer) -> Decision:
        """Raise `RecordNeeded` for the portfolio whose factor they complete, `FaultsFound` as above."""
        self.desk.bench.journal.require_parameters(self.desk.week.used)
        held = read_counterparties(told.content, event=asked.event)
        _require_company(held.company, asked.company)
        found = self._beside(asked, told)
        stored = StoredCounterparties(told.audience.readers, held)
        entry = self._entry(asked, told, COUNTERPARTIES)
        written = self.desk.write(entry, told.repeated)
        payload = {
            **self.desk.told(asked, written.facts, subject=entry.identity, version=entry.version),
            **counterparties_told(held, found.found.equity if found else None),
        }
        if found and written.facts.is_computed:
            kind = SealedKind.CONTRAPARTES
            payload |= self.desk.factor_told(found, written.facts, told.audience, kind, written.sealed)
        return self._kept(told, written, payload, record=stored.to_bytes())

    def _beside(self, asked: AskedTask, told: Deliverer) -> Computed | None:
        """The factor of the portfolio that is there; data of different reader lists are never joined."""
        step = self.desk.facts(asked.company, self.desk.steps(asked.company, told.repeated)).portfolio
        if step is None:
            return None
        if step.readers != told.audience.readers.digest:
            raise SealRefused(
                SealReason.READERS_MISMATCH, "as contrapartes nomeiam outros leitores que os do portfólio"
            )
        try:
            return computed(self.desk.week, self.desk.portfolio(asked, step).held)
        except SealRefused:
            # Its record may still be on its way, as after a host that died: what is delivered now counts.
            return None

    def _entry(self, asked: AskedTask, told: Deliverer, kind: str) -> Entry:
        latest = self.desk.bench.journal.latest(asked.company, kind)
        following = (latest.version if latest else 0) + 1
        return Entry(
            act=EntryAct.DELIVER,
            sender=asked.sender,
            company=asked.company,
            kind=kind,
            version=told.repeated.version if told.repeated else following,
            request_id=told.audience.request_id,
            identity=identity_of(asked.body),
            readers=told.audience.readers.digest,
            subject=told.opened.identity,
            at=self.desk.bench.at,
            parameters=self.desk.week.used,
        )

    def _kept(
        self, told: Deliverer, written: Written, payload: dict[str, object], *, record: bytes
    ) -> Decision:
        audience = told.audience
        place = place_of(audience.event, audience.company, written.steps[-1])
        return Decision(
            answer=self.desk.bench.answer(payload, audience, written.sealed),
            entry=written.sealed,
            records=(self.desk.bench.kept(record, place),),
            repeated=told.repeated is not None,
            standing=written.standing,
        )


def signed_counterparties(opened: Opened) -> Statement:
    """The statement inside a sealed file of counterparties, of one agent or many.

    Raise `SealRefused` unless a reader of the object's own list signed it, for this sender, list and request.
    """
    header, jws = opened.header, signed_text(opened.plaintext)
    require_carried(opened, read_statement(jws, carrying=True).request_id)
    expected = ExpectedStatement(Act.CONTRAPARTES, header.event, header.sender, header.readers.digest)
    return verify_statement(jws, header.readers, expected)


def _require_company(told: Cnpj, asked: Cnpj) -> None:
    if told != asked:
        raise SealRefused(
            SealReason.COMPANY_MISMATCH, "o arquivo é de outro agente que o do pedido; confira o cnpj"
        )
