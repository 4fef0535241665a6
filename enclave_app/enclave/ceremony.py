"""Where keys come from: pairs made here, data keys of KMS, and nothing that the parent could have made.

A key item and an event's key count once the parent has stored them and shown them again: an enclave that dies
in between leaves nothing behind that anybody sealed to.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.identifiers import EventCode
from aval.sealing.event_keys import EventKeys
from aval.sealing.key_items import KeyItem, KeyPairs, KeyRing, KeyState, context_of, unwrap, wrap
from enclave_app.enclave.kms import DataKeys

_EVENT_KEY_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class CeremonyOutcome:
    ring: KeyRing
    """What can be used now; it may be empty."""
    to_store: KeyItem | None
    """A new pair, of use when it was stored and shown again."""
    destroyed: tuple[int, ...]
    """Versions whose retention is over: their items are to be deleted."""


class Ceremony:
    """Holds what it unwrapped before, so that a pair is asked of KMS once in the life of an enclave."""

    def __init__(self) -> None:
        self._held: dict[bytes, KeyPairs] = {}

    def advance(self, items: Sequence[bytes], kms: DataKeys, at: datetime) -> CeremonyOutcome:
        """Take the stored items, oldest first; raise `SealRefused` or `EnclaveRefused` at a foreign one."""
        parsed = [KeyItem.from_bytes(item) for item in items]
        kept = [item for item in parsed if item.state(at) is not KeyState.DESTROYED]
        self._forget_all_but(kept)
        ring = KeyRing([self._unwrapped(item, kms) for item in kept])
        newest = max((item.version for item in parsed), default=0)
        return CeremonyOutcome(
            ring=ring,
            to_store=make_item(newest + 1, kms, at) if ring.needs_new(at) else None,
            destroyed=tuple(item.version for item in parsed if item not in kept),
        )

    def _unwrapped(self, item: KeyItem, kms: DataKeys) -> KeyPairs:
        digest = _digest(item)
        if digest not in self._held:
            self._held[digest] = unwrap(item, kms.decrypt(item.wrapped_key, item.context))
        return self._held[digest]

    def _forget_all_but(self, kept: Sequence[KeyItem]) -> None:
        current = {_digest(item) for item in kept}
        self._held = {digest: pairs for digest, pairs in self._held.items() if digest in current}


def make_item(version: int, kms: DataKeys, at: datetime) -> KeyItem:
    pairs = KeyPairs.make(version, at)
    data_key = kms.generate_data_key(context_of(pairs.key_id, version))
    return wrap(pairs, data_key.plaintext, data_key.wrapped)


def make_event_key(event: EventCode, kms: DataKeys) -> bytes:
    """Return a wrapped data key to store; it is not kept here, for another may be stored before it."""
    return kms.generate_data_key(event_context(event)).wrapped


def open_event_key(event: EventCode, wrapped: bytes, kms: DataKeys) -> EventKeys:
    """Raise `EnclaveRefused` for a key that KMS did not wrap for this event."""
    return EventKeys.derive(event, kms.decrypt(wrapped, event_context(event)))


def event_context(event: EventCode) -> dict[str, str]:
    return {"purpose": "evento", "evento": event, "version": _EVENT_KEY_VERSION}


def _digest(item: KeyItem) -> bytes:
    return hashlib.sha256(item.to_bytes()).digest()
