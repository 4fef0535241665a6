"""One certificate, read once: what the rest of the product may know of it."""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from aval.certificates.holder import cnpj_of_holder
from aval.certificates.names import name_key
from aval.errors import DomainError
from aval.identifiers import Cnpj, Fingerprint

# What `cryptography` raises late, from fields that it parses only when asked.
UNREADABLE: Final = (
    ValueError,
    TypeError,  # a name's attribute of bit-string type
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)
# Critical extensions that the rules of this package take into account (RFC 5280, section 4.2).
_UNDERSTOOD: Final = frozenset({"2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.37"})
_WEB: Final = ("http://", "https://")
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


class CertificateUnreadable(DomainError):
    """Bytes that parse as a certificate from afar, and not from near."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is kept and shown; a name may hold a CPF (the issuer's too, if self-signed): `repr` has none."""

    der: bytes = field(repr=False)
    fingerprint: Fingerprint
    subject_key: str
    subject: str = field(repr=False)
    issuer: str = field(repr=False)
    issuer_key: str
    certifier: str = field(repr=False)
    serial_number: str
    version: str
    not_before: datetime
    not_after: datetime
    holder_cnpj: Cnpj | None
    crl_urls: tuple[str, ...]
    authority_key: str

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Read a certificate that was judged before; raise `CertificateUnreadable` when it is damaged."""
        return cls.from_parsed(parse(der))

    @classmethod
    def from_parsed(cls, parsed: "Parsed") -> Self:
        certificate, extensions = parsed.certificate, parsed.extensions
        try:
            return cls(
                der=parsed.der,
                fingerprint=parsed.fingerprint,
                subject_key=parsed.subject_key,
                subject=certificate.subject.rfc4514_string(),
                issuer=certificate.issuer.rfc4514_string(),
                issuer_key=parsed.issuer_key,
                certifier=_certifier(certificate.issuer),
                serial_number=parsed.serial_number,
                version=f"{certificate.version.value + 1}.0",
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
                holder_cnpj=cnpj_of_holder(certificate.subject, extensions),
                crl_urls=distribution_urls(extensions),
                authority_key=_authority_key(extensions),
            )
        except UNREADABLE as failure:
            raise CertificateUnreadable("o certificado tem campos que não podem ser lidos") from failure


@dataclass(frozen=True, slots=True)
class Parsed:
    """A certificate whose names and extensions were read already, so that they do not fail later."""

    der: bytes = field(repr=False)
    certificate: x509.Certificate = field(repr=False)
    extensions: x509.Extensions = field(repr=False)
    fingerprint: Fingerprint
    subject_key: str
    issuer_key: str
    serial_number: str

    def unknown_critical(self) -> list[str]:
        return [
            item.oid.dotted_string
            for item in self.extensions
            if item.critical and item.oid.dotted_string not in _UNDERSTOOD
        ]

    def public_key(self) -> CertificatePublicKeyTypes | None:
        """The key, or None when it is of a kind that the library does not know or cannot decode."""
        try:
            return self.certificate.public_key()
        except UNREADABLE:
            return None

    def may_be_tls_client(self) -> bool | None:
        """Whether the extended key usage names clientAuth; None without the extension."""
        usage = find(self.extensions, x509.ExtendedKeyUsage)
        return None if usage is None else ExtendedKeyUsageOID.CLIENT_AUTH in usage


def parse(der: bytes) -> Parsed:
    """Raise `CertificateUnreadable` for anything but one well-formed certificate."""
    try:
        with _oddities_allowed():
            certificate = x509.load_der_x509_certificate(der)
            return Parsed(
                der=der,
                certificate=certificate,
                extensions=certificate.extensions,
                fingerprint=Fingerprint(hashlib.sha256(der).hexdigest()),
                subject_key=name_key(certificate.subject),
                issuer_key=name_key(certificate.issuer),
                serial_number=serial_text(certificate.serial_number),
            )
    except UNREADABLE as failure:
        raise CertificateUnreadable("o certificado está danificado ou fora da norma X.509") from failure


@contextmanager
def _oddities_allowed() -> Iterator[None]:
    """The library warns of serials that are not positive and of names of odd length; no rule minds them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        yield


def find(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    """The extension of a kind, or None."""
    # The exact class: `isinstance` would go through the abstract base's registry each time.
    return next((item.value for item in extensions if type(item.value) is kind), None)


def distribution_urls(extensions: x509.Extensions) -> tuple[str, ...]:
    points = find(extensions, x509.CRLDistributionPoints)
    names = [name for point in points or () for name in point.full_name or ()]
    return tuple(
        name.value
        for name in names
        if isinstance(name, x509.UniformResourceIdentifier) and name.value.lower().startswith(_WEB)
    )


def serial_text(serial: int) -> str:
    """Upper-case hexadecimal of whole octets; a negative serial, which RFC 5280 forbids, keeps its sign."""
    digits = f"{abs(serial):X}"
    return ("-" if serial < 0 else "") + digits.zfill(len(digits) + len(digits) % 2)


def _certifier(issuer: x509.Name) -> str:
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in issuer.get_attributes_for_oid(oid):
            if isinstance(attribute.value, str) and attribute.value.strip():
                return attribute.value
    return issuer.rfc4514_string()


def _authority_key(extensions: x509.Extensions) -> str:
    authority = find(extensions, x509.AuthorityKeyIdentifier)
    return authority.key_identifier.hex() if authority is not None and authority.key_identifier else ""
