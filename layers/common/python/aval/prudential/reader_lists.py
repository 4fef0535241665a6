"""Reader lists that companies stand for: taken at the door in their order, judged anew by the enclave."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aval.certificates.revocation import RevocationLists, RevocationStanding
from aval.certificates.truststore import TruststoreSource
from aval.identifiers import Cnpj
from aval.sealing.authorisation import (
    MOST_ADDITIONS,
    Authorised,
    authorised,
    is_by_certificate,
    require_authorisation,
)
from aval.sealing.readers import Readers
from aval.sealing.refusals import SealReason, SealRefused


@dataclass(frozen=True, slots=True)
class KeptList:
    number: int
    """One more for each list of a company."""
    signed: str = field(repr=False)
    by_certificate: bool
    at: datetime
    by: str
    """Who brought it: `Caller.kind:subject`."""


class ReaderLists(Protocol):
    def latest(self, company: Cnpj) -> Sequence[KeptList]:
        """From the last one that a certificate signed, oldest first: what came before counts no more."""

    def add(self, company: Cnpj, kept: KeptList) -> None:
        """Raise `ReaderListContended` when that number is taken."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a company stands for now, and what was brought for it since a certificate signed."""

    company: Cnpj
    readers: Readers | None
    kept: Sequence[KeptList]


@dataclass(frozen=True, slots=True)
class ReaderAuthorisations:
    lists: ReaderLists
    truststores: TruststoreSource
    revocations: RevocationLists

    def standing(self, company: Cnpj, *, at: datetime) -> Standing:
        kept, held = self._held(company, at)
        return Standing(company, held.readers if held else None, kept)

    def take(self, signed: str, company: Cnpj, *, by: str, at: datetime) -> Standing:
        """The same list again changes nothing. Raise `SealRefused` or `ReaderListContended`."""
        kept_before, held = self._held(company, at)
        if kept_before and kept_before[-1].signed == signed:
            return Standing(company, held.readers if held else None, kept_before)
        # (1) What the enclave will ask, asked of the same roots.
        truststore = self.truststores.current()
        judged = require_authorisation(signed, held, company, truststore, at=at)
        # (2) What it cannot ask: it has no revocation lists.
        if judged.certificate is not None:
            standing = self.revocations.standing(judged.certificate, at)
            if standing is RevocationStanding.REVOGADO:
                raise _refused("o certificado foi revogado por quem o emitiu; use outro")
        # (3) Each use of the list reads all since the last certificate's.
        by_certificate = is_by_certificate(signed)
        if not by_certificate and len(kept_before) > MOST_ADDITIONS:
            raise _refused(
                f"já houve {MOST_ADDITIONS} listas desde a última assinada por certificado; "
                "assine a próxima com o certificado ICP-Brasil (aval leitor autorizar)"
            )
        number = kept_before[-1].number + 1 if kept_before else 1
        kept = KeptList(number, signed, by_certificate, at.replace(microsecond=0), by)
        self.lists.add(company, kept)
        return Standing(company, judged.readers, (kept,) if by_certificate else (*kept_before, kept))

    def _held(self, company: Cnpj, at: datetime) -> tuple[tuple[KeptList, ...], Authorised | None]:
        kept = tuple(self.lists.latest(company))
        signed = [one.signed for one in kept]
        return kept, authorised(signed, company, self.truststores.current(), at=at)


def _refused(detail: str) -> SealRefused:
    return SealRefused(SealReason.AUTHORISATION, detail)
