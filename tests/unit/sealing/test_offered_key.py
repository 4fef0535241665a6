import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation.refusals import AttestationRefused, Reason
from aval.attestation.roots import AWS_ROOT
from aval.edge.prudential.messages import KeyOffered
from aval.prudential.vault import KeyAnswer
from aval.sealing.ec_keys import public_jwk
from aval.sealing.offered_key import AttestedKey, KeyOffer, verify_offer, verify_past_offer
from aval.sealing.refusals import SealReason
from tests.support.attested import (
    MEASUREMENTS,
    NONCE,
    OTHER_MEASUREMENTS,
    accepted,
    declaration,
    offer,
    root_fingerprint,
    spki,
)
from tests.support.sealing import AT, KEY_ID, refused, sealing_key, signing_key


def verified(data: bytes, **changes: Any) -> AttestedKey:
    given = {
        "root": root_fingerprint(),
        "measurements": MEASUREMENTS,
        "now": AT + timedelta(minutes=1),
        "nonce": NONCE,
    }
    return verify_offer(KeyOffer.read(data), **{**given, **changes})


def test_a_key_that_released_code_attests_may_be_sealed_to() -> None:
    key = verified(offer())
    assert key.key_id == KEY_ID
    assert spki(key.sealing) == spki(sealing_key().public_key())
    assert key.signing == signing_key().public_key()
    assert key.declaration == declaration()


def test_members_beside_the_three_mean_nothing() -> None:
    assert verified(offer(transacao="t-1")).key_id == KEY_ID


def test_what_the_door_answers_is_an_offer() -> None:
    told = json.loads(offer())
    document = base64.b64decode(told["atestado"])
    answer = KeyOffered.of(KeyAnswer(document, told["declaracao"], told["assinatura"]))
    assert verified(answer.model_dump_json(by_alias=True).encode()) == verified(offer(**told))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"root": AWS_ROOT}, Reason.ROOT),
        ({"nonce": bytes(32)}, Reason.NONCE),
        ({"now": AT + timedelta(minutes=6)}, Reason.STALE),
        ({"measurements": OTHER_MEASUREMENTS}, Reason.PCR_MISMATCH),
        ({"measurements": ()}, Reason.NO_EXPECTATION),
    ],
)
def test_a_key_that_is_not_attested_now_by_released_code_is_refused(
    change: dict[str, Any], reason: Reason
) -> None:
    with pytest.raises(AttestationRefused) as told:
        verified(offer(), **change)
    assert told.value.reason is reason


def test_a_declaration_that_is_not_the_attested_one_is_refused() -> None:
    other = replace(declaration(), method="outro").as_json()
    with refused(SealReason.DECLARATION_MISMATCH):
        verified(offer(declaracao=other))
    with refused(SealReason.DECLARATION_MISMATCH):
        verified(offer(user_data=None))


def test_a_signing_key_that_is_not_the_declared_one_is_refused() -> None:
    with refused(SealReason.SIGNING_KEY_MISMATCH):
        verified(offer(assinatura=public_jwk(signing_key(2).public_key())))


@pytest.mark.parametrize(
    "key",
    [
        None,
        b"",
        b"no key",
        spki(signing_key().public_key()),
        spki(sealing_key(2048).public_key()),
        sealing_key().public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1) + b"\0",
        sealing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        spki(sealing_key().public_key()) + b"\0",
    ],
    ids=["none", "empty", "garbage", "EC", "2048 bits", "PKCS1", "PEM", "trailing byte"],
)
def test_a_document_whose_key_is_no_strong_rsa_key_in_der_is_refused(key: bytes | None) -> None:
    with pytest.raises(AttestationRefused) as told:
        verified(offer(public_key=key))
    assert told.value.reason in {Reason.PUBLIC_KEY, Reason.CONTENT}


def test_what_was_attested_then_is_believed_of_then_and_needs_no_clock() -> None:
    key = verify_past_offer(KeyOffer.read(offer()), root=root_fingerprint(), accepted=accepted)
    assert key.signing == signing_key().public_key()


def test_code_that_was_not_released_then_is_refused_of_then() -> None:
    early = offer(at=AT - timedelta(days=2))
    with pytest.raises(AttestationRefused) as told:
        verify_past_offer(KeyOffer.read(early), root=root_fingerprint(), accepted=accepted)
    assert told.value.reason is Reason.NO_EXPECTATION


def test_refuses_what_is_no_offer() -> None:
    whole = json.loads(offer())
    for change in (
        {"atestado": None},
        {"atestado": whole["atestado"] + "="},
        {"atestado": whole["atestado"].replace("A", "-", 1)},
        {"atestado": "ç"},
        {"declaracao": None},
        {"assinatura": None},
        {"assinatura": {**whole["assinatura"], "d": "A" * 43}},
    ):
        with refused(SealReason.MALFORMED):
            KeyOffer.read(json.dumps({**whole, **change}).encode())
    for bad in (b"", b"[]", b"{}"):
        with refused(SealReason.MALFORMED):
            KeyOffer.read(bad)
    with refused(SealReason.TOO_LARGE):
        KeyOffer.read(b" " * 65_537)


def test_the_document_itself_is_in_no_representation() -> None:
    assert base64.b64decode(json.loads(offer())["atestado"]) not in repr(KeyOffer.read(offer())).encode()
