"""Revocation lists: verified once, kept sorted, looked up at upload and every day (RFC 5280, section 5)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.certificate import UNREADABLE, Certificate, find
from aval.certificates.names import name_key
from aval.certificates.paths import Search
from aval.certificates.rules import Rule, Verdict
from aval.certificates.signatures import SignatureRefused, verify_signature
from aval.certificates.truststore import Authority, Truststore
from aval.errors import DomainError

_ISSUING_DISTRIBUTION_POINT: Final = x509.IssuingDistributionPoint.oid
# Why and since when: listed is revoked all the same. A `certificateIssuer` would change whose serial it is.
_ENTRY_EXTENSIONS: Final = frozenset({x509.CRLReason.oid, x509.InvalidityDate.oid})


class RevocationListRefused(DomainError):
    """A list that is no list, not signed by a trusted authority, stale, or partial in a way not supported."""


class RevocationStanding(StrEnum):
    NAO_REVOGADO = "NAO_REVOGADO"
    REVOGADO = "REVOGADO"
    REVOGACAO_DESCONHECIDA = "REVOGACAO_DESCONHECIDA"


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One verified list; `serials` are sorted records of `width` octets, laid end to end."""

    issuer_key: str
    signer_key: str
    scope: tuple[str, ...]
    this_update: datetime
    next_update: datetime
    width: int
    serials: bytes = field(repr=False)

    @property
    def identity(self) -> str:
        """Lists of one identity replace each other: same issuer, same key, same part of its certificates."""
        told = "\n".join((self.issuer_key, self.signer_key, *self.scope))
        return hashlib.sha256(told.encode()).hexdigest()

    def is_fresh(self, at: datetime) -> bool:
        return self.this_update <= at <= self.next_update

    def covers(self, certificate: Certificate) -> bool:
        """Whether silence of this list means that the certificate stands."""
        keys = {certificate.authority_key, self.signer_key}
        same_key = len(keys) == 1 or "" in keys
        return same_key and (not self.scope or bool(set(self.scope) & set(certificate.crl_urls)))

    def holds(self, serial: int) -> bool:
        if _octets(serial) > self.width:
            return False
        wanted = serial.to_bytes(self.width, "big", signed=True)
        low, high = 0, len(self.serials) // self.width
        while low < high:
            middle = (low + high) // 2
            record = self.serials[middle * self.width : (middle + 1) * self.width]
            if record == wanted:
                return True
            low, high = (middle + 1, high) if record < wanted else (low, middle)
        return False


def standing_by(
    lists: Iterable[RevocationList], certificate: Certificate, at: datetime
) -> RevocationStanding:
    """What the lists of the certificate's issuer say; without a fresh one that covers it, nothing is known.

    A serial found in any list of that issuer revokes, also in one that is stale: nothing un-revokes.
    """
    serial, known = int(certificate.serial_number, 16), False
    for candidate in lists:
        if candidate.issuer_key != certificate.issuer_key:
            continue
        if candidate.covers(certificate) and candidate.holds(serial):
            return RevocationStanding.REVOGADO
        known = known or (candidate.covers(certificate) and candidate.is_fresh(at))
    return RevocationStanding.NAO_REVOGADO if known else RevocationStanding.REVOGACAO_DESCONHECIDA


def read_revocation_list(content: bytes, *, truststore: Truststore, at: datetime) -> RevocationList:
    """Verify a list, fetched or dropped by an operator; raise `RevocationListRefused` saying why not."""
    listed = _load(content)
    try:
        scope = _require_whole(listed.extensions)
        issuer_key, next_update = name_key(listed.issuer), listed.next_update_utc
        this_update = listed.last_update_utc
    except UNREADABLE as failure:
        raise RevocationListRefused("a lista de revogados tem campos ilegíveis") from failure
    if next_update is None or not this_update <= at <= next_update:
        raise RevocationListRefused("a lista de revogados não é atual")
    signer = _require_signer(listed, issuer_key, truststore, at)
    _require_plain_entries(listed)
    width, serials = _pack(listed)
    return RevocationList(issuer_key, signer.key_id, scope, this_update, next_update, width, serials)


