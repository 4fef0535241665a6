"""What people see: the companies that they represent, one of them, its certificates and its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.adhesion.company import Adhesion, RegisteredCertificate
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
class AdhesionReader:
    permissions: Permissions
    store: AdhesionReads

    def list_companies(self, person: Cpf | None, *, search: str, page: int, at: datetime) -> CompanyPage:
        """The companies where `person` has a role at that moment, a page at a time counted from 1."""
        represented = self.permissions.registry.companies_of(person, at=at) if person else ()
        wanted = folded(search)
        found = [one for one, _ in represented if any(wanted in text for text in _searchable(one))]
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        adhesions = self.store.load_many([one.cnpj for one in shown])
        return CompanyPage(len(found), tuple(CompanyAccess(one, adhesions[one.cnpj]) for one in shown))

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
