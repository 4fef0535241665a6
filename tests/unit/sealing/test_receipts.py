import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aval.attestation.refusals import AttestationRefused, Reason
from aval.attestation.roots import AWS_ROOT, NAO_ATESTADO_POR_HARDWARE
from aval.sealing import base64url, ec_keys, receipts, signatures
from aval.sealing.canonical import canonical
from aval.sealing.caveats import FOR_PEOPLE, REMETENTE_NAO_AUTENTICADO, caveats_of
from aval.sealing.receipts import VerifiedReceipt, commit, commitment_of, verify_receipt
from aval.sealing.refusals import SealReason
from aval.sealing.release import Released
from tests.support.attested import (
    PCRS,
    accepted,
    attested,
    declaration,
    receipt,
    root_fingerprint,
    signed_receipt,
)
from tests.support.sealing import AT, EVENT, KEY_ID, OTHER_EVENT, refused, signing_key


def verified(text: str, **changes: Any) -> VerifiedReceipt:
    return verify_receipt(text, **{"root": root_fingerprint(), "accepted": accepted, **changes})


@pytest.mark.parametrize(
    "told",
    [
        receipt(),
        receipt(released=Released("0.17", ""), commitment="c" * 64),
        receipt(released=Released(None, "sem exposição")),
        receipt(caveats=caveats_of(hardware=False, sender_authenticated=True)),
    ],
)
def test_a_receipt_is_checked_with_nothing_but_root_and_log(told: Any) -> None:
    found = verified(signed_receipt(told))
    assert found.receipt == told
    assert found.declaration == declaration()
    assert found.document.pcrs[0] == PCRS[0]
    assert found.hardware is False


def test_a_receipt_tells_whether_its_sender_was_authenticated_and_whether_hardware_attested() -> None:
    assert caveats_of(hardware=True, sender_authenticated=True) == ()
    assert set(receipt().caveats) == {NAO_ATESTADO_POR_HARDWARE, REMETENTE_NAO_AUTENTICADO}
    assert not receipt().sender_authenticated
    assert set(FOR_PEOPLE) == {NAO_ATESTADO_POR_HARDWARE, REMETENTE_NAO_AUTENTICADO}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"root": AWS_ROOT}, Reason.ROOT),
        ({"accepted": lambda _: ()}, Reason.NO_EXPECTATION),
    ],
)
def test_a_receipt_of_code_that_is_not_believed_is_refused(change: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(AttestationRefused) as told:
        verified(signed_receipt(), **change)
    assert told.value.reason is reason


def test_a_receipt_of_other_code_is_refused() -> None:
    document = attested(user_data=declaration().digest, pcrs={0: b"x" * 48})
    with pytest.raises(AttestationRefused) as told:
        verified(signed_receipt(attestation=document))
    assert told.value.reason is Reason.PCR_MISMATCH


def test_a_receipt_that_another_key_signed_is_refused_though_it_brings_a_true_document() -> None:
    """The key in the header is the forger's own, and the document is somebody else's."""
    with refused(SealReason.SIGNING_KEY_MISMATCH):
        verified(signed_receipt(signing_key=signing_key(2)))


def test_a_receipt_with_the_true_key_in_its_header_and_another_signature_is_refused() -> None:
    payload = {
        **receipt().as_json(),
        "declaracao": declaration().as_json(),
        "atestado": base64url.encode_text(attested(user_data=declaration().digest)),
    }
    forged = signatures.sign(
        canonical(payload),
        kind=receipts.KIND,
        key_id=KEY_ID,
        key=signing_key(2),
        jwk=ec_keys.public_jwk(signing_key().public_key()),
    )
    with refused(SealReason.SIGNATURE):
        verified(forged)


def test_a_declaration_that_was_not_attested_is_refused() -> None:
    other = replace(declaration(), method="outro")
    with refused(SealReason.DECLARATION_MISMATCH):
        verified(signed_receipt(declaration=other, attestation=attested(user_data=declaration().digest)))


def test_a_receipt_under_another_kid_than_the_attested_one_is_refused() -> None:
    payload = json.loads(base64url.decode_text(signed_receipt().split(".")[1]))
    forged = signatures.sign(
        canonical(payload),
        kind=receipts.KIND,
        key_id="chave-de-teste-2",
        key=signing_key(),
        jwk=ec_keys.public_jwk(signing_key().public_key()),
    )
    with refused(SealReason.DECLARATION_MISMATCH):
        verified(forged)


def test_a_number_changed_in_a_receipt_is_refused() -> None:
    head, payload, signature = signed_receipt(receipt(released=Released("0.17", ""))).split(".")
    changed = base64url.decode_text(payload).replace(b'"0.17"', b'"0.18"')
    with refused(SealReason.SIGNATURE):
        verified(f"{head}.{base64url.encode_text(changed)}.{signature}")


def test_a_receipt_for_a_week_that_the_key_does_not_serve_is_refused() -> None:
    told = declaration(weeks=(OTHER_EVENT,))
    with refused(SealReason.EVENT_NOT_OFFERED):
        verified(signed_receipt(declaration=told))
    assert verified(signed_receipt(declaration=declaration(weeks=(EVENT, OTHER_EVENT)))).receipt == receipt()


@pytest.mark.parametrize("after", [timedelta(minutes=-5), timedelta(hours=3)])
def test_a_receipt_of_the_time_of_its_document_is_taken(after: timedelta) -> None:
    assert verified(signed_receipt(receipt(issued_at=AT + after))).receipt.issued_at == AT + after


@pytest.mark.parametrize("after", [timedelta(minutes=-5, seconds=-1), timedelta(hours=3, seconds=1)])
def test_a_receipt_of_another_time_than_its_document_is_refused(after: timedelta) -> None:
    with refused(SealReason.RECEIPT_MOMENT):
        verified(signed_receipt(receipt(issued_at=AT + after)))


def test_a_receipt_that_hides_that_no_hardware_attested_it_is_refused() -> None:
    with refused(SealReason.CAVEATS_MISMATCH):
        verified(signed_receipt(receipt(caveats=())))


def test_a_receipt_under_the_root_of_the_hardware_says_nothing_of_a_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receipts, "is_hardware", lambda root: root == root_fingerprint())
    told = receipt(caveats=caveats_of(hardware=True, sender_authenticated=True))
    assert verified(signed_receipt(told)).hardware is True
    with refused(SealReason.CAVEATS_MISMATCH):
        verified(signed_receipt(receipt()))


