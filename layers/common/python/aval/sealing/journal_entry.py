"""One entry of an event's journal: what it says, and how it is sealed (docs/confidential.md)."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.errors import DomainError
from aval.identifiers import Cnpj, EventCode
from aval.moments import from_storage, to_storage
from aval.sealing.canonical import canonical, read_object
from aval.sealing.head import Head
from aval.sealing.refusals import SealReason, SealRefused

_FORMAT: Final = b"\x01"
_EVENT_BYTES: Final = 9
_COUNTER_BYTES: Final = 8
_DIGEST_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_CLEAR_BYTES: Final = len(_FORMAT) + _EVENT_BYTES + _COUNTER_BYTES + _DIGEST_BYTES
_MOST_BYTES: Final = 4096
_KIND: Final = re.compile(r"[A-Z][A-Z_]{0,31}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_REQUEST: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")

_SENTENCES: Final = {
    SealReason.JOURNAL_MALFORMED: "um lançamento do diário não tem a forma de um lançamento",
    SealReason.JOURNAL_EVENT: "um lançamento do diário é de outro evento",
    SealReason.JOURNAL_GAP: "um lançamento do diário não é o seguinte ao último conhecido",
    SealReason.JOURNAL_FORK: "um lançamento do diário contradiz outro que este enclave já conhece",
    SealReason.JOURNAL_EDITED: "um lançamento do diário foi alterado ou não foi escrito por um enclave",
    SealReason.JOURNAL_PENDING: "um lançamento anterior ainda não foi mostrado de volta ao enclave",
    SealReason.HEAD_OLDER: "o diário deste enclave não chega até onde o leitor já o viu",
    SealReason.HEAD_FORKED: "o diário deste enclave não é a continuação do que o leitor já viu",
    SealReason.REPLAYED: "o identificador do pedido (jti) já foi usado em outro pedido",
    SealReason.VERSION_UNKNOWN: "o ato não se refere à última versão entregue",
}


class EntryAct(StrEnum):
    """What an entry records; only a delivery makes a version."""

    DELIVER = "ENTREGAR"
    VALIDATE = "VALIDAR"
    SEND = "ENVIAR"


@dataclass(frozen=True, slots=True)
class Entry:
    act: EntryAct
    sender: Cnpj
    company: Cnpj
    kind: str
    version: int
    """The version that a delivery makes; otherwise the one that the act is about."""
    request_id: str
    identity: str
    """SHA-256 of the body that asked for it, hex."""
    readers: str
    """Digest of the reader list that came with the data."""
    subject: str
    """Identity of what the act is about; of a delivery, its own."""
    at: datetime

    def __post_init__(self) -> None:
        told = (self.identity, self.readers, self.subject)
        if not all(_DIGEST.fullmatch(digest) for digest in told) or not _REQUEST.fullmatch(self.request_id):
            raise ValueError("an entry's digests have 64 hexadecimal digits, its request 16 to 64 characters")
        if not _KIND.fullmatch(self.kind) or self.version < 1:
            raise ValueError("an entry tells a kind and a version from 1")
        if self.act is EntryAct.DELIVER and self.subject != self.identity:
            raise ValueError("a delivery is about itself")

    def to_bytes(self) -> bytes:
        return canonical(
            {
                "ato": self.act.value,
                "remetente": self.sender,
                "cnpj": self.company,
                "tipo": self.kind,
                "versao": self.version,
                "jti": self.request_id,
                "identidade": self.identity,
                "leitores": self.readers,
                "sobre": self.subject,
                "em": to_storage(self.at),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raise `SealRefused` for anything that `to_bytes` would not write."""
        told = read_object(data, largest=_MOST_BYTES)
        try:
            entry = cls(
                act=EntryAct(_text(told, "ato")),
                sender=Cnpj.parse(_text(told, "remetente")),
                company=Cnpj.parse(_text(told, "cnpj")),
                kind=_text(told, "tipo"),
                version=_whole(told, "versao"),
                request_id=_text(told, "jti"),
                identity=_text(told, "identidade"),
                readers=_text(told, "leitores"),
                subject=_text(told, "sobre"),
                at=from_storage(_text(told, "em")),
            )
        except (KeyError, TypeError, ValueError, DomainError) as error:
            raise refused(SealReason.JOURNAL_MALFORMED) from error
        if entry.to_bytes() != data:
            raise refused(SealReason.JOURNAL_MALFORMED)
        return entry


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry as it is stored, and the head that the journal has with it."""

    counter: int
    sealed: bytes = field(repr=False)
    head: Head


def first_head(event: EventCode) -> Head:
    """h(0) is SHA-256 of the event's code, so that two events never share a head."""
    return Head(0, hashlib.sha256(event.encode()).hexdigest())


def head_after(head: Head, sealed: bytes) -> Head:
    """h(n) = SHA-256(h(n-1) ‖ entry)."""
    return Head(head.counter + 1, hashlib.sha256(bytes.fromhex(head.digest) + sealed).hexdigest())


def seal_entry(entry: Entry, key: bytes, event: EventCode, after: Head) -> SealedEntry:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, entry.to_bytes(), _bound(event, after))
    sealed = _clear(event, after) + nonce + ciphertext
    return SealedEntry(after.counter + 1, sealed, head_after(after, sealed))


def open_entry(sealed: bytes, key: bytes, event: EventCode, after: Head) -> Entry:
    """Return the entry that follows `after`; raise `SealRefused`, with a code for each way not to.

    The clear part only tells refusals apart. What decides is that the ciphertext is bound to event, counter
    and the head before it, as this journal knows them.
    """
    if not _CLEAR_BYTES + _NONCE_BYTES < len(sealed) <= _MOST_BYTES or sealed[:1] != _FORMAT:
        raise refused(SealReason.JOURNAL_MALFORMED)
    if sealed[1 : 1 + _EVENT_BYTES] != event.encode():
        raise refused(SealReason.JOURNAL_EVENT)
    if told_counter(sealed) != after.counter + 1:
        raise refused(SealReason.JOURNAL_GAP)
    if sealed[:_CLEAR_BYTES] != _clear(event, after):
        raise refused(SealReason.JOURNAL_FORK)
    nonce, ciphertext = sealed[_CLEAR_BYTES:][:_NONCE_BYTES], sealed[_CLEAR_BYTES + _NONCE_BYTES :]
    try:
        plaintext = AESGCM(key).decrypt(nonce, ciphertext, _bound(event, after))
    except InvalidTag:
        raise refused(SealReason.JOURNAL_EDITED) from None
    return Entry.from_bytes(plaintext)


def told_counter(sealed: bytes) -> int:
    """The counter that a sealed entry tells in clear; of use for an order, never for trust."""
    begins = len(_FORMAT) + _EVENT_BYTES
    return int.from_bytes(sealed[begins : begins + _COUNTER_BYTES], "big")


def refused(reason: SealReason) -> SealRefused:
    return SealRefused(reason, _SENTENCES[reason])


def _clear(event: EventCode, after: Head) -> bytes:
    counter = (after.counter + 1).to_bytes(_COUNTER_BYTES, "big")
    return _FORMAT + event.encode() + counter + bytes.fromhex(after.digest)


def _bound(event: EventCode, after: Head) -> bytes:
    return canonical({"evento": event, "contador": after.counter + 1, "anterior": after.digest})


def _text(told: dict[str, object], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _whole(told: dict[str, object], name: str) -> int:
    value = told[name]
    if type(value) is not int:
        raise TypeError(name)
    return value
