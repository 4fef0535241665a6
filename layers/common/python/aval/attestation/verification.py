"""Judging an attestation document: live, for audit at its own time, or for where it comes from alone.

Each way is the same numbered steps with what it is told; none of them asks a clock, a file or the network.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from aval.attestation.chain import LEEWAY, verify_chain
from aval.attestation.document import (
    PCR_BYTES,
    SIGNATURE_BYTES,
    ZERO,
    AttestationDocument,
    SignedDocument,
    parse_document,
)
from aval.attestation.expectation import verify_code
from aval.attestation.measurements import IMAGE_PCRS, Measurement
from aval.attestation.refusals import AttestationRefused, Reason
from aval.identifiers import Fingerprint
from aval.moments import for_people

MAX_AGE: Final = timedelta(minutes=5)


def verify_live(  # noqa: PLR0913 - one for each thing that is compared
    data: bytes,
    *,
    root: Fingerprint,
    measurements: Sequence[Measurement],
    now: datetime,
    nonce: bytes,
    max_age: timedelta = MAX_AGE,
) -> AttestationDocument:
    """What the expected code attests now, to whoever chose `nonce`; raise `AttestationRefused`."""
    document = verify_origin(data, root=root, at=now, max_age=max_age)
    verify_nonce(document, nonce)
    verify_code(document.pcrs, measurements)
    return document


def verify_replay(
    data: bytes, *, root: Fingerprint, measurements: Sequence[Measurement]
) -> AttestationDocument:
    """What the expected code attested when the document was made; raise `AttestationRefused`.

    It does not promise that the document is fresh: whoever has it may show it again.
    """
    document = verify_origin(data, root=root, at=None)
    verify_code(document.pcrs, measurements)
    return document


def verify_origin(
    data: bytes, *, root: Fingerprint, at: datetime | None, max_age: timedelta | None = None
) -> AttestationDocument:
    """Form, chain and signature, at the moment `at` or at the document's own; raise `AttestationRefused`.

    It does not promise which code it was: any enclave of anybody passes.
    """
    # (1) Form.
    signed = parse_document(data)
    document = signed.content
    # (2) What the measurements say of themselves.
    _verify_own_measurements(document)
    # (3) From the pinned root to the key.
    leeway = timedelta() if at is None else LEEWAY
    moment = document.timestamp if at is None else at
    key = verify_chain(document.cabundle, document.certificate, root=root, at=moment, leeway=leeway)
    # (4) The document under that key.
    _verify_signature(signed, key)
    # (5) When it was made.
    if at is not None:
        _verify_age(document, at, max_age)
    return document


def verify_nonce(document: AttestationDocument, nonce: bytes) -> None:
    """Raise `AttestationRefused` unless the document answers this very question."""
    if not nonce:
        raise AttestationRefused(Reason.NONCE, "sem um nonce, não se sabe a quem o atestado responde")
    if document.nonce != nonce:
        raise AttestationRefused(Reason.NONCE, "o atestado responde a outro nonce")


def _verify_own_measurements(document: AttestationDocument) -> None:
    if document.is_debug:
        raise AttestationRefused(
            Reason.DEBUG, "o enclave está em modo de depuração: o operador pode ver dentro dele"
        )
    for index in IMAGE_PCRS:
        if document.pcrs[index] == ZERO:
            raise AttestationRefused(Reason.PCR_ZERO, f"o PCR{index} é zero: nada foi medido nele")
    # PCR4 is the instance, measured as any PCR is extended; the module is named after the instance.
    if document.pcrs[4] != hashlib.sha384(bytes(PCR_BYTES) + document.instance_id.encode()).digest():
        raise AttestationRefused(Reason.INSTANCE, "o PCR4 não é o da instância que module_id nomeia")


def _verify_signature(signed: SignedDocument, key: ec.EllipticCurvePublicKey) -> None:
    # RFC 9053, section 2.1: r and s, each as long as the order. A high s is lawful, and usual here.
    half = SIGNATURE_BYTES // 2
    r, s = (int.from_bytes(part, "big") for part in (signed.signature[:half], signed.signature[half:]))
    try:
        key.verify(encode_dss_signature(r, s), signed.to_be_signed, ec.ECDSA(hashes.SHA384()))
    except InvalidSignature as failure:
        raise AttestationRefused(Reason.SIGNATURE, "a assinatura do atestado não confere") from failure


def _verify_age(document: AttestationDocument, at: datetime, max_age: timedelta | None) -> None:
    if document.timestamp - at > LEEWAY:
        raise AttestationRefused(
            Reason.CLOCK,
            f"o atestado foi feito em {for_people(document.timestamp)}, e aqui são {for_people(at)}: "
            "o relógio está atrasado, ou o momento pedido é anterior",
        )
    if max_age is not None and at - document.timestamp > max_age:
        raise AttestationRefused(
            Reason.STALE,
            f"o atestado foi feito em {for_people(document.timestamp)}, e só vale por {max_age}: "
            "é antigo, ou o relógio deste computador está adiantado",
        )
