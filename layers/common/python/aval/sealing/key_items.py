"""The enclave's key pairs: made inside, wrapped under a data key of KMS, of use by their age."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.errors import DomainError
from aval.identifiers import KeyId
from aval.moments import from_storage, to_storage
from aval.sealing import base64url
from aval.sealing.canonical import canonical, read_object
from aval.sealing.refusals import SealReason, SealRefused

ACTIVE_FOR: Final = timedelta(days=90)
OVERLAP_FOR: Final = timedelta(days=30)
RETAINED_FOR: Final = timedelta(days=5 * 365 + 2)
"""Five years with both of their leap days."""
RENEWED_BEFORE: Final = timedelta(days=7)
"""A new pair is made when the active one has less than this to go."""
SEALING_BITS: Final = 3072
_EXPONENT: Final = 65537
_NONCE_BYTES: Final = 12
_MOST_BYTES: Final = 32 * 1024
_MEMBERS: Final = {"kid", "versao", "criado", "selagem", "assinatura", "chave", "privadas"}


class KeyState(StrEnum):
    ACTIVE = "ATIVA"
    OVERLAP = "SOBREPOSTA"
    RETIRED = "RETIRADA"
    DESTROYED = "DESTRUIDA"


def state_of(created: datetime, at: datetime) -> KeyState:
    """Judge a pair by its age; a limit itself belongs to the state after it."""
    age = at - created
    if age < ACTIVE_FOR:
        return KeyState.ACTIVE
    if age < ACTIVE_FOR + OVERLAP_FOR:
        return KeyState.OVERLAP
    if age < ACTIVE_FOR + OVERLAP_FOR + RETAINED_FOR:
        return KeyState.RETIRED
    return KeyState.DESTROYED


@dataclass(frozen=True, slots=True)
class KeyPairs:
    """The pair that agents seal to and the pair that answers are signed with; one age, one name."""

    key_id: KeyId
    version: int
    created: datetime
    sealing: rsa.RSAPrivateKey = field(repr=False)
    signing: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls, version: int, at: datetime) -> Self:
        sealing = rsa.generate_private_key(_EXPONENT, SEALING_BITS)
        signing = ec.generate_private_key(ec.SECP256R1())
        # Stored to the second: what is bound to the item must read back as it was.
        created = at.replace(microsecond=0)
        return cls(key_id_of(sealing.public_key()), version, created, sealing, signing)

    def state(self, at: datetime) -> KeyState:
        return state_of(self.created, at)


def key_id_of(sealing: rsa.RSAPublicKey) -> KeyId:
    """The name is a digest of the key: no one can give one key another's name."""
    return KeyId.parse(base64url.encode_text(hashlib.sha256(spki(sealing)).digest()))


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class KeyItem:
    """What the table keeps of a pair: all but `wrapped_key` and `private` is public."""

    key_id: KeyId
    version: int
    created: datetime
    sealing: bytes
    signing: bytes
    wrapped_key: bytes = field(repr=False)
    private: bytes = field(repr=False)

    @property
    def context(self) -> dict[str, str]:
        """What KMS binds the data key to."""
        return context_of(self.key_id, self.version)

    def state(self, at: datetime) -> KeyState:
        return state_of(self.created, at)

    def to_bytes(self) -> bytes:
        members = {
            "chave": base64url.encode_text(self.wrapped_key),
            "privadas": base64url.encode_text(self.private),
        }
        return canonical(
            {**_public(self.key_id, self.version, self.created, self.sealing, self.signing), **members}
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raise `SealRefused` for anything but a whole item."""
        told = read_object(data, largest=_MOST_BYTES)
        if told.keys() != _MEMBERS:
            raise _refused(SealReason.KEY_ITEM_MALFORMED)
        try:
            return cls(
                key_id=KeyId.parse(_text(told, "kid")),
                version=_version(told),
                created=from_storage(_text(told, "criado")),
                sealing=base64url.decode_text(_text(told, "selagem")),
                signing=base64url.decode_text(_text(told, "assinatura")),
                wrapped_key=base64url.decode_text(_text(told, "chave")),
                private=base64url.decode_text(_text(told, "privadas")),
            )
        except (TypeError, ValueError, DomainError) as error:
            raise _refused(SealReason.KEY_ITEM_MALFORMED) from error


def context_of(key_id: KeyId, version: int) -> dict[str, str]:
    return {"purpose": "chaves", "kid": key_id, "version": str(version)}


def wrap(pairs: KeyPairs, data_key: bytes, wrapped_key: bytes) -> KeyItem:
    """Put `pairs` under `data_key`, of which `wrapped_key` is KMS's own ciphertext."""
    sealing, signing = spki(pairs.sealing.public_key()), spki(pairs.signing.public_key())
    bound = _bound(pairs.key_id, pairs.version, pairs.created, sealing, signing)
    private = canonical({"selagem": _pkcs8(pairs.sealing), "assinatura": _pkcs8(pairs.signing)})
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(data_key).encrypt(nonce, private, bound)
    return KeyItem(pairs.key_id, pairs.version, pairs.created, sealing, signing, wrapped_key, sealed)


def unwrap(item: KeyItem, data_key: bytes) -> KeyPairs:
    """Return the pairs of `item`; raise `SealRefused` when any part of it is another's."""
    bound = _bound(item.key_id, item.version, item.created, item.sealing, item.signing)
    try:
        private = AESGCM(data_key).decrypt(item.private[:_NONCE_BYTES], item.private[_NONCE_BYTES:], bound)
        told = read_object(private, largest=_MOST_BYTES)
        sealing, signing = _private_key(told, "selagem"), _private_key(told, "assinatura")
    except (InvalidTag, ValueError, TypeError, KeyError):
        raise _refused(SealReason.KEY_ITEM_UNOPENED) from None
    if not isinstance(sealing, rsa.RSAPrivateKey) or not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise _refused(SealReason.KEY_ITEM_UNOPENED)
    pairs = KeyPairs(item.key_id, item.version, item.created, sealing, signing)
    _require_whole(pairs, item)
    return pairs


class KeyRing:
    """The pairs that an enclave holds, oldest first."""

    def __init__(self, pairs: Sequence[KeyPairs]) -> None:
        versions = [pair.version for pair in pairs]
        if versions != sorted(set(versions)):
            raise _refused(SealReason.KEY_ITEM_MALFORMED)
        self._pairs = tuple(pairs)

    @property
    def newest_version(self) -> int:
        return self._pairs[-1].version if self._pairs else 0

    def active(self, at: datetime) -> KeyPairs:
        """The newest pair that may still be sealed to; raise `SealRefused` when there is none."""
        for pair in reversed(self._pairs):
            if pair.state(at) is KeyState.ACTIVE:
                return pair
        raise SealRefused(SealReason.KEYS_MISSING, "o enclave não tem um par de chaves ativo")

    def needs_new(self, at: datetime) -> bool:
        return not any(at - pair.created < ACTIVE_FOR - RENEWED_BEFORE for pair in self._pairs)

    def opening(self, at: datetime) -> Mapping[KeyId, rsa.RSAPrivateKey]:
        """What opens new deliveries: active, or fetched by someone when it was."""
        return self._in_states(at, {KeyState.ACTIVE, KeyState.OVERLAP})

    def reading_back(self, at: datetime) -> Mapping[KeyId, rsa.RSAPrivateKey]:
        """What opens a delivery that was taken at its time and is looked at again."""
        return self._in_states(at, {KeyState.ACTIVE, KeyState.OVERLAP, KeyState.RETIRED})

    def key_ids(self) -> tuple[KeyId, ...]:
        return tuple(pair.key_id for pair in self._pairs)

    def _in_states(self, at: datetime, states: set[KeyState]) -> Mapping[KeyId, rsa.RSAPrivateKey]:
        return {pair.key_id: pair.sealing for pair in self._pairs if pair.state(at) in states}


def _require_whole(pairs: KeyPairs, item: KeyItem) -> None:
    # The authenticated data hold this already; an enclave that wrote them wrongly is found here, not in use.
    public = (spki(pairs.sealing.public_key()), spki(pairs.signing.public_key()))
    if public != (item.sealing, item.signing) or key_id_of(pairs.sealing.public_key()) != item.key_id:
        raise _refused(SealReason.KEY_ITEM_UNOPENED)


def _public(
    key_id: KeyId, version: int, created: datetime, sealing: bytes, signing: bytes
) -> dict[str, object]:
    return {
        "kid": key_id,
        "versao": version,
        "criado": to_storage(created),
        "selagem": base64url.encode_text(sealing),
        "assinatura": base64url.encode_text(signing),
    }


def _bound(key_id: KeyId, version: int, created: datetime, sealing: bytes, signing: bytes) -> bytes:
    return canonical({"purpose": "chaves", **_public(key_id, version, created, sealing, signing)})


def _pkcs8(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return base64url.encode_text(
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _private_key(told: Mapping[str, object], name: str) -> object:
    return serialization.load_der_private_key(base64url.decode_text(_text(told, name)), password=None)


def _text(told: Mapping[str, object], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _version(told: Mapping[str, object]) -> int:
    value = told["versao"]
    if type(value) is not int or value < 1:
        raise TypeError("versao")
    return value


def _refused(reason: SealReason) -> SealRefused:
    return SealRefused(reason, "o item de chaves guardado não é um que um enclave escreveu para este lugar")
