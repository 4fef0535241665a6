"""The enclave's key as an agent is offered it: to be used only when hardware speaks for it."""

import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from aval.attestation.document import AttestationDocument
from aval.attestation.measurements import Measurement
from aval.attestation.public_key import rsa_key_of
from aval.attestation.verification import MAX_AGE, verify_live, verify_origin, verify_replay
from aval.identifiers import Fingerprint, KeyId
from aval.sealing import ec_keys
from aval.sealing.canonical import read_object
from aval.sealing.declaration import Declaration
from aval.sealing.envelope import MIN_RSA_BITS
from aval.sealing.refusals import SealReason, SealRefused

MAX_OFFER_BYTES: Final = 64 * 1024

Accepted = Callable[[datetime], Sequence[Measurement]]
"""The measurements that were released at a moment, as `MeasurementLog.accepted` tells them."""


@dataclass(frozen=True, slots=True)
class KeyOffer:
    """What `GET /prudencial/chave` answers: nothing of it is proven."""

    attestation: bytes = field(repr=False)
    declaration: Declaration
    signing_key: ec.EllipticCurvePublicKey

    @classmethod
    def read(cls, data: bytes) -> Self:
        """JSON with atestado, declaracao and assinatura; more is passed over. Raise `SealRefused` if not."""
        members = read_object(data, largest=MAX_OFFER_BYTES)
        match members:
            case {"atestado": str(attestation), "declaracao": declaration, "assinatura": signing_key}:
                return cls(
                    _from_base64(attestation),
                    Declaration.from_json(declaration),
                    ec_keys.public_key(signing_key),
                )
        raise SealRefused(SealReason.MALFORMED, "a chave oferecida tem atestado, declaracao e assinatura")


@dataclass(frozen=True, slots=True)
class AttestedKey:
    """A sealing key and a signing key that the expected code holds."""

    key_id: KeyId
    sealing: rsa.RSAPublicKey
    signing: ec.EllipticCurvePublicKey
    declaration: Declaration
    document: AttestationDocument


def verify_offer(  # noqa: PLR0913
    offer: KeyOffer,
    *,
    root: Fingerprint,
    measurements: Sequence[Measurement],
    now: datetime,
    nonce: bytes,
    max_age: timedelta = MAX_AGE,
) -> AttestedKey:
    """What may be sealed to, now; raise `AttestationRefused` or `SealRefused`."""
    document = verify_live(
        offer.attestation, root=root, measurements=measurements, now=now, nonce=nonce, max_age=max_age
    )
    return _attested(offer, document)


def verify_past_offer(offer: KeyOffer, *, root: Fingerprint, accepted: Accepted) -> AttestedKey:
    """What signed then: for answers and audit, never to seal to; raise as `verify_offer` does."""
    return _attested(offer, replayed(offer.attestation, root=root, accepted=accepted))


def replayed(attestation: bytes, *, root: Fingerprint, accepted: Accepted) -> AttestationDocument:
    """The document, of code that was released when it was made."""
    made_at = verify_origin(attestation, root=root, at=None).timestamp
    return verify_replay(attestation, root=root, measurements=accepted(made_at))


def _attested(offer: KeyOffer, document: AttestationDocument) -> AttestedKey:
    offer.declaration.require_attested(document.user_data)
    offer.declaration.require_signing_key(offer.signing_key)
    sealing = rsa_key_of(document, at_least_bits=MIN_RSA_BITS)
    return AttestedKey(offer.declaration.key_id, sealing, offer.signing_key, offer.declaration, document)


def _from_base64(text: str) -> bytes:
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error) as failure:
        raise _no_base64() from failure
    if binascii.b2a_base64(data, newline=False) != text.encode():
        raise _no_base64()
    return data


def _no_base64() -> SealRefused:
    return SealRefused(SealReason.MALFORMED, "o atestado não está em base64")
