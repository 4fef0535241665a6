"""What a caller is told about itself."""

from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj, Fingerprint
from aval.identity.caller import Caller, CallerKind
from aval.registry.model import Participant, Role
from aval.registry.queries import Registry


@dataclass(frozen=True, slots=True)
class Session:
    kind: CallerKind
    name: str | None
    company: Cnpj | None
    thumbprint: Fingerprint | None
    companies: tuple[tuple[Participant, frozenset[Role]], ...]


@dataclass(frozen=True, slots=True)
class SessionReader:
    registry: Registry

    def read(self, caller: Caller, *, at: datetime) -> Session:
        """A login that the registry does not know has neither name nor companies."""
        person = self.registry.person(caller.person) if caller.person else None
        companies = self.registry.companies_of(person.cpf, at=at) if person else ()
        return Session(
            kind=caller.kind,
            name=person.name if person else None,
            company=caller.company,
            thumbprint=caller.thumbprint,
            companies=companies,
        )
