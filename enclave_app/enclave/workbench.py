"""What every act of an event is decided with, and the two halves that every decision has.

First who asks: until that is known nothing is answered to anybody but a code in clear. Then what is asked,
whose refusals are sealed to the readers of the data as any answer is (docs/confidential.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from aval.errors import Fault, FaultsFound
from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import Expected, Opened, SealedKind, open_sealed
from aval.sealing.event_keys import EventKeys
from aval.sealing.head import Head
from aval.sealing.journal import Journal, SealedEntry
from aval.sealing.key_items import KeyRing
from aval.sealing.readers import Readers
from aval.sealing.records import Place, open_record, seal_record
from aval.sealing.refusals import SealReason, SealRefused
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.decision import Decision, KeptRecord
from enclave_app.enclave.signing import Audience, Signer


class Asker(Protocol):
    """A request whose author may be answered."""

    @property
    def audience(self) -> Audience: ...

    @property
    def subject(self) -> str:
        """The identity of what the request is about; a refusal tells it."""

    @property
    def seen(self) -> Sequence[Head | None]:
        """How far the author saw the journal, wherever that was told."""


_Asker = TypeVar("_Asker", bound=Asker)


@dataclass(frozen=True, slots=True)
class Workbench:
    """One event's, at one moment; whoever uses it holds the event's lock."""

    keys: EventKeys
    journal: Journal
    ring: KeyRing
    signer: Signer
    at: datetime

    def decide(
        self,
        act: TaskAct,
        who_asks: Callable[[], _Asker],
        what_is_asked: Callable[[_Asker], Decision],
    ) -> Decision:
        """Raise `RecordNeeded`, and `SealRefused` while an entry of this enclave waits to be shown."""
        try:
            asker = who_asks()
        except SealRefused as refusal:
            return Decision(reason=refusal.reason)
        try:
            for seen in asker.seen:
                if seen:
                    self.journal.require_seen(seen)
            return what_is_asked(asker)
        except FaultsFound as found:
            return self._refused(act, asker, SealReason.FAULTS, found.detail, found.faults)
        except SealRefused as refusal:
            if refusal.reason is SealReason.JOURNAL_PENDING:
                raise
            return self._refused(act, asker, refusal.reason, refusal.detail)

    def _refused(
        self, act: TaskAct, asker: Asker, reason: SealReason, detail: str, faults: Sequence[Fault] = ()
    ) -> Decision:
        told = {"ato": act.value, **refusal_told(reason, detail, faults), "objeto": asker.subject}
        return Decision(reason=reason, answer=self.answer(told, asker.audience))

    def answer(
        self, payload: Mapping[str, object], audience: Audience, entry: SealedEntry | None = None
    ) -> bytes:
        """Sealed to the audience's readers and nobody else; its head is that of the act's own entry."""
        return self.signer.answer(payload, audience, self.head(entry))

    def head(self, entry: SealedEntry | None) -> Head:
        return entry.head if entry else self.journal.head

    def opened(self, asked: AskedTask, kind: SealedKind) -> Opened:
        expected = Expected(asked.event, asked.sender, kind, self.at)
        return open_sealed(asked.body, self.ring.opening(self.at), expected)

    def record(self, sealed: bytes, place: Place) -> bytes:
        """Raise `SealRefused` for a record that was sealed into another place."""
        return open_record(sealed, self.keys.record, place)

    def kept(self, plaintext: bytes, place: Place) -> KeptRecord:
        return KeptRecord(place.kind, place.version, seal_record(plaintext, self.keys.record, place))


def refusal_told(reason: SealReason, detail: str, faults: Sequence[Fault] = ()) -> dict[str, object]:
    """A refusal as a sealed answer tells it: the rule, the sentence and, of a file, each fault."""
    told: dict[str, object] = {"recusa": reason.value, "detalhe": detail}
    return told | ({"faltas": [fault_told(one) for one in faults]} if faults else {})


def fault_told(fault: Fault) -> dict[str, object]:
    return {"regra": fault.rule, "lugar": fault.pointer, "detalhe": fault.detail}


def require_carried(opened: Opened, request_id: str) -> None:
    """Raise `SealRefused` unless the statement inside is of the same request as the object around it."""
    if opened.header.request_id != request_id:
        raise SealRefused(
            SealReason.REQUEST_MISMATCH, "o objeto selado e a assinatura nele são de pedidos diversos"
        )


def require_readers_of_data(opened: Opened, readers: Readers) -> None:
    """Raise `SealRefused` unless the sealed object names the readers that the data came with."""
    if opened.header.readers.digest != readers.digest:
        raise SealRefused(SealReason.READERS_MISMATCH, "o objeto nomeia outros leitores que os dos dados")


def signed_text(signed: bytes) -> str:
    """Raise `SealRefused` for what cannot be a JWS."""
    try:
        return signed.decode("ascii")
    except UnicodeDecodeError:
        raise SealRefused(SealReason.MALFORMED, "o ato assinado não é um JWS") from None
