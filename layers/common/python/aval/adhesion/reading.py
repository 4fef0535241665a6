"""What people see: the companies that they represent, one of them, its certificates and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.adhesion.company import Adhesion, CompanyStatus, RegisteredCertificate
from aval.adhesion.history import HistoryPage
from aval.adhesion.permissions import Permissions
from aval.adhesion.refusals import CertificateUnknown
from aval.adhesion.store import AdhesionReads
from aval.identifiers import Cnpj, Cpf, Fingerprint
from aval.registry.model import Participant
from aval.registry.names import folded

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class CompanyAccess:
    participant: Participant
    adhesion: Adhesion


@dataclass(frozen=True, slots=True)
class CompanyPage:
    total: int
    companies: tuple[CompanyAccess, ...]


@dataclass(frozen=True, slots=True)
class CompaniesAsked:
    """Whose legal name, sigla or CNPJ holds `search`, and whose access stands so; `page` counts from 1."""

    search: str = ""
    status: CompanyStatus | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class AdhesionReader:
    permissions: Permissions
    store: AdhesionReads

    def list_companies(self, person: Cpf | None, asked: CompaniesAsked, *, at: datetime) -> CompanyPage:
        """The companies where `person` has a role at that moment, a page at a time."""
        represented = self.permissions.registry.companies_of(person, at=at) if person else ()
        wanted = folded(asked.search)
        found = [one for one, _ in represented if any(wanted in text for text in _searchable(one))]
        page = slice((asked.page - 1) * PAGE_SIZE, asked.page * PAGE_SIZE)
        if asked.status is None:
            return CompanyPage(len(found), self._accesses(found[page]))
        # A status is of the moment and stands in no row: all are read, to count those that have it.
        standing = [one for one in self._accesses(found) if one.adhesion.status(at) is asked.status]
        return CompanyPage(len(standing), tuple(standing[page]))

    def _accesses(self, companies: Sequence[Participant]) -> tuple[CompanyAccess, ...]:
        adhesions = self.store.load_many([one.cnpj for one in companies])
        return tuple(CompanyAccess(one, adhesions[one.cnpj]) for one in companies)

    def read(self, person: Cpf | None, company: Cnpj, *, at: datetime) -> CompanyAccess:
        participant = self.permissions.require_reader(person, company, at=at)
        return CompanyAccess(participant, self.store.load(company))

    def certificate(
        self, person: Cpf | None, company: Cnpj, fingerprint: Fingerprint, *, at: datetime
    ) -> RegisteredCertificate:
        found = self.read(person, company, at=at).adhesion.certificate(fingerprint)
        if found is None:
            raise CertificateUnknown("a empresa não tem certificado em serviço com esta impressão digital")
        return found

    def history(self, person: Cpf | None, company: Cnpj, *, cursor: str | None, at: datetime) -> HistoryPage:
        self.permissions.require_reader(person, company, at=at)
        return self.store.history(company, cursor=cursor)


def _searchable(participant: Participant) -> tuple[str, ...]:
    texts = (participant.legal_name, participant.sigla, participant.cnpj, participant.cnpj.masked)
    return tuple(map(folded, texts))
