import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.sealing import answers, base64url, ec_keys, key_agreement, signatures
from aval.sealing.answers import Answer, Binding, ExpectedAnswer, open_answer, seal_answer
from aval.sealing.canonical import canonical
from aval.sealing.head import Head
from aval.sealing.refusals import SealReason
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    OTHER_COMPANY,
    OTHER_EVENT,
    REQUEST,
    reader,
    readers,
    refused,
    signing_key,
)

PAYLOAD = {"numero": "0.17", "texto": "olá", "faltas": [{"linha": 3}]}
BINDING = Binding(EVENT, COMPANY, REQUEST, HEAD, ("REMETENTE_NAO_AUTENTICADO",))
EXPECTED = ExpectedAnswer(EVENT, COMPANY, REQUEST)


def answered(binding: Binding = BINDING, *names: str, by: int = 1) -> bytes:
    return seal_answer(PAYLOAD, binding, readers(*names), signing_key=signing_key(by), signing_kid=KEY_ID)


def opened(answer: bytes, name: str = "ana", **changes: Any) -> Answer:
    return open_answer(
        answer, reader(name), signer=signing_key().public_key(), expected=replace(EXPECTED, **changes)
    )


def changed(answer: bytes, **changes: object) -> bytes:
    return canonical({**json.loads(answer), **changes})


@pytest.mark.parametrize("name", ["ana", "bia"])
def test_each_reader_opens_the_answer_and_sees_where_the_journal_stood(name: str) -> None:
    assert opened(answered(), name, seen=HEAD, readers=readers().digest) == Answer(
        PAYLOAD, HEAD, readers().digest, ("REMETENTE_NAO_AUTENTICADO",)
    )


def test_an_answer_tells_nothing_to_who_does_not_open_it() -> None:
    text = answered().decode()
    assert json.loads(text).keys() == {"protected", "recipients", "iv", "ciphertext", "tag"}
    for told in ("0.17", "olá", EVENT, COMPANY, REQUEST, HEAD.digest):
        assert told not in text
    assert "0.17" not in repr(opened(answered()))


def test_the_length_of_an_answer_tells_no_more_than_its_step() -> None:
    def length(*texts: str) -> set[int]:
        told = [
            seal_answer({"fa": one}, BINDING, readers(), signing_key=signing_key(), signing_kid=KEY_ID)
            for one in texts
        ]
        assert [opened(one).payload["fa"] for one in told] == [*texts]
        return {len(json.loads(one)["ciphertext"]) for one in told}

    around = len(canonical(answers._inner({"fa": ""}, BINDING, readers())))
    fitting = answers._STEP - around
    assert len(length("0.000000000000", "12.345678901234", "", "a" * fitting)) == 1
    assert length("a" * fitting) != length("a" * (fitting + 1))


def test_who_is_no_reader_has_no_place_in_it() -> None:
    with refused(SealReason.NOT_A_READER):
        opened(answered(), "caio")


def test_an_answer_asked_for_another_key_does_not_open_with_it() -> None:
    """A stranger under a reader's name: the names are in clear, the keys decide."""
    stranger = replace(reader("caio"), id="ana")
    with refused(SealReason.DOES_NOT_OPEN):
        open_answer(answered(), stranger, signer=signing_key().public_key(), expected=EXPECTED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event": OTHER_EVENT}, SealReason.EVENT_MISMATCH),
        ({"company": OTHER_COMPANY}, SealReason.COMPANY_MISMATCH),
        ({"request_id": "pedido-de-teste-02"}, SealReason.REQUEST_MISMATCH),
        ({"seen": Head(8, "8" * 64)}, SealReason.HEAD_OLDER),
        ({"seen": Head(7, "8" * 64)}, SealReason.HEAD_FORKED),
        ({"readers": "0" * 64}, SealReason.READERS_MISMATCH),
        ({"subject": "0" * 64}, SealReason.SUBJECT_MISMATCH),
    ],
)
def test_refuses_an_answer_to_something_else_or_from_the_past(
    change: dict[str, Any], reason: SealReason
) -> None:
    with refused(reason):
        opened(answered(), **change)


def test_refuses_an_answer_that_another_signed() -> None:
    with refused(SealReason.SIGNATURE):
        opened(answered(by=2))


def test_one_reader_cannot_pass_on_as_the_enclaves_what_was_sealed_to_others_too() -> None:
    """The digest of the list is signed: an answer re-sealed to fewer readers still tells of all."""
    assert opened(answered(BINDING, "ana", "bia", "caio")).readers == readers("ana", "bia", "caio").digest


@pytest.mark.parametrize("place", ["iv", "ciphertext", "tag"])
def test_a_bit_changed_anywhere_does_not_open(place: str) -> None:
    answer = json.loads(answered())
    data = bytearray(base64url.decode_text(answer[place]))
    data[-1] ^= 1
    with refused(SealReason.DOES_NOT_OPEN):
        opened(canonical({**answer, place: base64url.encode_text(bytes(data))}))


