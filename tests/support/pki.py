"""Certificates of the test hierarchy: lawful as they stand, so that a test overrides one thing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.certificate import Certificate
from aval.certificates.truststore import Truststore
from aval.identifiers import Cnpj
from local.hierarchy import Hierarchy
from local.issuing import (
    CNPJ_OTHER_NAME,
    Authority,
    Request,
    StringType,
    authority_request,
    client_extensions,
    name_of,
    new_authority,
    new_key,
)

START = datetime(2026, 7, 1, 12, tzinfo=UTC)
AUTHORITIES_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
COMPANY = Cnpj("12ABC34501DE35")
BRANCH = Cnpj(f"12ABC3450002{Cnpj.check_digits('12ABC3450002')}")
OLD_COMPANY = Cnpj("33047509000149")
PEM = Encoding.PEM
BMP = StringType.BMPString
PRINTABLE = StringType.PrintableString
SUBJECT = "AGENTE DE TESTE LTDA"


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key a name and run: making them is slow, and no test needs its own."""
    return new_key(bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed448_key() -> ed448.Ed448PrivateKey:
    return ed448.Ed448PrivateKey.generate()


@cache
def hierarchy() -> Hierarchy:
    return Hierarchy.create(AUTHORITIES_BEGIN, [rsa_key(f"authority {index}") for index in range(5)])


@cache
def truststore() -> Truststore:
    return Truststore.from_pem(hierarchy().truststore_pem())


def truststore_with(*authorities: Authority) -> Truststore:
    added = b"".join(authority.certificate.public_bytes(Encoding.PEM) for authority in authorities)
    return Truststore.from_pem(hierarchy().truststore_pem() + added)


def leaf_request(
    *,
    cnpj: str | None = COMPANY,
    common_name: str = SUBJECT,
    key: Any = None,
    begins: datetime = START - timedelta(days=1),
    **changes: Any,
) -> Request:
    """The request behind `leaf`; `changes` go to the extensions or to the request, whichever knows them."""
    told = {name: changes.pop(name) for name in ("usages", "other_names", "key_usages") if name in changes}
    request = Request(
        subject=name_of(common_name, serial_number=cnpj),
        key=(key or rsa_key("leaf")).public_key(),
        begins=begins,
        extensions=client_extensions(**told),
    )
    return replace(request, **changes)


def leaf(*, issuer: Authority | None = None, **changes: Any) -> bytes:
    """The DER of a client certificate that the chamber would take at `START`."""
    return (issuer or hierarchy().issuing).issue(leaf_request(**changes)).public_bytes(Encoding.DER)


def certificate(**changes: Any) -> Certificate:
    return Certificate.from_der(leaf(**changes))


def authority(parent: Authority, common_name: str, *, key: Any = None, **changes: Any) -> Authority:
    signing = key or rsa_key(common_name)
    request = authority_request(common_name, signing, AUTHORITIES_BEGIN)
    return new_authority(parent, signing, replace(request, **changes))


def cnpj_in_san(text: str, tag: int) -> tuple[x509.OtherName]:
    """The CNPJ as an otherName whose inner value has the universal tag given."""
    return (x509.OtherName(CNPJ_OTHER_NAME, bytes([tag, len(text)]) + text.encode()),)
