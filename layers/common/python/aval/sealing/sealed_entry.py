"""How an entry of a journal is sealed into its place (docs/keys.md, section Journal)."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.identifiers import EventCode
from aval.sealing.canonical import canonical, read_object
from aval.sealing.head import Head
from aval.sealing.journal_entry import Entry, refused
from aval.sealing.lote_entry import ACT as LOTE
from aval.sealing.lote_entry import MOST_LOTE_BYTES, LoteEntry
from aval.sealing.refusals import SealReason

_FORMAT: Final = b"\x01"
_EVENT_BYTES: Final = 9
_COUNTER_BYTES: Final = 8
_DIGEST_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_CLEAR_BYTES: Final = len(_FORMAT) + _EVENT_BYTES + _COUNTER_BYTES + _DIGEST_BYTES
MOST_SEALED_BYTES: Final = _CLEAR_BYTES + _NONCE_BYTES + MOST_LOTE_BYTES + _TAG_BYTES


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


def seal_entry(entry: Entry | LoteEntry, key: bytes, event: EventCode, after: Head) -> SealedEntry:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, entry.to_bytes(), _bound(event, after))
    sealed = _clear(event, after) + nonce + ciphertext
    return SealedEntry(after.counter + 1, sealed, head_after(after, sealed))


def open_entry(sealed: bytes, key: bytes, event: EventCode, after: Head) -> Entry | LoteEntry:
    """Return the entry that follows `after`; raise `SealRefused`, with a code for each way not to.

    The clear part only tells refusals apart. What decides is that the ciphertext is bound to event, counter
    and the head before it, as this journal knows them.
    """
    if not _CLEAR_BYTES + _NONCE_BYTES < len(sealed) <= MOST_SEALED_BYTES or sealed[:1] != _FORMAT:
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
    return read_entry(plaintext)


def read_entry(plaintext: bytes) -> Entry | LoteEntry:
    """Raise `SealRefused` for anything that neither of the two would write."""
    if read_object(plaintext, largest=MOST_LOTE_BYTES).get("ato") == LOTE:
        return LoteEntry.from_bytes(plaintext)
    return Entry.from_bytes(plaintext)


def told_counter(sealed: bytes) -> int:
    """The counter that a sealed entry tells in clear; of use for an order, never for trust."""
    begins = len(_FORMAT) + _EVENT_BYTES
    return int.from_bytes(sealed[begins : begins + _COUNTER_BYTES], "big")


def _clear(event: EventCode, after: Head) -> bytes:
    counter = (after.counter + 1).to_bytes(_COUNTER_BYTES, "big")
    return _FORMAT + event.encode() + counter + bytes.fromhex(after.digest)


def _bound(event: EventCode, after: Head) -> bytes:
    return canonical({"evento": event, "contador": after.counter + 1, "anterior": after.digest})
