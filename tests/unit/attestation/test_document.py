"""The form of a document, before anything in it is proven."""

from datetime import timedelta
from typing import Any

import cbor2
import pytest

from aval.attestation.document import MAX_DOCUMENT_BYTES, parse_document
from aval.attestation.refusals import AttestationRefused, Reason
from tests.support import nitro


def reason_for(data: bytes) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        parse_document(data)
    return refused.value.reason


@pytest.mark.parametrize("indefinite", [True, False])
def test_reads_every_member(indefinite: bool) -> None:
    told = nitro.document(indefinite=indefinite, public_key=b"k" * 1024, user_data=b"")
    content = parse_document(told).content
    assert content.module_id == nitro.MODULE_ID
    assert content.instance_id == nitro.INSTANCE_ID
    assert content.timestamp == nitro.START
    assert dict(content.pcrs) == nitro.content()["pcrs"]
    assert [*content.cabundle, content.certificate] == [holder.der for holder in nitro.chain().holders]
    assert (content.public_key, content.user_data, content.nonce) == (b"k" * 1024, b"", nitro.NONCE)


def test_what_is_signed_is_what_came_and_not_what_it_means() -> None:
    # A number written longer than it need be: encoded again, it would be shorter.
    longer = nitro.with_parts(nitro.document(), protected=bytes.fromhex("a118013822"))
    signed = parse_document(longer).to_be_signed
    peer = cbor2.dumps(["Signature1", bytes.fromhex("a118013822"), b"", cbor2.loads(longer)[2]])
    assert signed == peer


def test_milliseconds_are_kept() -> None:
    told = nitro.document(timestamp=nitro.content()["timestamp"] + 1)
    assert parse_document(told).content.timestamp == nitro.START + timedelta(milliseconds=1)


def test_members_that_are_null_or_left_out_are_absent() -> None:
    for nothing in (None, ...):
        content = parse_document(nitro.document(public_key=nothing, user_data=nothing, nonce=nothing)).content
        assert (content.public_key, content.user_data, content.nonce) == (None, None, None)


def test_passes_over_a_member_that_aws_may_add() -> None:
    assert parse_document(nitro.document(novidade=[1, "x"])).content.module_id == nitro.MODULE_ID


def test_takes_the_tag_of_cose_sign1() -> None:
    plain = nitro.document()
    assert parse_document(b"\xd2" + plain) == parse_document(plain)


@pytest.mark.parametrize("tag", [17, 98, 19, 61])
def test_refuses_any_other_tag(tag: int) -> None:
    head = bytes([0xC0 + tag]) if tag < 24 else bytes([0xD8, tag])
    assert reason_for(head + nitro.document()) is Reason.COSE_TAG


def test_refuses_a_tag_inside_a_tag() -> None:
    assert reason_for(b"\xd2\xd2" + nitro.document()) is Reason.COSE_FORM


def test_refuses_a_document_of_more_than_16_kib_and_not_one_of_so_much() -> None:
    plain = nitro.document()
    assert reason_for(plain + bytes(MAX_DOCUMENT_BYTES - len(plain))) is Reason.TRAILING_BYTES
    assert reason_for(plain + bytes(MAX_DOCUMENT_BYTES - len(plain) + 1)) is Reason.TOO_LARGE


def test_refuses_bytes_after_the_document() -> None:
    assert reason_for(nitro.document() + b"\x00") is Reason.TRAILING_BYTES


def test_refuses_bytes_after_the_content() -> None:
    payload = cbor2.loads(nitro.document())[2]
    assert reason_for(nitro.with_parts(nitro.document(), payload=payload + b"\x00")) is Reason.TRAILING_BYTES


@pytest.mark.parametrize("indefinite", [True, False])
def test_refuses_a_duplicate_key_in_the_content(indefinite: bool) -> None:
    payload = cbor2.loads(nitro.document(indefinite=indefinite))[2]
    again = cbor2.dumps("nonce") + cbor2.dumps(b"another")
    doubled = payload[:-1] + again + b"\xff" if indefinite else bytes([payload[0] + 1]) + payload[1:] + again
    # A library takes the last of the two and says nothing.
    assert cbor2.loads(doubled)["nonce"] == b"another"
    assert reason_for(nitro.with_parts(nitro.document(), payload=doubled)) is Reason.DUPLICATE_KEY


@pytest.mark.parametrize("index", [0, 8])
def test_refuses_a_register_told_twice(index: int) -> None:
    members = cbor2.dumps(nitro.content()["pcrs"])[1:]
    again = cbor2.dumps(index) + cbor2.dumps(b"\x66" * 48)
    doubled = b"\xbf" + members + again + b"\xff"
    payload = cbor2.dumps(nitro.content(pcrs="<here>")).replace(cbor2.dumps("<here>"), doubled)
    assert reason_for(nitro.with_parts(nitro.document(), payload=payload)) is Reason.DUPLICATE_KEY


