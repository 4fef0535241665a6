"""What a reader asks about data that are there: to compute, validate, cancel, send, read or try out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aval.identifiers import Cnpj
from aval.prudential.explanation import simulate
from aval.prudential.factor_standing import Facts, InForce, calculation_name
from aval.prudential.leverage import method_name
from aval.prudential.leverage_json import explanation_document, simulation_document
from aval.prudential.parameters import Netting
from aval.prudential.portfolio_document import portfolio_document
from aval.prudential.portfolio_json import read_portfolio
from aval.prudential.tasks import TaskAct
from aval.prudential.what_if import changed_document, read_what_if
from aval.sealing.canonical import canonical
from aval.sealing.envelope import Opened, SealedKind, identity_of
from aval.sealing.head import Head
from aval.sealing.journal import Entry, EntryAct, Step
from aval.sealing.journal_entry import FACTOR
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.release import Released, release
from aval.sealing.statements import Act, ExpectedStatement, Statement, read_statement, verify_statement
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.decision import Decision
from enclave_app.enclave.factor_answer import computed, counterparties_told
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.week_desk import WeekDesk, Written
from enclave_app.enclave.week_records import StoredPortfolio
from enclave_app.enclave.workbench import require_carried, require_readers_of_data, signed_text

_STATED: Final[Mapping[TaskAct, Act]] = {
    TaskAct.COMPUTE: Act.RECALCULAR,
    TaskAct.APPROVE: Act.VALIDAR,
    TaskAct.CANCEL: Act.CANCELAR,
    TaskAct.RELEASE: Act.ENVIAR,
    TaskAct.READ_BACK: Act.LER,
    TaskAct.SIMULATE: Act.SIMULAR,
}
_SEALED: Final[Mapping[TaskAct, SealedKind]] = {
    TaskAct.RELEASE: SealedKind.ENVIO,
    TaskAct.SIMULATE: SealedKind.SIMULACAO,
}
# What leaves no entry changes nothing, and may be asked again.
_ENTERED: Final[Mapping[TaskAct, EntryAct]] = {
    TaskAct.COMPUTE: EntryAct.COMPUTE,
    TaskAct.APPROVE: EntryAct.VALIDATE,
    TaskAct.CANCEL: EntryAct.CANCEL,
    TaskAct.RELEASE: EntryAct.SEND,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of the stored portfolio; of a repeat everything is as the act found and left it."""

    audience: Audience
    statement: Statement
    portfolio: Step
    stored: StoredPortfolio
    facts: Facts
    repeated: Entry | None
    opened: Opened | None = None

    @property
    def subject(self) -> str:
        return self.portfolio.identity

    @property
    def seen(self) -> tuple[Head | None, ...]:
        return (self.statement.seen, self.opened.header.seen if self.opened else None)