def test_another_readers_wrapped_key_does_not_open() -> None:
    recipients = json.loads(answered())["recipients"]
    swapped = [{**recipients[0], "encrypted_key": recipients[1]["encrypted_key"]}, recipients[1]]
    with refused(SealReason.DOES_NOT_OPEN):
        opened(changed(answered(), recipients=swapped))


def of_header(**members: object) -> str:
    told = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "typ": "aval-resposta", **members}
    return base64url.encode_text(canonical({name: value for name, value in told.items() if value}))


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"alg": "ECDH-ES"}, SealReason.ALGORITHM),
        ({"alg": "ECDH-ES+A128KW"}, SealReason.ALGORITHM),
        ({"alg": "dir"}, SealReason.ALGORITHM),
        ({"alg": ""}, SealReason.ALGORITHM),
        ({"enc": "A128GCM"}, SealReason.ALGORITHM),
        ({"zip": "DEF"}, SealReason.HEADER_MEMBER),
        ({"crit": ["x"]}, SealReason.HEADER_MEMBER),
        ({"apu": "QQ"}, SealReason.HEADER_MEMBER),
        ({"typ": "aval-ato"}, SealReason.HEADER_MEMBER),
    ],
    ids=str,
)
def test_refuses_any_other_header(members: dict[str, object], reason: SealReason) -> None:
    with refused(reason):
        opened(changed(answered(), protected=of_header(**members)))


def test_refuses_an_answer_with_members_left_out_or_added() -> None:
    whole = json.loads(answered())
    for bad in (
        {name: value for name, value in whole.items() if name != "tag"},
        {**whole, "unprotected": {}},
        {**whole, "aad": "QQ"},
        {**whole, "iv": 1},
        {**whole, "recipients": []},
        {**whole, "recipients": {}},
        {**whole, "recipients": whole["recipients"] * 5},
        {**whole, "iv": "QQ"},
    ):
        with refused(SealReason.MALFORMED):
            opened(canonical(bad))


@pytest.mark.parametrize("more", [{"alg": "dir"}, {"apu": "QQ"}])
def test_refuses_a_recipient_who_brings_its_own_algorithm_or_party(more: dict[str, str]) -> None:
    recipients = json.loads(answered())["recipients"]
    recipients[0]["header"].update(more)
    with refused(SealReason.HEADER_MEMBER):
        opened(changed(answered(), recipients=recipients))


def test_refuses_an_ephemeral_key_that_is_no_point_of_the_curve() -> None:
    """The invalid-curve attack: RFC 7518, section 8.4 and the errata of ECDH-ES."""
    recipients = json.loads(answered())["recipients"]
    recipients[0]["header"]["epk"]["y"] = base64url.encode_text(bytes(31) + b"\1")
    with refused(SealReason.MALFORMED):
        opened(changed(answered(), recipients=recipients))


def test_two_answers_share_no_ephemeral_key() -> None:
    keys = [
        recipient["header"]["epk"]["x"]
        for answer in (answered(), answered())
        for recipient in json.loads(answer)["recipients"]
    ]
    assert len(set(keys)) == 4


@pytest.mark.parametrize("bad", [b"", b"{}", b"[]", b"x", b'{"a":1}'])
def test_refuses_what_is_no_answer(bad: bytes) -> None:
    with refused(SealReason.MALFORMED):
        opened(bad)


def test_refuses_an_answer_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_ANSWER_BYTES", 100)
    with refused(SealReason.TOO_LARGE):
        opened(answered())


def resealed(inner: object, kind: str = "aval-resposta") -> bytes:
    """What the enclave's own key signed, but not as an answer is."""

    signed = signatures.sign(canonical(inner), kind=kind, key_id=KEY_ID, key=signing_key())
    protected, content_key = of_header(), bytes(32)
    wrapped = key_agreement.wrap(content_key, reader().public.encryption)
    sealed = AESGCM(content_key).encrypt(bytes(12), signed.encode(), protected.encode())
    epk = ec_keys.public_jwk(wrapped.ephemeral)
    return canonical(
        {
            "protected": protected,
            "recipients": [
                {
                    "header": {"kid": "ana", "epk": epk},
                    "encrypted_key": base64url.encode_text(wrapped.wrapped),
                }
            ],
            "iv": base64url.encode_text(bytes(12)),
            "ciphertext": base64url.encode_text(sealed[:-16]),
            "tag": base64url.encode_text(sealed[-16:]),
        }
    )


def test_a_receipt_of_the_same_key_is_no_answer() -> None:
    with refused(SealReason.HEADER_MEMBER):
        opened(resealed({}, kind="aval-recibo"))


@pytest.mark.parametrize(
    "change", [{"mais": 1}, {"conteudo": []}, {"cabeca": None}, {"ressalvas": "x"}, {"leitores": 1}], ids=str
)
def test_refuses_signed_content_of_another_form(change: dict[str, object]) -> None:
    inner = {
        "evento": EVENT,
        "cnpj": COMPANY,
        "jti": REQUEST,
        "cabeca": HEAD.as_json(),
        "leitores": readers().digest,
        "ressalvas": [],
        "conteudo": PAYLOAD,
    }
    assert opened(resealed(inner)).payload == PAYLOAD
    with refused(SealReason.MALFORMED):
        opened(resealed({**inner, **change}))
