"""Whatever is uploaded, the judgement is an answer and never an exception."""

import itertools
import time
import warnings

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.certificates.judgement import Judgement, judge
from aval.certificates.rules import Rule
from tests.support import pki
from tests.support.mutations import mutations, originals

MUTATED_FILES = 20_000
SEEDS = range(4)


def judged(upload: bytes) -> Judgement:
    judgement = judge(upload, truststore=pki.truststore(), at=pki.START, cnpj=pki.COMPANY)
    assert judgement.verdicts
    assert all(verdict.detail for verdict in judgement.verdicts)
    assert judgement.accepted == (judgement.certificate is not None and not judgement.refusals)
    return judgement


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_certificate_is_answered_and_not_accepted(seed: int) -> None:
    answered = 0
    kept = set(originals())
    for upload in mutations(originals(), seed, MUTATED_FILES // len(SEEDS)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            judgement = judged(upload)
        assert not judgement.accepted or upload in kept
        answered += 1
    assert answered == MUTATED_FILES // len(SEEDS)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(upload: bytes) -> None:
    assert judged(upload).refusals


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 3000), st.binary(max_size=8), st.integers(0, 8))
def test_a_certificate_with_bytes_replaced_is_answered(at: int, replacement: bytes, cut: int) -> None:
    original = pki.leaf()
    at %= len(original)
    judged(original[:at] + replacement + original[at + cut :])


def replaced(old: bytes, new: bytes, *, times: int = 1) -> bytes:
    upload = pki.leaf(serial=0x5A5A5A5A)
    assert upload.count(old) >= times
    assert len(old) == len(new)
    return upload.replace(old, new, times)


def test_a_negative_serial_is_read_with_its_sign() -> None:
    judgement = judged(replaced(b"\x02\x04\x5a\x5a\x5a\x5a", b"\x02\x04\xda\x5a\x5a\x5a"))
    assert judgement.certificate is not None
    assert judgement.certificate.serial_number == "-25A5A5A6"
    assert [verdict.rule for verdict in judgement.refusals] == [Rule.CADEIA]


@pytest.mark.parametrize("version", [b"\x00", b"\x01", b"\x05", b"\xff"])
def test_a_strange_version_is_answered(version: bytes) -> None:
    assert judged(replaced(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01" + version)).refusals


def test_a_repeated_extension_is_no_certificate() -> None:
    upload = replaced(bytes.fromhex("0603551d23"), bytes.fromhex("0603551d0e"))
    assert [verdict.rule for verdict in judged(upload).refusals] == [Rule.FORMATO]


def test_an_unknown_key_algorithm_is_a_fault_of_the_key() -> None:
    upload = replaced(bytes.fromhex("06092a864886f70d010101"), bytes.fromhex("06092a864886f70d010163"))
    assert Rule.CHAVE in {verdict.rule for verdict in judged(upload).refusals}


def test_an_unknown_signature_algorithm_is_a_fault_of_signature_and_path() -> None:
    old, new = (bytes.fromhex(f"06092a864886f70d0101{last}") for last in ("0b", "63"))
    rules = {verdict.rule for verdict in judged(replaced(old, new, times=2)).refusals}
    assert {Rule.ASSINATURA, Rule.CADEIA} <= rules


def test_a_signature_with_unused_bits_is_another_file_and_refused() -> None:
    upload = next(
        upload for serial in itertools.count(1) if (upload := pki.leaf(serial=serial))[-1] & 0x0F == 0
    )
    assert judged(upload).accepted
    at = upload.rindex(b"\x03\x82\x01\x01\x00") + 4
    rules = {verdict.rule for verdict in judged(upload[:at] + b"\x04" + upload[at + 1 :]).refusals}
    assert Rule.CADEIA in rules


def dated(begins: bytes, ends: bytes) -> bytes:
    """A certificate whose dates are GeneralizedTime (RFC 5280, section 4.1.2.5.2)."""
    upload = pki.leaf()
    at = upload.index(b"\x30\x1e\x17\x0d")  # as long as this, it is in no random serial
    times = b"".join(bytes((0x18, len(time))) + time for time in (begins, ends))
    changed = bytearray(upload[:at] + bytes((0x30, len(times))) + times + upload[at + 32 :])
    for offset in (2, 6):
        length = int.from_bytes(changed[offset : offset + 2], "big") + len(times) - 30
        changed[offset : offset + 2] = length.to_bytes(2, "big")
    return bytes(changed)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (b"00010101000000Z", b"99991231235959Z"),
        (b"99991231235959Z", b"00010101000000Z"),
        (b"00010101000000Z", b"00010101000000Z"),
        (b"99991231235959Z", b"99991231235959Z"),
    ],
)
def test_dates_at_the_ends_of_the_calendar_are_faults_of_validity(begins: bytes, ends: bytes) -> None:
    assert {verdict.rule for verdict in judged(dated(begins, ends)).refusals} == {Rule.CADEIA, Rule.VALIDADE}


DESCRIPTION = x509.ObjectIdentifier("2.5.4.13")
MARKS = "a" + "\u0315\u0300" * 12_000


@pytest.mark.parametrize(
    "upload",
    [
        b"A" + b" " * 65_000 + b"!",
        b"\xff\xfe" + "A".ljust(32_000).encode("utf-16-le") + b"!\0",
        b"-----BEGIN " * 5_900,
        b"\x30\x80" * 32_000,
        b"\x30\x84\x00\x00\xff\xff" * 10_000,
        pki.leaf(subject=x509.Name([x509.NameAttribute(DESCRIPTION, MARKS)])),
    ],
    ids=["blanks", "wide blanks", "beginnings", "open sequences", "long lengths", "combining marks"],
)
def test_no_upload_buys_much_time(upload: bytes) -> None:
    started = time.perf_counter()
    assert judged(upload).refusals
    assert time.perf_counter() - started < 1
