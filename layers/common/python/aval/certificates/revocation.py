"""Revocation lists: verified once, kept sorted, looked up at upload and every day (RFC 5280, section 5)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from aval.certificates.certificate import Certificate
from aval.certificates.rules import Rule, Verdict
from aval.errors import DomainError


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
