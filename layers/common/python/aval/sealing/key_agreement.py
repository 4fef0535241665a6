"""ECDH-ES+A256KW on P-256: a content key wrapped for one holder (RFC 7518, section 4.6)."""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from aval.sealing.refusals import SealReason, SealRefused

ALGORITHM: Final = "ECDH-ES+A256KW"
_KEY_BITS: Final = 256
_WRAPPED_BYTES: Final = 40


@dataclass(frozen=True, slots=True)
class WrappedKey:
    ephemeral: ec.EllipticCurvePublicKey
    wrapped: bytes = field(repr=False)


def wrap(content_key: bytes, holder: ec.EllipticCurvePublicKey) -> WrappedKey:
    ephemeral = ec.generate_private_key(holder.curve)
    shared = ephemeral.exchange(ec.ECDH(), holder)
    return WrappedKey(ephemeral.public_key(), aes_key_wrap(_derived(shared), content_key))


def unwrap(wrapped: WrappedKey, holder: ec.EllipticCurvePrivateKey) -> bytes:
    """Raise `SealRefused` for what was wrapped for another key."""
    if len(wrapped.wrapped) != _WRAPPED_BYTES:
        raise _refused()
    shared = holder.exchange(ec.ECDH(), wrapped.ephemeral)
    try:
        return aes_key_unwrap(_derived(shared), wrapped.wrapped)
    except InvalidUnwrap as failure:
        raise _refused() from failure


def _derived(shared: bytes) -> bytes:
    """RFC 7518, section 4.6.2: algorithm, empty PartyUInfo and PartyVInfo, and the key's length in bits."""
    algorithm = ALGORITHM.encode()
    info = b"".join(
        (len(algorithm).to_bytes(4, "big"), algorithm, bytes(4), bytes(4), _KEY_BITS.to_bytes(4, "big"))
    )
    return ConcatKDFHash(hashes.SHA256(), _KEY_BITS // 8, info).derive(shared)


def _refused() -> SealRefused:
    return SealRefused(SealReason.DOES_NOT_OPEN, "não abre com a chave deste leitor")