@pytest.mark.parametrize(
    "change",
    [
        {"evento": "x"},
        {"cnpj": "33.047.509/0001-49"},
        {"tipo": "OUTRO"},
        {"jti": "curto"},
        {"iat": "1"},
        {"entradas": {}},
        {"entradas": []},
        {"entradas": {"a b": "0" * 64}},
        {"entradas": {"ensaio": "0"}},
        {"entradas": {"ensaio": 1}},
        {"versoes": {"ENSAIO": 0}},
        {"versoes": {"ENSAIO": True}},
        {"parametros": None},
        {"parametros": "x"},
        {"opcoes": []},
        {"cabeca": {}},
        {"ressalvas": "NAO_ATESTADO_POR_HARDWARE"},
        {"ressalvas": ["a b"]},
        {"compromisso": "x"},
        {"compromisso": ""},
        {"liberado": {}},
        {"liberado": {"fa": 1}},
        {"liberado": {"fa": "x"}},
        {"liberado": {"fa": None}},
        {"liberado": {"fa": None, "motivo": ""}},
        {"liberado": {"fa": "0.17", "motivo": "os dois"}},
        {"mais": 1},
        {"declaracao": None},
        {"atestado": None},
        {"atestado": "="},
    ],
    ids=str,
)
def test_refuses_a_receipt_of_another_form_however_well_signed(change: dict[str, object]) -> None:
    payload = {**json.loads(base64url.decode_text(signed_receipt().split(".")[1])), **change}
    signed = signatures.sign(
        canonical(payload),
        kind=receipts.KIND,
        key_id=KEY_ID,
        key=signing_key(),
        jwk=ec_keys.public_jwk(signing_key().public_key()),
    )
    with refused(SealReason.MALFORMED):
        verified(signed)


def test_an_answer_or_an_act_is_no_receipt() -> None:
    for kind in ("aval-resposta", "aval-ato"):
        signed = signatures.sign(b"{}", kind=kind, key_id=KEY_ID, key=signing_key())
        with refused(SealReason.HEADER_MEMBER):
            verified(signed)


def test_refuses_a_receipt_over_the_limit_before_it_is_read() -> None:
    with refused(SealReason.TOO_LARGE):
        verified("a" * (receipts.MAX_RECEIPT_CHARACTERS + 1))


def test_a_commitment_tells_nothing_without_its_salt_and_is_checked_with_it() -> None:
    salt, digest = commit({"fa": "0.17"})
    assert commitment_of({"fa": "0.17"}, salt) == digest
    assert commitment_of({"fa": "0.18"}, salt) != digest
    other_salt, other = commit({"fa": "0.17"})
    assert (salt, digest) != (other_salt, other)
    with refused(SealReason.MALFORMED):
        commitment_of({"fa": "0.17"}, b"")