@dataclass(frozen=True, slots=True)
class FactorActs:
    desk: WeekDesk

    def who_asks(self, asked: AskedTask) -> Reader:
        """Raise `SealRefused` unless a reader of the stored portfolio signed this act about this company.

        What it is about is asked later, so that a reader is told what is wrong with it.
        """
        sealed = _SEALED.get(asked.act)
        opened = self.desk.bench.opened(asked, sealed) if sealed else None
        jws = signed_text(opened.plaintext if opened else asked.body)
        told = read_statement(jws, carrying=asked.act is TaskAct.SIMULATE)
        # (1) A repeat is about what it was about then; anything else about what counts now.
        repeated = self.desk.repeat_of(asked, told.request_id, _ENTERED.get(asked.act), FACTOR)
        facts = self.desk.facts(asked.company, self.desk.steps(asked.company, repeated))
        if facts.portfolio is None:
            raise SealRefused(SealReason.VERSION_UNKNOWN, "não há portfólio entregue neste evento")
        stored = self.desk.portfolio(asked, facts.portfolio)
        # (2) The sealed object that carries a statement must name the readers that the data came with.
        if opened:
            require_readers_of_data(opened, stored.readers)
            require_carried(opened, told.request_id)
        # (3) The signature, by a key that came with the data.
        expected = ExpectedStatement(_STATED[asked.act], asked.event, asked.company, told.subject)
        statement = verify_statement(jws, stored.readers, expected)
        audience = self.desk.audience(asked, told.request_id, stored.readers)
        return Reader(audience, statement, facts.portfolio, stored, facts, repeated, opened)

    def decided(self, asked: AskedTask, reader: Reader) -> Decision:
        """Raise `RecordNeeded`, `SealRefused` or, for a what-if, `FaultsFound`."""
        self.desk.bench.journal.require_parameters(self.desk.week.used)
        match asked.act:
            case TaskAct.COMPUTE:
                return self._computed(asked, reader)
            case TaskAct.APPROVE:
                return self._validated(asked, reader)
            case TaskAct.CANCEL:
                return self._cancelled(asked, reader)
            case TaskAct.RELEASE:
                return self._sent(asked, reader)
            case TaskAct.SIMULATE:
                return self._simulated(asked, reader)
            case _:
                return self._read(asked, reader)

    def _computed(self, asked: AskedTask, reader: Reader) -> Decision:
        _require_subject(reader, reader.portfolio.identity)
        _require_complete(reader.facts)
        found = computed(self.desk.week, reader.stored.held)
        written = self._written(asked, reader)
        kind = SealedKind.PORTFOLIO
        told = self.desk.factor_told(found, written.facts, reader.audience, kind, written.sealed)
        return self._changed(asked, reader, written, told)

    def _validated(self, asked: AskedTask, reader: Reader) -> Decision:
        if not reader.repeated:
            _require_current(reader)
            if reader.facts.is_sent:
                raise _already_sent()
            if reader.facts.is_validated:
                raise SealRefused(SealReason.ALREADY_VALIDATED, "este cálculo já foi validado")
        return self._changed(asked, reader, self._written(asked, reader), {})

    def _cancelled(self, asked: AskedTask, reader: Reader) -> Decision:
        if not reader.repeated:
            _require_current(reader)
            if reader.facts.is_sent:
                raise _already_sent()
        return self._changed(asked, reader, self._written(asked, reader), {})

    def _sent(self, asked: AskedTask, reader: Reader) -> Decision:
        if reader.repeated:
            # The entry is there because the number was compared then: what the statement tells is it, even
            # if other parameters are in force by now.
            released = _told_number(reader.statement)
        else:
            _require_current(reader)
            facts, found = reader.facts, computed(self.desk.week, reader.stored.held)
            released = release(
                reader.statement,
                found.result(facts.calculation),
                validated=facts.calculation if facts.is_validated else None,
                already_sent=facts.is_sent,
            )
        written = self._written(asked, reader)
        about = self.desk.receipt_of(written.facts, reader.audience, SealedKind.ENVIO, written.sealed)
        own = written.steps[-1]
        receipt = about.released(
            released,
            parameters=own.parameters.digest if own.parameters else self.desk.week.used.digest,
            switches=self._switches_of(asked.company, own, written.facts),
        )
        published = {**released.as_json(), "recibo": self.desk.bench.signer.receipt(receipt)}
        return self._changed(asked, reader, written, published, released=canonical(published).decode())

    def _simulated(self, asked: AskedTask, reader: Reader) -> Decision:
        """Nothing of it is kept: no entry, no record."""
        _require_subject(reader, reader.portfolio.identity)
        wanted = read_what_if(str(reader.statement.extra["conteudo"]).encode())
        changed = changed_document(portfolio_document(reader.stored.held), wanted)
        held = read_portfolio(json.dumps(changed).encode(), event=asked.event)
        found = simulate(self.desk.week.engine, reader.stored.held, held)
        return self._answered(
            asked,
            reader,
            {
                **simulation_document(found),
                "explicacao": explanation_document(held, found.simulated, wanted.target),
            },
        )

    def _read(self, asked: AskedTask, reader: Reader) -> Decision:
        _require_subject(reader, reader.portfolio.identity)
        facts, found = reader.facts, computed(self.desk.week, reader.stored.held)
        counterparties: Mapping[str, object] = {"contrapartes": None, "exposicoes": []}
        if facts.calculation and facts.counterparties:
            stored = self.desk.counterparties(asked, facts.counterparties)
            counterparties = counterparties_told(stored.held, found.found.equity)
        factor = self.desk.factor_told(found, facts, reader.audience, SealedKind.PORTFOLIO, None)
        told = {"portfolio": portfolio_document(reader.stored.held), **counterparties, **factor}
        return self._answered(asked, reader, told)

    def _written(self, asked: AskedTask, reader: Reader) -> Written:
        entry = reader.repeated or Entry(
            act=_ENTERED[asked.act],
            sender=asked.sender,
            company=asked.company,
            kind=FACTOR,
            version=reader.portfolio.version,
            request_id=reader.audience.request_id,
            identity=identity_of(asked.body),
            readers=reader.portfolio.readers,
            subject=reader.facts.calculation,
            at=self.desk.bench.at,
            parameters=self.desk.week.used,
        )
        return self.desk.write(entry, reader.repeated)

    def _changed(
        self,
        asked: AskedTask,
        reader: Reader,
        written: Written,
        payload: Mapping[str, object],
        *,
        released: str = "",
    ) -> Decision:
        subject, version = reader.statement.subject, reader.portfolio.version
        told = self.desk.told(asked, written.facts, subject=subject, version=version)
        return Decision(
            answer=self.desk.bench.answer({**told, **payload}, reader.audience, written.sealed),
            entry=written.sealed,
            repeated=reader.repeated is not None,
            released=released,
            standing=written.standing,
        )

    def _answered(self, asked: AskedTask, reader: Reader, payload: Mapping[str, object]) -> Decision:
        subject, version = reader.statement.subject, reader.portfolio.version
        told = self.desk.told(asked, reader.facts, subject=subject, version=version)
        return Decision(answer=self.desk.bench.answer({**told, **payload}, reader.audience))

    def _switches_of(self, company: Cnpj, own: Step, facts: Facts) -> Mapping[str, object]:
        """How the method was set for a sending: its calculation's name tells, whatever is in force now."""
        if facts.portfolio and facts.counterparties and own.parameters:
            identities = facts.portfolio.identity, facts.counterparties.identity
            for netting in Netting:
                method = method_name(netting)
                in_force = InForce(self.desk.week.in_force.event, own.parameters, method)
                name = calculation_name(company, *identities, in_force, cycle=facts.cycle)
                if name == own.subject:
                    return {"metodo": method, "compensacaoEntreMeses": netting.value}
        return {}


def _require_subject(reader: Reader, subject: str) -> None:
    if reader.statement.subject != subject:
        raise SealRefused(
            SealReason.SUBJECT_MISMATCH, "a assinatura é sobre outro objeto que o que vale agora"
        )


def _require_complete(facts: Facts) -> None:
    if not facts.calculation:
        raise SealRefused(
            SealReason.INCOMPLETE, "falta o portfólio ou as contrapartes, com a mesma lista de leitores"
        )


def _require_current(reader: Reader) -> None:
    """Raise `SealRefused` unless the act is about the calculation that counts now."""
    _require_complete(reader.facts)
    if not reader.facts.is_computed:
        raise SealRefused(
            SealReason.NOT_COMPUTED, "não há cálculo com os parâmetros em vigor, ou ele foi cancelado"
        )
    _require_subject(reader, reader.facts.calculation)


def _already_sent() -> SealRefused:
    return SealRefused(SealReason.ALREADY_SENT, "este cálculo já foi enviado")


def _told_number(statement: Statement) -> Released:
    number = statement.extra["fa"]
    return Released(number if isinstance(number, str) else None, str(statement.extra.get("motivo", "")))
