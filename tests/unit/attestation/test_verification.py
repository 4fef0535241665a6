"""Whole documents: now, then, and where from."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation.chain import LEEWAY
from aval.attestation.document import AttestationDocument
from aval.attestation.measurements import Measurement
from aval.attestation.public_key import rsa_key_of
from aval.attestation.refusals import AttestationRefused, Reason
from aval.attestation.roots import AWS_ROOT, is_hardware
from aval.attestation.verification import MAX_AGE, verify_live, verify_origin, verify_replay
from aval.identifiers import Fingerprint
from tests.support import nitro

MILLISECOND = timedelta(milliseconds=1)
# The order of P-384's group: SEC 2, section 2.5.1.
P384_ORDER = (
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973
)


def live(data: bytes, *, now: datetime = nitro.START, **changed: Any) -> AttestationDocument:
    told: dict[str, Any] = {
        "root": nitro.FINGERPRINT,
        "measurements": [nitro.MEASUREMENT],
        "nonce": nitro.NONCE,
        **changed,
    }
    return verify_live(data, now=now, **told)


def replay(data: bytes, *, measurement: Measurement = nitro.MEASUREMENT) -> AttestationDocument:
    return verify_replay(data, root=nitro.FINGERPRINT, measurements=[measurement])


def live_reason(data: bytes, **changed: Any) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        live(data, **changed)
    return refused.value.reason


def replay_reason(data: bytes) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        replay(data)
    return refused.value.reason


@pytest.mark.parametrize("indefinite", [True, False])
def test_takes_a_lawful_document_now_and_later_for_audit(indefinite: bool) -> None:
    data = nitro.document(indefinite=indefinite)
    assert live(data) == replay(data) == verify_origin(data, root=nitro.FINGERPRINT, at=None)


def test_nothing_but_the_root_tells_a_document_of_hardware_from_one_of_this_machine() -> None:
    data = nitro.document()
    # By construction: one function, one document; the fingerprint alone decides.
    assert verify_origin(data, root=nitro.FINGERPRINT, at=nitro.START)
    with pytest.raises(AttestationRefused) as refused:
        verify_origin(data, root=AWS_ROOT, at=nitro.START)
    assert refused.value.reason is Reason.ROOT
    assert is_hardware(AWS_ROOT)
    assert not is_hardware(nitro.FINGERPRINT)


def test_takes_a_tagged_document() -> None:
    assert live(b"\xd2" + nitro.document())


def test_takes_a_signature_of_either_half() -> None:
    """Of (r, s) and (r, n - s) one has the high s; AWS gives either."""
    data = nitro.document()
    signature = cbor2.loads(data)[3]
    other = P384_ORDER - int.from_bytes(signature[48:], "big")
    assert live(nitro.with_parts(data, signature=signature[:48] + other.to_bytes(48, "big")))


@pytest.mark.parametrize("at", [0, 47, 48, 95])
def test_refuses_a_bad_signature(at: int) -> None:
    data = nitro.document()
    signature = bytearray(cbor2.loads(data)[3])
    signature[at] ^= 1
    assert replay_reason(nitro.with_parts(data, signature=bytes(signature))) is Reason.SIGNATURE


@pytest.mark.parametrize(
    "signature", [bytes(96), b"\xff" * 96, bytes(48) + b"\x01" * 48], ids=["0", "f", "r=0"]
)
def test_refuses_numbers_that_no_signature_has(signature: bytes) -> None:
    assert replay_reason(nitro.with_parts(nitro.document(), signature=signature)) is Reason.SIGNATURE


def test_refuses_a_signature_by_any_key_but_the_leafs() -> None:
    assert replay_reason(nitro.document(signer=nitro.key_of("estranha"))) is Reason.SIGNATURE
    # The instance above it may sign certificates, not documents.
    assert replay_reason(nitro.document(signer=nitro.chain().holders[-2].key)) is Reason.SIGNATURE


def test_refuses_content_of_another_document_under_a_genuine_signature() -> None:
    payload = cbor2.loads(nitro.document(user_data=b"other"))[2]
    assert replay_reason(nitro.with_parts(nitro.document(), payload=payload)) is Reason.SIGNATURE


def test_refuses_the_same_content_encoded_anew() -> None:
    payload = cbor2.loads(nitro.document(indefinite=False))[2]
    assert (
        replay_reason(nitro.with_parts(nitro.document(indefinite=True), payload=payload)) is Reason.SIGNATURE
    )


def test_refuses_a_document_under_the_wrong_root() -> None:
    assert live_reason(nitro.document(), root=Fingerprint("ab" * 32)) is Reason.ROOT


def test_refuses_debug_mode() -> None:
    debug = nitro.document(pcrs=nitro.pcrs(pcr0=nitro.ZERO, pcr1=nitro.ZERO, pcr2=nitro.ZERO))
    assert replay_reason(debug) is Reason.DEBUG
    with pytest.raises(AttestationRefused) as refused:
        verify_origin(debug, root=nitro.FINGERPRINT, at=nitro.START)
    assert refused.value.reason is Reason.DEBUG


@pytest.mark.parametrize("index", [0, 1, 2])
def test_refuses_one_register_of_the_image_at_zero(index: int) -> None:
    data = nitro.document(pcrs=nitro.pcrs(**{f"pcr{index}": nitro.ZERO}))
    assert replay_reason(data) is Reason.PCR_ZERO
    with pytest.raises(AttestationRefused) as refused:
        verify_origin(data, root=nitro.FINGERPRINT, at=nitro.START)
    assert refused.value.reason is Reason.PCR_ZERO


@pytest.mark.parametrize(
    "pcr4", [nitro.ZERO, b"\x66" * 48, hashlib.sha384(b"i-0123456789abcdef0").digest()], ids=["0", "6", "raw"]
)
def test_refuses_an_instance_that_is_not_the_one_named(pcr4: bytes) -> None:
    assert replay_reason(nitro.document(pcrs=nitro.pcrs(pcr4=pcr4))) is Reason.INSTANCE


def test_refuses_a_module_named_after_another_instance() -> None:
    assert replay_reason(nitro.document(module_id="i-0123456789abcdef1-enc01")) is Reason.INSTANCE


def test_takes_a_parent_without_a_role() -> None:
    assert replay(nitro.document(pcrs=nitro.pcrs(pcr3=nitro.ZERO)))


@pytest.mark.parametrize("change", ["pcr0", "pcr1", "pcr2", "pcr8"])
def test_refuses_other_code(change: str) -> None:
    other = nitro.document(pcrs=nitro.pcrs(**{change: b"\x66" * 48}))
    assert live_reason(other) is Reason.PCR_MISMATCH
    assert replay_reason(other) is Reason.PCR_MISMATCH


def test_refuses_an_expected_register_that_the_document_omits() -> None:
    assert live_reason(nitro.document(pcrs=nitro.pcrs(pcr8=...))) is Reason.PCR_MISSING


def test_refuses_to_verify_without_an_expectation() -> None:
    for nothing in ([], [Measurement({})]):
        assert live_reason(nitro.document(), measurements=nothing) is Reason.NO_EXPECTATION
        with pytest.raises(AttestationRefused) as refused:
            verify_replay(nitro.document(), root=nitro.FINGERPRINT, measurements=nothing)
        assert refused.value.reason is Reason.NO_EXPECTATION


@pytest.mark.parametrize("nonce", [b"", b"another", nitro.NONCE[:-1], nitro.NONCE + b"\x00"])
def test_refuses_a_wrong_nonce(nonce: bytes) -> None:
    assert live_reason(nitro.document(), nonce=nonce) is Reason.NONCE


@pytest.mark.parametrize("told", [None, b"", ...])
def test_refuses_a_document_without_a_nonce(told: object) -> None:
    assert live_reason(nitro.document(nonce=told)) is Reason.NONCE
    assert live_reason(nitro.document(nonce=told), nonce=b"") is Reason.NONCE


def test_refuses_a_stale_document_whose_chain_still_holds() -> None:
    data = nitro.document()
    assert live(data, now=nitro.START + MAX_AGE)
    assert live_reason(data, now=nitro.START + MAX_AGE + MILLISECOND) is Reason.STALE
    assert live(data, now=nitro.START + MAX_AGE + MILLISECOND, max_age=timedelta(hours=1))


def test_refuses_an_expired_document_and_takes_it_for_audit() -> None:
    data = nitro.document()
    late = nitro.START + timedelta(days=1)
    assert live_reason(data, now=late, max_age=timedelta(days=365)) is Reason.EXPIRED
    assert replay(data)


def test_refuses_a_document_that_is_not_yet_valid() -> None:
    early = nitro.START - timedelta(hours=1)
    assert live_reason(nitro.document(), now=early) is Reason.NOT_YET_VALID


def test_refuses_a_document_from_the_future_and_says_that_the_clock_is_off() -> None:
    later = nitro.content()["timestamp"] + LEEWAY // MILLISECOND
    assert live(nitro.document(timestamp=later))
    with pytest.raises(AttestationRefused, match="o relógio está atrasado") as refused:
        live(nitro.document(timestamp=later + 1))
    assert refused.value.reason is Reason.CLOCK


def test_a_document_made_outside_its_chain_does_not_hold_for_audit() -> None:
    hour = 3_600_000
    early, late = (nitro.content()["timestamp"] + hours * hour for hours in (-1, 4))
    assert replay_reason(nitro.document(timestamp=early)) is Reason.NOT_YET_VALID
    assert replay_reason(nitro.document(timestamp=late)) is Reason.EXPIRED


@pytest.mark.parametrize("year", [1, 9999])
def test_no_moment_is_too_far_to_be_judged(year: int) -> None:
    at = nitro.START.replace(year=year)
    with pytest.raises(AttestationRefused):
        verify_origin(nitro.document(), root=nitro.FINGERPRINT, at=at, max_age=MAX_AGE)


def test_where_it_comes_from_says_nothing_of_its_code() -> None:
    other = nitro.document(pcrs=nitro.pcrs(pcr0=b"\x66" * 48))
    assert verify_origin(other, root=nitro.FINGERPRINT, at=nitro.START).pcrs[0] == b"\x66" * 48


def spki(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_gives_the_rsa_key_that_the_document_vouches_for() -> None:
    key = rsa.generate_private_key(65537, 2048)
    assert rsa_key_of(replay(nitro.document(public_key=spki(key)))) == key.public_key()


def test_refuses_a_public_key_that_is_not_rsa_in_der() -> None:
    key = rsa.generate_private_key(65537, 2048)
    pkcs1 = key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what is refused
    wrong = [
        None,
        b"x",
        b"\x30\x00",
        pkcs1,
        pem,
        spki(key) + b"\x00",
        spki(nitro.key_of("folha")),
        spki(short),
    ]
    for told in wrong:
        document = replay(nitro.document(public_key=told))
        with pytest.raises(AttestationRefused) as refused:
            rsa_key_of(document)
        assert refused.value.reason is Reason.PUBLIC_KEY
    with pytest.raises(AttestationRefused, match="3072"):
        rsa_key_of(replay(nitro.document(public_key=spki(key))), at_least_bits=3072)
