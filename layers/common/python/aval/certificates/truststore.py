"""Who may issue: trusted roots, the authorities under them, and the pins that say which roots may be."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import AuthorityInformationAccessOID

from aval.certificates.certificate import (
    CertificateUnreadable,
    Parsed,
    distribution_urls,
    find,
    parse,
)
from aval.certificates.signatures import SignatureRefused, verify_signature
from aval.errors import DomainError
from aval.identifiers import Fingerprint

# Published by ITI; docs/certificates.md, section "Truststore".
ICP_BRASIL_ROOTS: Final = frozenset(
    {
        "caa53fc6091c6951887c976e378f6ef89aa6377c55d97b6475422b71ed7e9b17",  # v5
        "6e0bff069a26994c15de2c4888cc54af84882e5495b7fbf66be9ccffec7489f6",  # v10
        "d8478e37ce19c690cf657381e68fe600e4e1a042536830f06847e03e554c4b01",  # v12
    }
)
_PEM_BLOCK: Final = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


class TruststoreRefused(DomainError):
    """A truststore that cannot be read, or that trusts a root that nobody pinned."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A certification authority's certificate, with what a path asks of it read once."""

    parsed: Parsed = field(repr=False)
    subject_key: str
    issuer_key: str
    not_before: datetime
    not_after: datetime
    is_anchor: bool
    is_ca: bool
    path_length: int | None
    may_sign_certificates: bool
    may_sign_lists: bool
    key: CertificatePublicKeyTypes | None = field(repr=False)
    key_id: str
    has_unknown_critical: bool
    may_serve_tls_clients: bool

    @property
    def name(self) -> str:
        return self.parsed.certificate.subject.rfc4514_string()

    def is_valid(self, at: datetime) -> bool:
        return self.not_before <= at <= self.not_after

    @property
    def is_self_issued(self) -> bool:
        return self.subject_key == self.issuer_key


@dataclass(frozen=True, slots=True)
class Truststore:
    authorities: tuple[Authority, ...]
    _by_subject: Mapping[str, tuple[Authority, ...]] = field(repr=False)
    _fingerprints: frozenset[Fingerprint] = field(repr=False)
    # Whether one authority signed another does not change with time, so each pair is checked once.
    _signed: dict[tuple[str, str], bool] = field(repr=False, default_factory=dict)

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Self-signed certificates are the anchors, the others intermediates; raise `TruststoreRefused`."""
        return cls.of(parse_all(certificates_in(pem)))

    @classmethod
    def of(cls, certificates: Iterable[Parsed]) -> Self:
        distinct = {parsed.fingerprint: parsed for parsed in certificates}
        authorities = tuple(_authority(parsed) for parsed in distinct.values())
        by_subject: dict[str, tuple[Authority, ...]] = {}
        for authority in authorities:
            by_subject[authority.subject_key] = (*by_subject.get(authority.subject_key, ()), authority)
        return cls(authorities, by_subject, frozenset(distinct))

    @property
    def anchors(self) -> tuple[Authority, ...]:
        return tuple(authority for authority in self.authorities if authority.is_anchor)

    def named(self, subject_key: str) -> tuple[Authority, ...]:
        """Every authority of that name: one name may have several keys, one key several certificates."""
        return self._by_subject.get(subject_key, ())

    def has_signed(self, parent: Authority, child: Parsed) -> bool:
        """Whether `parent`'s key made `child`'s signature; this alone trusts nobody."""
        pair = (parent.parsed.fingerprint, child.fingerprint)
        known = self._signed.get(pair)
        if known is not None:
            return known
        answer = _is_signed_by(parent, child)
        if child.fingerprint in self._fingerprints:
            self._signed[pair] = answer
        return answer

    def allowed_revocation_hosts(self) -> frozenset[str]:
        """The hosts where these authorities say that they publish; nothing else is ever fetched."""
        urls = [url for authority in self.authorities for url in _published_at(authority.parsed.extensions)]
        return frozenset(host for host in map(_host, urls) if host)


class TruststoreSource(Protocol):
    def current(self) -> Truststore: ...


def require_pinned(truststore: Truststore, pins: frozenset[str]) -> None:
    """Raise `TruststoreRefused` when there is no anchor, or one that nobody pinned."""
    if not truststore.anchors:
        raise TruststoreRefused("o conjunto de autoridades não contém nenhuma raiz")
    for anchor in truststore.anchors:
        if anchor.parsed.fingerprint not in pins:
            raise TruststoreRefused(f"a raiz {anchor.name} não está entre as raízes fixadas")


def trusted_roots(setting: str) -> frozenset[str]:
    """The pins of a deployment: comma-separated SHA-256, or ICP-Brasil's when the setting is empty."""
    listed = frozenset(item.strip().replace(":", "").lower() for item in setting.split(",") if item.strip())
    return listed or ICP_BRASIL_ROOTS


def certificates_in(content: bytes) -> list[bytes]:
    """The DER of every certificate in a PEM text, or the one that a DER file is."""
    blocks = _PEM_BLOCK.findall(content)
    try:
        return [base64.b64decode(b"".join(block.split()), validate=True) for block in blocks] or [content]
    except binascii.Error as failure:
        raise TruststoreRefused("há um certificado ilegível no conjunto de autoridades") from failure


def parse_all(certificates: Iterable[bytes]) -> list[Parsed]:
    try:
        return [parse(der) for der in certificates]
    except CertificateUnreadable as failure:
        raise TruststoreRefused("há um certificado ilegível no conjunto de autoridades") from failure


def _authority(parsed: Parsed) -> Authority:
    extensions = parsed.extensions
    constraints, usage = find(extensions, x509.BasicConstraints), find(extensions, x509.KeyUsage)
    identifier = find(extensions, x509.SubjectKeyIdentifier)
    key = parsed.public_key()
    return Authority(
        parsed=parsed,
        subject_key=parsed.subject_key,
        issuer_key=parsed.issuer_key,
        not_before=parsed.certificate.not_valid_before_utc,
        not_after=parsed.certificate.not_valid_after_utc,
        is_anchor=parsed.subject_key == parsed.issuer_key and key is not None and _verifies(parsed, key),
        is_ca=constraints is not None and constraints.ca,
        path_length=constraints.path_length if constraints is not None else None,
        may_sign_certificates=usage is None or usage.key_cert_sign,
        may_sign_lists=usage is None or usage.crl_sign,
        key=key,
        key_id=identifier.digest.hex() if identifier is not None else "",
        has_unknown_critical=bool(parsed.unknown_critical()),
        may_serve_tls_clients=parsed.may_be_tls_client() is not False,
    )


def _is_signed_by(parent: Authority, child: Parsed) -> bool:
    return parent.key is not None and _verifies(child, parent.key)


def _verifies(child: Parsed, key: CertificatePublicKeyTypes) -> bool:
    try:
        verify_signature(child.certificate, child.der, key)
    except SignatureRefused:
        return False
    return True


def _published_at(extensions: x509.Extensions) -> list[str]:
    urls = list(distribution_urls(extensions))
    access = find(extensions, x509.AuthorityInformationAccess)
    for description in access or ():
        location = description.access_location
        if description.access_method == AuthorityInformationAccessOID.CA_ISSUERS and isinstance(
            location, x509.UniformResourceIdentifier
        ):
            urls.append(location.value)
    return urls


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
