"""A rehearsal: an agent's own number, carried through every rule that a week's portfolio is held to.

Two halves. First who asks: until that is known nothing is answered to anybody but a code in clear. Then what
is asked, whose refusals are sealed to the readers of the data as any answer is (docs/confidential.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from aval.prudential.tasks import TaskAct
from aval.sealing.canonical import canonical, canonical_digest
from aval.sealing.envelope import Expected, Opened, SealedKind, identity_of, open_sealed
from aval.sealing.event_keys import EventKeys
from aval.sealing.head import Head
from aval.sealing.journal import Entry, EntryAct, Journal, SealedEntry, Version
from aval.sealing.key_items import KeyRing
from aval.sealing.receipt_content import Receipt
from aval.sealing.receipts import commit
from aval.sealing.records import Place, open_record, seal_record
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.release import Released, Result, release
from aval.sealing.statements import Act, ExpectedStatement, Statement, read_statement, verify_statement
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.rehearsal_content import Content, Stored
from enclave_app.enclave.signing import Audience, Signer

_T = TypeVar("_T")
KIND: Final = SealedKind.ENSAIO.value
_ENTRY_ACTS: Final = {TaskAct.VALIDATE: EntryAct.VALIDATE, TaskAct.SEND: EntryAct.SEND}
_STATED_ACTS: Final = {TaskAct.READ: Act.LER, TaskAct.VALIDATE: Act.VALIDAR, TaskAct.SEND: Act.ENVIAR}
# A rehearsal has no parameters; the receipt shows the digest of none.
_NO_PARAMETERS: Final = canonical_digest({}).hex()


class RecordNeeded(Exception):
    """The act is about a stored record that did not come with it."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class Decision:
    """What the enclave decided, all of it to be written in one transaction or not at all."""

    reason: SealReason | None = None
    answer: bytes = field(default=b"", repr=False)
    """Empty where nobody is known to whom it could be told."""
    entry: SealedEntry | None = None
    record: bytes | None = field(default=None, repr=False)
    record_version: int = 0
    repeated: bool = False
    """The same request was decided before: its record may be there already."""
    released: str = ""


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
    def subject(self) -> str:
        """The identity of what was, or is to be, delivered."""
        return self.about.identity if self.about else _required(self.opened).identity


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One event's, at one moment; whoever uses it holds the event's lock."""

    keys: EventKeys
    journal: Journal
    ring: KeyRing
    signer: Signer
    at: datetime

    def decide(self, asked: AskedTask) -> Decision:
        """Raise `RecordNeeded`, and `SealRefused` while an entry of this enclave waits to be shown."""
        try:
            known = self._who_asks(asked)
        except SealRefused as refusal:
            return Decision(reason=refusal.reason)
        try:
            return self._decided(asked, known)
        except SealRefused as refusal:
            if refusal.reason is SealReason.JOURNAL_PENDING:
                raise
            told = {"recusa": refusal.reason.value, "detalhe": refusal.detail, "objeto": known.subject}
            payload = {"ato": asked.act.value, **told}
            answer = self.signer.answer(payload, known.audience, self.journal.head)
            return Decision(reason=refusal.reason, answer=answer)

    def _who_asks(self, asked: AskedTask) -> _Known:
        # A rehearsal is a company's own: nobody sends one for another.
        if asked.sender != asked.company:
            raise SealRefused(SealReason.COMPANY_MISMATCH, "um ensaio é da própria empresa que o envia")
        match asked.act:
            case TaskAct.DELIVER:
                return self._deliverer(asked)
            case TaskAct.SEND:
                opened = self._opened(asked, SealedKind.ENVIO)
                return self._reader(asked, _text(opened.plaintext), opened)
            case TaskAct.READ | TaskAct.VALIDATE:
                return self._reader(asked, _text(asked.body))
        raise SealRefused(SealReason.ACT_MISMATCH, "não é um ato de ensaio")

    def _deliverer(self, asked: AskedTask) -> _Known:
        """Who made the file is who may read of it: the list of readers is in it, and only its maker's."""
        opened = self._opened(asked, SealedKind.ENSAIO)
        header = opened.header
        repeated = self.journal.repeat_of(asked.sender, header.request_id, opened.identity)
        audience = Audience(asked.event, asked.company, header.request_id, header.readers)
        return _Known(audience, repeated, opened)

    def _reader(self, asked: AskedTask, jws: str, opened: Opened | None = None) -> _Known:
        """Raise `SealRefused` unless a reader of the stored data signed exactly this act about them."""
        request_id = read_statement(jws).request_id
        # (1) A repeat is about what it was about then; anything else about what counts now.
        repeated = self.journal.repeat_of(asked.sender, request_id, identity_of(asked.body))
        about = Version.about(repeated) if repeated else self.journal.latest(asked.company, KIND)
        if about is None:
            raise SealRefused(SealReason.VERSION_UNKNOWN, "não há ensaio entregue neste evento")
        stored = self._stored(asked, about)
        # (2) The sealed object that carries a sending must name the readers that the data came with.
        if opened and opened.header.readers.digest != stored.readers.digest:
            raise SealRefused(SealReason.READERS_MISMATCH, "o envio nomeia outros leitores que os dos dados")
        if opened and opened.header.request_id != request_id:
            raise SealRefused(
                SealReason.REQUEST_MISMATCH, "o envio e a assinatura nele são de pedidos diversos"
            )
        # (3) The signature, by a key that came with the data.
        expected = ExpectedStatement(_STATED_ACTS[asked.act], asked.event, asked.company, about.identity)
        statement = verify_statement(jws, stored.readers, expected)
        audience = Audience(asked.event, asked.company, request_id, stored.readers)
        return _Known(audience, repeated, opened, about, stored, statement)

    def _opened(self, asked: AskedTask, kind: SealedKind) -> Opened:
        expected = Expected(asked.event, asked.sender, kind, self.at)
        return open_sealed(asked.body, self.ring.opening(self.at), expected)

    def _stored(self, asked: AskedTask, about: Version) -> Stored:
        if asked.record_missing:
            raise SealRefused(SealReason.RECORD_UNOPENED, "o registro desta versão não está guardado")
        if asked.record is None:
            raise RecordNeeded(about.version)
        place = Place(asked.event, asked.company, KIND, about.version, about.identity)
        stored = Stored.read(open_record(asked.record, self.keys.record, place))
        # The journal and the record were written together; they can differ only by an enclave's mistake.
        if stored.readers.digest != about.readers:
            raise SealRefused(SealReason.READERS_MISMATCH, "o registro tem outros leitores que o diário")
        return stored

    def _decided(self, asked: AskedTask, known: _Known) -> Decision:
        for told in (known.statement, known.opened and known.opened.header):
            if told and told.seen:
                self.journal.require_seen(told.seen)
        match asked.act:
            case TaskAct.DELIVER:
                return self._delivered(asked, known)
            case TaskAct.READ:
                return self._answered(
                    asked, known, self.journal.head, _required(known.stored).content.as_json()
                )
            case TaskAct.VALIDATE:
                entry = self._entered(asked, known)
                return self._answered(asked, known, self._head(entry), {}, entry=entry)
            case _:
                return self._sent(asked, known)

    def _delivered(self, asked: AskedTask, known: _Known) -> Decision:
        opened, repeated = _required(known.opened), known.repeated
        stored = Stored(opened.header.readers, Content.read(opened.plaintext))
        latest = self.journal.latest(asked.company, KIND)
        version = repeated.version if repeated else (latest.version if latest else 0) + 1
        about = Version(version, opened.identity, stored.readers.digest, known.audience.request_id)
        delivered = _Known(known.audience, repeated, opened, about, stored)
        entry = self._entered(asked, delivered)
        place = Place(asked.event, asked.company, KIND, version, opened.identity)
        salt, commitment = commit(stored.content.as_json())
        receipt = self._receipt(asked, delivered, self._head(entry), commitment=commitment)
        payload = {**stored.content.as_json(), "sal": salt.hex(), "recibo": receipt}
        return self._answered(
            asked,
            delivered,
            self._head(entry),
            payload,
            entry=entry,
            record=seal_record(stored.to_bytes(), self.keys.record, place),
        )

    def _sent(self, asked: AskedTask, known: _Known) -> Decision:
        about, content = _required(known.about), _required(known.stored).content
        result = Result(about.identity, content.number, content.text)
        released = Released(result.number, "" if result.number is not None else result.reason)
        if not known.repeated:
            validated = self.journal.validated(asked.company, KIND)
            released = release(
                _required(known.statement),
                result,
                validated=validated.subject if validated else None,
                already_sent=self.journal.sent(asked.company, KIND) is not None,
            )
        entry = self._entered(asked, known)
        receipt = self._receipt(asked, known, self._head(entry), released=released)
        published = {**released.as_json(), "recibo": receipt}
        return self._answered(
            asked, known, self._head(entry), published, entry=entry, released=canonical(published).decode()
        )

    def _entered(self, asked: AskedTask, known: _Known) -> SealedEntry | None:
        """The journal's entry for this act; none for a repeat, which has one."""
        if known.repeated:
            return None
        about = _required(known.about)
        return self.journal.propose(
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
                at=self.at,
            )
        )

    def _head(self, entry: SealedEntry | None) -> Head:
        return entry.head if entry else self.journal.head

    def _answered(  # noqa: PLR0913
        self,
        asked: AskedTask,
        known: _Known,
        head: Head,
        payload: Mapping[str, object],
        *,
        entry: SealedEntry | None = None,
        record: bytes | None = None,
        released: str = "",
    ) -> Decision:
        about = _required(known.about)
        told = {"ato": asked.act.value, "versao": about.version, "objeto": about.identity, **payload}
        return Decision(
            answer=self.signer.answer(told, known.audience, head),
            entry=entry,
            record=record,
            record_version=about.version,
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
        return self.signer.receipt(
            Receipt(
                event=asked.event,
                company=asked.company,
                kind=SealedKind.ENSAIO,
                request_id=known.audience.request_id,
                issued_at=self.at,
                inputs={KIND: about.identity},
                versions={KIND: about.version},
                parameters=_NO_PARAMETERS,
                head=head,
                caveats=self.signer.caveats,
                commitment=commitment,
                released=released,
            )
        )


def _text(signed: bytes) -> str:
    try:
        return signed.decode("ascii")
    except UnicodeDecodeError:
        raise SealRefused(SealReason.MALFORMED, "o ato assinado não é um JWS") from None


def _required(value: _T | None) -> _T:
    """What the act's own half of `_Known` always has."""
    if value is None:
        raise TypeError("an act without what it is about")
    return value
