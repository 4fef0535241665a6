"""Records at rest: ciphertext that opens in its own place alone (docs/confidential.md)."""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.identifiers import Cnpj, EventCode
from aval.sealing.canonical import canonical
from aval.sealing.refusals import SealReason, SealRefused

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_KIND: Final = re.compile(r"[A-Z][A-Z_]{0,31}")
_IDENTITY: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs, and which sealed body it was made from.

    Two enclaves may both make version 3 of a record, from different bodies, and the journal takes one: its
    identity in the place keeps the other's record from being put there in its stead.
    """

    event: EventCode
    company: Cnpj
    kind: str
    version: int
    identity: str

    def __post_init__(self) -> None:
        # Whoever writes a place is the measured code: a wrong one is its mistake, never a caller's.
        if not _KIND.fullmatch(self.kind) or self.version < 1 or not _IDENTITY.fullmatch(self.identity):
            raise ValueError("no place of a record")

    @property
    def bound(self) -> bytes:
        """What the ciphertext is authenticated with."""
        return canonical(
            {
                "evento": self.event,
                "cnpj": self.company,
                "tipo": self.kind,
                "versao": self.version,
                "identidade": self.identity,
            }
        )


def seal_record(plaintext: bytes, key: bytes, place: Place) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plaintext, place.bound)


def open_record(sealed: bytes, key: bytes, place: Place) -> bytes:
    """Return the plaintext; raise `SealRefused` when it was sealed for another place, or by another key."""
    if len(sealed) < len(_FORMAT) + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _FORMAT:
        raise _refused()
    nonce = sealed[1 : 1 + _NONCE_BYTES]
    try:
        return AESGCM(key).decrypt(nonce, sealed[1 + _NONCE_BYTES :], place.bound)
    except InvalidTag:
        raise _refused() from None


def _refused() -> SealRefused:
    return SealRefused(SealReason.RECORD_UNOPENED, "o registro guardado não é o que pertence a este lugar")