class RevocationLists(Protocol):
    """Where verified lists are kept."""

    def standing(self, certificate: Certificate, at: datetime) -> RevocationStanding: ...

    def store(self, verified: RevocationList) -> bool:
        """Keep the list unless one at least as new is kept already; say whether it was kept."""
        ...


def judge_revocation(standing: RevocationStanding) -> Verdict:
    """The rule `revogacao`: a list out of reach does not keep a company out, it is asked again every day."""
    match standing:
        case RevocationStanding.REVOGADO:
            return Verdict(Rule.REVOGACAO, False, "o certificado foi revogado por quem o emitiu; peça outro")
        case RevocationStanding.NAO_REVOGADO:
            return Verdict(Rule.REVOGACAO, True, "não consta da lista de revogados do emissor")
        case RevocationStanding.REVOGACAO_DESCONHECIDA:
            return Verdict(
                Rule.REVOGACAO, True, "sem lista de revogados atual do emissor; será conferido todo dia"
            )


def _load(content: bytes) -> x509.CertificateRevocationList:
    try:
        if content.lstrip().startswith(b"-----BEGIN X509 CRL-----"):
            return x509.load_pem_x509_crl(content)
        return x509.load_der_x509_crl(content)
    except UNREADABLE as failure:
        raise RevocationListRefused("o arquivo não é uma lista de revogados (LCR)") from failure


def _require_whole(extensions: x509.Extensions) -> tuple[str, ...]:
    """The part of its certificates that the list is for, as URLs; empty means all of them."""
    for item in extensions:
        if item.oid == x509.DeltaCRLIndicator.oid or (
            item.critical and item.oid != _ISSUING_DISTRIBUTION_POINT
        ):
            raise RevocationListRefused("a lista de revogados é parcial ou tem extensão crítica desconhecida")
    point = find(extensions, x509.IssuingDistributionPoint)
    if point is None:
        return ()
    partial = point.only_contains_ca_certs or point.only_contains_attribute_certs or point.only_some_reasons
    if partial or point.indirect_crl or point.relative_name:
        raise RevocationListRefused("a lista de revogados é parcial ou indireta")
    names = point.full_name or ()
    return tuple(sorted(name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)))


def _require_signer(
    listed: x509.CertificateRevocationList, issuer_key: str, truststore: Truststore, at: datetime
) -> Authority:
    der = listed.public_bytes(Encoding.DER)
    for authority in truststore.named(issuer_key):
        if authority.key is None or not (authority.is_ca and authority.may_sign_lists):
            continue
        if next(Search(truststore, at).paths(authority.parsed), None) is None:
            continue
        try:
            verify_signature(listed, der, authority.key)
        except SignatureRefused:
            continue
        return authority
    raise RevocationListRefused("nenhuma autoridade confiável assinou a lista de revogados")


def _require_plain_entries(listed: x509.CertificateRevocationList) -> None:
    """RFC 5280, section 5.3: an entry with a critical extension not understood spoils the list."""
    try:
        critical = {item.oid for entry in listed for item in entry.extensions if item.critical}
    except UNREADABLE as failure:
        raise RevocationListRefused("a lista de revogados tem campos ilegíveis") from failure
    if not critical <= _ENTRY_EXTENSIONS:
        raise RevocationListRefused("a lista de revogados tem entrada com extensão crítica desconhecida")


def _pack(listed: x509.CertificateRevocationList) -> tuple[int, bytes]:
    """Sorted records of fixed width: half a million of them are one flat block, searched by halving."""
    serials = [entry.serial_number for entry in listed]
    width = max(map(_octets, serials), default=1)
    return width, b"".join(sorted(serial.to_bytes(width, "big", signed=True) for serial in set(serials)))


def _octets(serial: int) -> int:
    return serial.bit_length() // 8 + 1
