"""A rehearsal: an agent's own number, carried through every rule that a week's portfolio is held to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from aval.prudential.tasks import TaskAct
from aval.sealing.canonical import canonical, canonical_digest
from aval.sealing.envelope import Opened, SealedKind, identity_of
from aval.sealing.head import Head
from aval.sealing.journal import Entry, EntryAct, SealedEntry, Version
from aval.sealing.receipt_content import Receipt
from aval.sealing.receipts import commit
from aval.sealing.records import Place
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.release import Released, Result, release
from aval.sealing.statements import Act, ExpectedStatement, Statement, read_statement, verify_statement
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.decision import Decision, KeptRecord
from enclave_app.enclave.rehearsal_content import Content, Stored
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.workbench import (
    Workbench,
    require_carried,
    require_readers_of_data,
    signed_text,
)

_T = TypeVar("_T")
KIND: Final = SealedKind.ENSAIO.value
METHOD: Final = "ensaio-1"
_ENTRY_ACTS: Final = {TaskAct.VALIDATE: EntryAct.VALIDATE, TaskAct.SEND: EntryAct.SEND}
_STATED_ACTS: Final = {TaskAct.READ: Act.LER, TaskAct.VALIDATE: Act.VALIDAR, TaskAct.SEND: Act.ENVIAR}
# A rehearsal has no parameters; the receipt shows the digest of none.
_NO_PARAMETERS: Final = canonical_digest({}).hex()


@dataclass(frozen=True, slots=True)
class _Known:
    """A request whose author may be answered."""

    audience: Audience
    repeated: Entry | None
    opened: Opened | None = None
    about: Version | None = None
    stored: Stored | None = None
    statement: Statement | None = None

    @property
    def seen(self) -> tuple[Head | None, ...]:
        return (
            self.statement.seen if self.statement else None,
            self.opened.header.seen if self.opened else None,
        )

    @property
    def subject(self) -> str:
        """The identity of what was, or is to be, delivered."""
        return self.about.identity if self.about else _required(self.opened).identity


@dataclass(frozen=True, slots=True)
class Rehearsal:
    bench: Workbench

    def decide(self, asked: AskedTask) -> Decision:
        """Raise `RecordNeeded`, and `SealRefused` while an entry of this enclave waits to be shown."""
        return self.bench.decide(
            asked.act, lambda: self._who_asks(asked), lambda known: self._decided(asked, known)
        )

    def _who_asks(self, asked: AskedTask) -> _Known:
        # A rehearsal is a company's own: nobody sends one for another.
        if asked.sender != asked.company:
            raise SealRefused(SealReason.COMPANY_MISMATCH, "um ensaio é da própria empresa que o envia")
        match asked.act:
            case TaskAct.DELIVER:
                return self._deliverer(asked)
            case TaskAct.SEND:
                opened = self.bench.opened(asked, SealedKind.ENVIO)
                return self._reader(asked, signed_text(opened.plaintext), opened)
            case TaskAct.READ | TaskAct.VALIDATE:
                return self._reader(asked, signed_text(asked.body))
        raise SealRefused(SealReason.ACT_MISMATCH, "não é um ato de ensaio")

    def _deliverer(self, asked: AskedTask) -> _Known:
        """Who made the file is who may read of it: the list of readers is in it, and only its maker's."""
        opened = self.bench.opened(asked, SealedKind.ENSAIO)
        header = opened.header
        repeated = self.bench.journal.repeat_of(asked.sender, header.request_id, opened.identity)
        audience = Audience(asked.event, asked.company, header.request_id, header.readers)
        return _Known(audience, repeated, opened)

    def _reader(self, asked: AskedTask, jws: str, opened: Opened | None = None) -> _Known:
        """Raise `SealRefused` unless a reader of the stored data signed exactly this act about them."""
        request_id = read_statement(jws).request_id
        # (1) A repeat is about what it was about then; anything else about what counts now.
        repeated = self.bench.journal.repeat_of(asked.sender, request_id, identity_of(asked.body))
        about = Version.about(repeated) if repeated else self.bench.journal.latest(asked.company, KIND)
        if about is None:
            raise SealRefused(SealReason.VERSION_UNKNOWN, "não há ensaio entregue neste evento")
        stored = self._stored(asked, about)
        # (2) The sealed object that carries a sending must name the readers that the data came with.
        if opened:
            require_readers_of_data(opened, stored.readers)
            require_carried(opened, request_id)
        # (3) The signature, by a key that came with the data.
        expected = ExpectedStatement(_STATED_ACTS[asked.act], asked.event, asked.company, about.identity)
        statement = verify_statement(jws, stored.readers, expected)
        audience = Audience(asked.event, asked.company, request_id, stored.readers)
        return _Known(audience, repeated, opened, about, stored, statement)

    def _stored(self, asked: AskedTask, about: Version) -> Stored:
        sealed = asked.record_of(KIND, about.version)
        place = Place(asked.event, asked.company, KIND, about.version, about.identity)
        stored = Stored.read(self.bench.record(sealed, place))
        # The journal and the record were written together; they can differ only by an enclave's mistake.
        if stored.readers.digest != about.readers:
            raise SealRefused(SealReason.READERS_MISMATCH, "o registro tem outros leitores que o diário")
        return stored

    def _decided(self, asked: AskedTask, known: _Known) -> Decision:
        match asked.act:
            case TaskAct.DELIVER:
                return self._delivered(asked, known)
            case TaskAct.READ:
                return self._answered(asked, known, _required(known.stored).content.as_json())
            case TaskAct.VALIDATE:
                entry = self._entered(asked, known)
                return self._answered(asked, known, {}, entry=entry)
            case _:
                return self._sent(asked, known)

    def _delivered(self, asked: AskedTask, known: _Known) -> Decision:
        opened, repeated = _required(known.opened), known.repeated
        stored = Stored(opened.header.readers, Content.read(opened.plaintext))
        latest = self.bench.journal.latest(asked.company, KIND)
        version = repeated.version if repeated else (latest.version if latest else 0) + 1
        about = Version(version, opened.identity, stored.readers.digest, known.audience.request_id)
        delivered = _Known(known.audience, repeated, opened, about, stored)
        entry = self._entered(asked, delivered)
        place = Place(asked.event, asked.company, KIND, version, opened.identity)
        salt, commitment = commit(stored.content.as_json())
        receipt = self._receipt(asked, delivered, self.bench.head(entry), commitment=commitment)
        payload = {**stored.content.as_json(), "sal": salt.hex(), "recibo": receipt}
        record = self.bench.kept(stored.to_bytes(), place)
        return self._answered(asked, delivered, payload, entry=entry, record=record)

    def _sent(self, asked: AskedTask, known: _Known) -> Decision:
        about, content = _required(known.about), _required(known.stored).content
        result = Result(about.identity, content.number, content.text)
        released = Released(result.number, "" if result.number is not None else result.reason)
        if not known.repeated:
            validated = self.bench.journal.validated(asked.company, KIND)
            released = release(
                _required(known.statement),
                result,
                validated=validated.subject if validated else None,
                already_sent=self.bench.journal.sent(asked.company, KIND) is not None,
            )
        entry = self._entered(asked, known)
        receipt = self._receipt(asked, known, self.bench.head(entry), released=released)
        published = {**released.as_json(), "recibo": receipt}
        released_text = canonical(published).decode()
        return self._answered(asked, known, published, entry=entry, released=released_text)

    def _entered(self, asked: AskedTask, known: _Known) -> SealedEntry | None:
        """The journal's entry for this act; none for a repeat, which has one."""
        if known.repeated:
            return None
        about = _required(known.about)
        return self.bench.journal.propose(
            Entry(
                act=_ENTRY_ACTS.get(asked.act, EntryAct.DELIVER),
                sender=asked.sender,
                company=asked.company,
                kind=KIND,
                version=about.version,
                request_id=known.audience.request_id,
                identity=identity_of(asked.body),
                readers=about.readers,
                subject=about.identity,
                at=self.bench.at,
            )
        )

    def _answered(  # noqa: PLR0913
        self,
        asked: AskedTask,
        known: _Known,
        payload: Mapping[str, object],
        *,
        entry: SealedEntry | None = None,
        record: KeptRecord | None = None,
        released: str = "",
    ) -> Decision:
        about = _required(known.about)
        told = {"ato": asked.act.value, "versao": about.version, "objeto": about.identity, **payload}
        return Decision(
            answer=self.bench.answer(told, known.audience, entry),
            entry=entry,
            records=(record,) if record else (),
            repeated=known.repeated is not None,
            released=released,
        )

    def _receipt(
        self,
        asked: AskedTask,
        known: _Known,
        head: Head,
        *,
        commitment: str | None = None,
        released: Released | None = None,
    ) -> str:
        about = _required(known.about)
        return self.bench.signer.receipt(
            Receipt(
                event=asked.event,
                company=asked.company,
                kind=SealedKind.ENSAIO,
                request_id=known.audience.request_id,
                issued_at=self.bench.at,
                inputs={KIND: about.identity},
                versions={KIND: about.version},
                parameters=_NO_PARAMETERS,
                head=head,
                caveats=self.bench.signer.caveats(known.audience),
                switches={"metodo": METHOD},
                commitment=commitment,
                released=released,
            )
        )


def _required(value: _T | None) -> _T:
    """What the act's own half of `_Known` always has."""
    if value is None:
        raise TypeError("an act without what it is about")
    return value
