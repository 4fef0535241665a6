"""Who may see a company's access, and who may change it: roles read from the registry at each call."""

from dataclasses import dataclass
from datetime import datetime

from aval.adhesion.refusals import ChangeForbidden, CompanyUnknown
from aval.identifiers import Cnpj, Cpf
from aval.registry.model import Participant, Person, Role
from aval.registry.queries import Registry


@dataclass(frozen=True, slots=True)
class Permissions:
    registry: Registry

    def require_reader(self, person: Cpf | None, company: Cnpj, *, at: datetime) -> Participant:
        participant, _ = self._roles(person, company, at)
        return participant

    def require_writer(
        self, person: Cpf | None, company: Cnpj, *, at: datetime
    ) -> tuple[Participant, Person]:
        """The company and who signs its change; only a CCEE representative may (adhesion guide)."""
        participant, roles = self._roles(person, company, at)
        if Role.REPRESENTANTE_CCEE not in roles:
            raise ChangeForbidden("só o representante CCEE pode cadastrar e alterar certificados e senha")
        known = self.registry.person(person) if person else None
        if known is None:
            raise CompanyUnknown
        return participant, known

    def _roles(self, person: Cpf | None, company: Cnpj, at: datetime) -> tuple[Participant, frozenset[Role]]:
        roles = self.registry.roles_of(person, company, at=at) if person else frozenset()
        participant = self.registry.participant(company) if roles else None
        if participant is None:
            raise CompanyUnknown
        return participant, roles