@pytest.mark.parametrize(
    "protected",
    [{1: -7}, {1: -36}, {1: 5}, {}, {1: -35, 4: b"kid"}, {4: b"kid"}, {"alg": -35}, [1, -35]],
    ids=str,
)
def test_refuses_any_algorithm_but_es384_and_any_header_beside_it(protected: object) -> None:
    changed = nitro.with_parts(nitro.document(), protected=cbor2.dumps(protected))
    assert reason_for(changed) is Reason.ALGORITHM


@pytest.mark.parametrize("length", [0, 64, 95, 97, 132])
def test_refuses_a_signature_of_another_length(length: int) -> None:
    assert reason_for(nitro.with_parts(nitro.document(), signature=bytes(length))) is Reason.SIGNATURE_LENGTH


@pytest.mark.parametrize(
    "changed",
    [
        {"unprotected": {4: b"kid"}},
        {"unprotected": []},
        {"payload": None},
        {"signature": "x"},
        {"protected": {}},
    ],
    ids=str,
)
def test_refuses_what_is_no_cose_sign1(changed: dict[str, Any]) -> None:
    assert reason_for(nitro.with_parts(nitro.document(), **changed)) is Reason.COSE_FORM


@pytest.mark.parametrize("value", [[], [b""] * 3, [b""] * 5, {}, "x", 1, None])
def test_refuses_another_outer_shape(value: object) -> None:
    assert reason_for(cbor2.dumps(value)) is Reason.COSE_FORM


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("digest", "SHA256"),
        ("digest", None),
        ("module_id", ""),
        ("module_id", "i-0123456789abcdef0"),
        ("module_id", "i-0123456789abcdef0-enc\x1b[2J"),
        ("module_id", b"i-0123456789abcdef0-enc01"),
        ("module_id", ...),
        ("timestamp", 0),
        ("timestamp", -1),
        ("timestamp", True),
        ("timestamp", "1"),
        ("timestamp", 2**63),
        ("timestamp", 253402300800000),
        ("pcrs", []),
        ("pcrs", {**nitro.pcrs(), 32: nitro.ZERO}),
        ("pcrs", {**nitro.pcrs(), -1: nitro.ZERO}),
        ("pcrs", {"0": nitro.ZERO}),
        ("pcrs", nitro.pcrs(pcr0=bytes(32))),
        ("pcrs", nitro.pcrs(pcr0=bytes(64))),
        ("pcrs", nitro.pcrs(pcr9=b"")),
        ("pcrs", nitro.pcrs(pcr0="x" * 48)),
        ("certificate", b""),
        ("certificate", None),
        ("certificate", bytes(2049)),
        ("cabundle", []),
        ("cabundle", None),
        ("cabundle", [b""]),
        ("cabundle", ["x"]),
        ("cabundle", [b"x"] * 9),
        ("public_key", b""),
        ("public_key", bytes(1025)),
        ("user_data", bytes(1025)),
        ("user_data", "x"),
        ("nonce", bytes(1025)),
        ("nonce", 1),
    ],
)
def test_refuses_a_member_that_is_not_as_it_should_be(member: str, value: Any) -> None:
    assert reason_for(nitro.document(**{member: value})) is Reason.CONTENT


@pytest.mark.parametrize("value", [[], "x", b"x", 1, None, True])
def test_refuses_content_that_is_no_map(value: object) -> None:
    assert reason_for(nitro.signed(cbor2.dumps(value))) is Reason.CONTENT


@pytest.mark.parametrize("index", range(5))
def test_refuses_a_document_that_leaves_a_register_out(index: int) -> None:
    assert reason_for(nitro.document(pcrs=nitro.pcrs(**{f"pcr{index}": ...}))) is Reason.PCR_MISSING


@pytest.mark.parametrize("length", [0, 1, 512, 1024])
def test_takes_as_much_user_data_as_aws_may_issue(length: int) -> None:
    told = parse_document(nitro.document(user_data=bytes(length), nonce=bytes(length))).content
    assert told.user_data == told.nonce == bytes(length)


def test_takes_32_registers() -> None:
    registers = {**nitro.pcrs(), **dict.fromkeys(range(16, 32), nitro.ZERO)}
    assert len(parse_document(nitro.document(pcrs=registers)).content.pcrs) == 32


def test_nothing_but_public_facts_is_in_its_representation() -> None:
    told = repr(parse_document(nitro.document(user_data=b"segredo", nonce=b"segredo", public_key=b"segredo")))
    assert "segredo" not in told
