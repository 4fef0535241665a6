"""Receipts: what was computed of what, by which code, signed inside and checkable without us.

A JWS (ES256) that carries its key, the attestation document of that key, and the declaration between the two.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from aval.attestation.document import AttestationDocument
from aval.attestation.roots import NAO_ATESTADO_POR_HARDWARE, is_hardware
from aval.identifiers import Fingerprint
from aval.sealing import base64url, ec_keys, signatures
from aval.sealing.canonical import canonical, read_object
from aval.sealing.declaration import Declaration
from aval.sealing.offered_key import Accepted, replayed
from aval.sealing.receipt_content import Receipt
from aval.sealing.refusals import SealReason, SealRefused

KIND: Final = "aval-recibo"
MAX_RECEIPT_CHARACTERS: Final = 128 * 1024
_LEEWAY: Final = timedelta(minutes=5)
_LONGEST_AFTER: Final = timedelta(hours=3)
"""How long an enclave's own certificate lasts: a document is no older where it is shown."""
_SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """A receipt, and what vouches for it."""

    receipt: Receipt
    declaration: Declaration
    document: AttestationDocument
    hardware: bool


def sign_receipt(
    receipt: Receipt,
    *,
    signing_key: ec.EllipticCurvePrivateKey,
    declaration: Declaration,
    attestation: bytes,
) -> str:
    """`attestation` speaks for the declaration (its user data) and is not older than three hours."""
    payload = {
        **receipt.as_json(),
        "declaracao": declaration.as_json(),
        "atestado": base64url.encode_text(attestation),
    }
    return signatures.sign(
        canonical(payload),
        kind=KIND,
        key_id=declaration.key_id,
        key=signing_key,
        jwk=ec_keys.public_jwk(signing_key.public_key()),
    )


def verify_receipt(text: str, *, root: Fingerprint, accepted: Accepted) -> VerifiedReceipt:
    """Raise `SealRefused` or `AttestationRefused` unless released code, attested under `root`, signed it."""
    # (1) Form. The key comes with the receipt and is worth what the next steps find.
    unverified = signatures.read(text, kind=KIND, largest=MAX_RECEIPT_CHARACTERS, carries_key=True)
    key = ec_keys.public_key(unverified.header["jwk"])
    members = read_object(unverified.payload, largest=MAX_RECEIPT_CHARACTERS)
    declaration = Declaration.from_json(members.pop("declaracao", None))
    attestation = _attestation(members.pop("atestado", None))
    # (2) The code, at the time of its document.
    document = replayed(attestation, root=root, accepted=accepted)
    # (3) From the document to the declaration, to the key, to the signature.
    declaration.require_attested(document.user_data)
    declaration.require_signing_key(key)
    if unverified.key_id != declaration.key_id:
        raise SealRefused(SealReason.DECLARATION_MISMATCH, "o kid do recibo não é o da declaração atestada")
    signatures.verify(unverified, key)
    # (4) What it says, now that it is known who says it.
    receipt = Receipt.from_json(members)
    declaration.require_event(receipt.event)
    _require_moment(receipt, document)
    _require_label(receipt, hardware=is_hardware(root))
    return VerifiedReceipt(receipt, declaration, document, is_hardware(root))


def commit(value: object) -> tuple[bytes, str]:
    """A fresh salt, which stays inside or goes to readers, and the digest that a receipt shows."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt, commitment_of(value, salt)


def commitment_of(value: object, salt: bytes) -> str:
    """Without the salt nobody can try values against it: a number of few digits is soon guessed."""
    if len(salt) != _SALT_BYTES:
        raise SealRefused(SealReason.MALFORMED, f"o sal tem {_SALT_BYTES} bytes")
    return hmac.new(salt, canonical(value), sha256).hexdigest()


def _attestation(value: object) -> bytes:
    if not isinstance(value, str):
        raise SealRefused(SealReason.MALFORMED, "o recibo não traz o atestado da chave que o assinou")
    return base64url.decode_text(value)


def _require_moment(receipt: Receipt, document: AttestationDocument) -> None:
    after = receipt.issued_at - document.timestamp
    if not -_LEEWAY <= after <= _LONGEST_AFTER:
        raise SealRefused(SealReason.RECEIPT_MOMENT, "o recibo não é do tempo do atestado que traz")


def _require_label(receipt: Receipt, *, hardware: bool) -> None:
    if (NAO_ATESTADO_POR_HARDWARE in receipt.caveats) is hardware:
        raise SealRefused(
            SealReason.CAVEATS_MISMATCH, "o recibo não diz, como deve, se o hardware atestou o código"
        )
