"""Who may act for a company: its CCEE representatives and its own system, asked for at each call."""

from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj, Cpf
from aval.prudential.refusals import CompanyForbidden
from aval.registry.model import Role
from aval.registry.queries import Registry


@dataclass(frozen=True, slots=True)
class Standing:
    registry: Registry

    def require_person(self, person: Cpf | None, company: Cnpj, *, at: datetime) -> None:
        """Raise `CompanyForbidden` unless `person` is CCEE representative of `company` at that moment."""
        roles = self.registry.roles_of(person, company, at=at) if person else frozenset()
        if Role.REPRESENTANTE_CCEE not in roles:
            raise CompanyForbidden

    def require_system(self, system: Cnpj | None, company: Cnpj) -> None:
        """Raise `CompanyForbidden` unless `system` is the one of `company` and the registry has it."""
        if system != company or self.registry.participant(company) is None:
            raise CompanyForbidden
