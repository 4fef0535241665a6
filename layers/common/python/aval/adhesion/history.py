"""What happened to a company's access: who, when, what, from which state to which."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from aval.adhesion.company import CertificateStatus, RegisteredCertificate, Situation

SYSTEM: Final = "Sistema"
"""The author of what nobody asked for: removals at expiry, revocations, locks."""


class Act(StrEnum):
    PASSWORD_SET = "SENHA_DEFINIDA"
    CERTIFICATE_ADDED = "CERTIFICADO_ADICIONADO"
    CERTIFICATE_DELETED = "CERTIFICADO_EXCLUIDO"
    CERTIFICATE_EXPIRED = "CERTIFICADO_REMOVIDO_POR_VENCIMENTO"
    CERTIFICATE_REVOKED = "CERTIFICADO_REVOGADO"
    ACCESS_LOCKED = "ACESSO_BLOQUEADO"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """`target` is a certificate's file name and fingerprint, or empty; `author` a name, never a CPF."""

    at: datetime
    author: str = field(repr=False)
    act: Act
    target: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Newest first; `next_cursor` continues where this page ended."""

    entries: tuple[HistoryEntry, ...]
    next_cursor: str | None


def describe(certificate: RegisteredCertificate) -> str:
    return f"{certificate.name} ({certificate.fingerprint})"


def password_set(*, at: datetime, author: str, before: Situation) -> HistoryEntry:
    return HistoryEntry(at, author, Act.PASSWORD_SET, "", before, Situation.ADERIDO)


def added(certificates: Iterable[RegisteredCertificate], *, at: datetime) -> tuple[HistoryEntry, ...]:
    return tuple(
        HistoryEntry(at, one.modified_by, Act.CERTIFICATE_ADDED, describe(one), "", one.status(at))
        for one in certificates
    )


def deleted(
    certificates: Iterable[RegisteredCertificate], *, at: datetime, author: str
) -> tuple[HistoryEntry, ...]:
    return tuple(
        HistoryEntry(
            at, author, Act.CERTIFICATE_DELETED, describe(one), one.status(at), CertificateStatus.EXCLUIDO
        )
        for one in certificates
    )
