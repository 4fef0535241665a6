"""An enclave's keys as an agent is offered them, vouched for by a simulated module."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation.measurements import Measurement
from aval.identifiers import Fingerprint
from aval.sealing.caveats import caveats_of
from aval.sealing.declaration import ANY_WEEK, Declaration
from aval.sealing.ec_keys import public_jwk
from aval.sealing.envelope import SealedKind, identity_of
from aval.sealing.receipt_content import Receipt
from aval.sealing.receipts import sign_receipt
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from local.nsm.measuring import PCR_BYTES, extended
from tests.support.sealing import AT, COMPANY, EVENT, HEAD, KEY_ID, REQUEST, sealed, sealing_key, signing_key

NONCE: Final = bytes(range(32))
INSTANCE: Final = "i-0123456789abcdef0"
PCRS: Final = {index: bytes([index + 1]) * PCR_BYTES for index in (0, 1, 2, 3, 8)}
MEASUREMENTS: Final = (Measurement({index: PCRS[index] for index in (0, 1, 2, 8)}),)
OTHER_MEASUREMENTS: Final = (Measurement({**MEASUREMENTS[0].pcrs, 0: b"x" * PCR_BYTES}),)
METHOD: Final = "ensaio-1"


@cache
def root() -> NitroRoot:
    return NitroRoot.create(AT - timedelta(days=30))


def root_fingerprint() -> Fingerprint:
    return root().fingerprint


@cache
def _hierarchy() -> Hierarchy:
    return Hierarchy(root(), f"{INSTANCE}-enc0123456789abcdef")


def attested(
    *,
    user_data: bytes | None,
    public_key: bytes | None = None,
    nonce: bytes | None = NONCE,
    at: datetime = AT,
    pcrs: dict[int, bytes] | None = None,
) -> bytes:
    """A document of the simulated module, as the driver gives it."""
    measured = {**PCRS, 4: extended(bytes(PCR_BYTES), INSTANCE.encode()), **(pcrs or {})}
    module = SimulatedNsm(_hierarchy(), measured, clock=lambda: at)
    asked = {"user_data": user_data, "nonce": nonce, "public_key": public_key}
    document: bytes = cbor2.loads(module.reply(cbor2.dumps({"Attestation": asked})))["Attestation"][
        "document"
    ]
    return document


def declaration(**changes: Any) -> Declaration:
    told = Declaration.of(KEY_ID, signing_key().public_key(), weeks=(ANY_WEEK,), method=METHOD)
    return replace(told, **changes)


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def offer(**changes: Any) -> bytes:
    """What the key's door answers; `changes` are members of the answer, or arguments of the document."""
    told = changes.pop("declaration", declaration())
    document = {
        "user_data": told.digest,
        "public_key": spki(sealing_key().public_key()),
        **{name: changes.pop(name) for name in tuple(changes) if name in _OF_THE_DOCUMENT},
    }
    answer = {
        "atestado": base64.b64encode(attested(**document)).decode(),
        "declaracao": told.as_json(),
        "assinatura": public_jwk(signing_key().public_key()),
        **changes,
    }
    return json.dumps(answer).encode()


_OF_THE_DOCUMENT: Final = {"user_data", "public_key", "nonce", "at", "pcrs"}


def accepted(at: datetime) -> Sequence[Measurement]:
    """A log whose one release was a day before."""
    return MEASUREMENTS if at >= AT.replace(day=AT.day - 1) else ()


def receipt(**changes: Any) -> Receipt:
    told = Receipt(
        event=EVENT,
        company=COMPANY,
        kind=SealedKind.ENSAIO,
        request_id=REQUEST,
        issued_at=AT,
        inputs={"ensaio": identity_of(sealed())},
        versions={"ENSAIO": 1},
        parameters="0" * 64,
        head=HEAD,
        caveats=caveats_of(hardware=False, sender_authenticated=False),
        switches={"arredondamento": "nenhum"},
    )
    return replace(told, **changes)


def signed_receipt(told: Receipt | None = None, **changes: Any) -> str:
    given = {"declaration": declaration(), "signing_key": signing_key(), **changes}
    given.setdefault("attestation", attested(user_data=given["declaration"].digest))
    return sign_receipt(told or receipt(), **given)
