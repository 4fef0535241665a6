"""A company's system user: its certificates in service, and the states that follow from them at a moment."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from aval.certificates.certificate import Certificate
from aval.certificates.revocation import RevocationStanding
from aval.identifiers import Cnpj, Fingerprint

MAX_CERTIFICATES: Final = 2
"""Adhesion guide, "Características do certificado digital": two certificates per CNPJ."""
EXPIRING_WITHIN: Final = timedelta(days=30)
"""The guide's first notice; what is noticed is also shown."""


class Situation(StrEnum):
    ADERIDO = "ADERIDO"
    NAO_ADERIDO = "NAO_ADERIDO"


class CompanyStatus(StrEnum):
    SEM_CERTIFICADO = "SEM_CERTIFICADO"
    VIGENTE = "VIGENTE"
    A_VENCER = "A_VENCER"
    VENCIDO = "VENCIDO"


class CertificateStatus(StrEnum):
    VIGENTE = "VIGENTE"
    A_VENCER = "A_VENCER"
    VENCIDO = "VENCIDO"
    REVOGADO = "REVOGADO"
    EXCLUIDO = "EXCLUIDO"


@dataclass(frozen=True, slots=True)
class RegisteredCertificate:
    """A certificate of a company, in service until it is removed."""

    company: Cnpj
    facts: Certificate
    name: str
    standing: RevocationStanding
    warnings: tuple[str, ...]
    last_modified: datetime
    modified_by: str = field(repr=False)
    removed_at: datetime | None = None

    @property
    def fingerprint(self) -> Fingerprint:
        return self.facts.fingerprint

    @property
    def ends(self) -> datetime:
        return self.facts.not_after

    def status(self, at: datetime) -> CertificateStatus:
        if self.removed_at is not None:
            return CertificateStatus.EXCLUIDO
        if self.standing is RevocationStanding.REVOGADO:
            return CertificateStatus.REVOGADO
        # notAfter still belongs to the validity: RFC 5280, section 4.1.2.5.
        if at > self.ends:
            return CertificateStatus.VENCIDO
        return CertificateStatus.A_VENCER if self.ends - at <= EXPIRING_WITHIN else CertificateStatus.VIGENTE

    def is_usable(self, at: datetime) -> bool:
        """Whether a system may connect with it at this moment."""
        return self.facts.not_before <= at and self.status(at) in {
            CertificateStatus.VIGENTE,
            CertificateStatus.A_VENCER,
        }


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong passwords since the last right one."""

    count: int = 0
    last_at: datetime | None = None
    locked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Adhesion:
    """What is stored of one company; version 0 means that it never adhered."""

    company: Cnpj
    version: int = 0
    password_hash: str | None = field(default=None, repr=False)
    certificates: tuple[RegisteredCertificate, ...] = ()
    attempts: Attempts = Attempts()

    @property
    def situation(self) -> Situation:
        # Deleting every certificate does not undo the adhesion: the user and its password stay.
        return Situation.ADERIDO if self.password_hash is not None else Situation.NAO_ADERIDO

    def status(self, at: datetime) -> CompanyStatus:
        if not self.certificates:
            return CompanyStatus.SEM_CERTIFICADO
        usable = [certificate.ends for certificate in self.certificates if certificate.is_usable(at)]
        if not usable:
            return CompanyStatus.VENCIDO
        return CompanyStatus.A_VENCER if max(usable) - at <= EXPIRING_WITHIN else CompanyStatus.VIGENTE

    def certificate(self, fingerprint: Fingerprint) -> RegisteredCertificate | None:
        return next((one for one in self.certificates if one.fingerprint == fingerprint), None)
