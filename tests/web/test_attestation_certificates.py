"""Rules of form that Python leaves to its library: the page asks them by itself, and judges alike."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from aval.attestation.refusals import Reason
from local.issuing import extension
from local.nsm.authority import Holder
from tests.support import nitro
from tests.support.nitro import Chain, shapes
from tests.web.attestation_vectors import Vector, judged_by_the_page, replay_vector

Change = Callable[[Any], None]
_PLACES: Final = {"raiz": 0, "regiao": 1, "folha": 4}


def vector_of(data: bytes) -> Vector:
    return replay_vector(data, nitro.FINGERPRINT, [nitro.MEASUREMENT])


def page_and_python(data: bytes) -> tuple[str | None, str | None]:
    vector = vector_of(data)
    [judgement] = judged_by_the_page([vector])
    return judgement.get("refused"), vector.outcome.get("refused")


def issued_again(rank: str, change: Change, *, bytes_changed: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """A document under a chain of which one certificate is changed, and signed again by who issued it."""
    place, holders = _PLACES[rank], nitro.chain().holders
    der = signed_again(holders[place], holders[place - 1].key, change, bytes_changed)
    certificates = [*(holder.der for holder in holders[:place]), der]
    certificates += [holder.der for holder in holders[place + 1 :]]
    return nitro.document(certificate=certificates[-1], cabundle=certificates[:-1])


def signed_again(
    holder: Holder, key: ec.EllipticCurvePrivateKey, change: Change, bytes_changed: tuple[bytes, bytes]
) -> bytes:
    certificate = asn1.Certificate.load(holder.der)
    content = certificate["tbs_certificate"].copy()
    change(content)
    before, after = bytes_changed
    assert len(before) == len(after)
    told = content.dump(force=True)
    assert before in told
    told = told.replace(before, after, 1)
    signature = core.OctetBitString(key.sign(told, ec.ECDSA(hashes.SHA384())))
    parts: bytes = told + certificate["signature_algorithm"].dump() + signature.dump()
    return b"\x30\x82" + len(parts).to_bytes(2, "big") + parts


def not_critical(kind: str) -> Change:
    def change(content: Any) -> None:
        for one in content["extensions"]:
            if one["extn_id"].native == kind:
                one["critical"] = False

    return change


def told_twice(content: Any) -> None:
    content["extensions"].append(content["extensions"][0].copy())


def general_time(content: Any) -> None:
    begins = content["validity"]["not_before"].native
    content["validity"]["not_before"] = asn1.Time("general_time", core.GeneralizedTime(begins))


def version(number: str | int) -> Change:
    def change(content: Any) -> None:
        content["version"] = number

    return change


def serial(number: int) -> Change:
    def change(content: Any) -> None:
        content["serial_number"] = number

    return change


def other_algorithm(content: Any) -> None:
    content["signature"] = {"algorithm": "sha256_ecdsa"}


def nothing(_: Any) -> None:
    pass


@pytest.mark.parametrize("rank", ["regiao", "folha"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (nothing, None),
        (serial(0), None),
        (serial(1 << 160), None),
        (serial(1 << 167), Reason.CHAIN_SIGNATURE),
        (serial(-5), Reason.CHAIN_SIGNATURE),
        (general_time, Reason.CHAIN_SIGNATURE),
        (other_algorithm, Reason.CHAIN_SIGNATURE),
        (told_twice, Reason.CERTIFICATE),
        (version("v2"), Reason.CERTIFICATE),
        (version(3), Reason.CERTIFICATE),
    ],
    ids=[
        "as it was",
        "serial 0",
        "serial of 21 octets",
        "serial of 22",
        "negative serial",
        "time in another form",
        "algorithm told otherwise inside",
        "extension twice",
        "version 2",
        "version 4",
    ],
)
def test_a_certificate_signed_anew_is_judged_alike(
    rank: str, change: Change, expected: Reason | None
) -> None:
    assert page_and_python(issued_again(rank, change)) == (expected, expected)


@pytest.mark.parametrize("kind", ["basic_constraints", "key_usage"])
def test_an_authority_marks_its_limits_as_critical_and_a_leaf_need_not(kind: str) -> None:
    refused = (Reason.CHAIN_SIGNATURE, Reason.CHAIN_SIGNATURE)
    assert page_and_python(issued_again("regiao", not_critical(kind))) == refused
    assert page_and_python(issued_again("folha", not_critical(kind))) == (None, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"260701120000Z", b"260631120000Z"),
        (b"260701120000Z", b"260701126000Z"),
        (b"260701120000Z", b"260701120000z"),
        (b"260701120000Z", b"2607011200+00"),
        (b"\x04\x08\x30\x06\x01\x01\xff\x02", b"\x04\x08\x30\x06\x01\x01\x01\x02"),
        (b"\x04\x08\x30\x06\x01\x01\xff\x02", b"\x04\x08\x30\x06\x01\x01\x00\x02"),
        (b"\x04\x08\x30\x06\x01\x01\xff\x02", b"\x04\x08\x30\x05\x01\x01\xff\x02"),
        (b"\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x01", b"\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x09"),
        (b"\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04", b"\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x05"),
        (b"\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04", b"\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x01\x04"),
    ],
    ids=[
        "no such day",
        "no such minute",
        "no Z",
        "no seconds",
        "another truth",
        "false told",
        "bytes too many",
        "bits too many",
        "no point",
        "no octets",
    ],
)
def test_a_certificate_with_a_value_spelt_otherwise_is_unreadable(before: bytes, after: bytes) -> None:
    data = issued_again("regiao", nothing, bytes_changed=(before, after))
    assert page_and_python(data) == (Reason.CERTIFICATE, Reason.CERTIFICATE)


@pytest.mark.parametrize("value", [b"", b"\x04", b"\x04\x05abc", b"\x04\x01a\x00"])
def test_an_extension_that_is_no_der_makes_a_certificate_unreadable(value: bytes) -> None:
    identifier = x509.UnrecognizedExtension(x509.SubjectKeyIdentifier.oid, value)
    regional = {"identifiers": False, "extensions": (extension(identifier),)}
    data = nitro.document_of(Chain.of(shapes(regiao=regional)))
    assert page_and_python(data) == (Reason.CERTIFICATE, Reason.CERTIFICATE)


def test_the_page_takes_authorities_on_p384_alone_where_python_takes_what_its_library_does() -> None:
    def keys(name: str) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1()) if name == "zona" else nitro.key_of(name)

    other = nitro.document_of(Chain.of(shapes(), keys=keys))
    assert page_and_python(other) == (Reason.CHAIN_SIGNATURE, None)
