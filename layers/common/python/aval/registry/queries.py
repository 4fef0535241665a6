"""What the other rooms ask of the registry."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cnpj, Cpf
from aval.registry.model import CompanyRelation, Participant, ParticipantClass, Person, Role

CompanyRoles = tuple[Participant, frozenset[Role]]


class Registry(Protocol):
    """Each answer comes from one moment of the registry, never from the middle of a load.

    A representation counts at a moment when that moment's day in São Paulo is within its validity,
    first and last day included.
    """

    def companies_of(self, person: Cpf, *, at: datetime) -> tuple[CompanyRoles, ...]:
        """The companies where `person` has a role at that moment, by sigla."""

    def roles_of(self, person: Cpf, company: Cnpj, *, at: datetime) -> frozenset[Role]: ...

    def participant(self, cnpj: Cnpj) -> Participant | None: ...

    def person(self, cpf: Cpf) -> Person | None: ...

    def person_by_email(self, email: str) -> Person | None:
        """The only person with that address, however it is spelt; None also for what is no address."""

    def ccee_representatives_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]: ...

    def represented_by(
        self, company: Cnpj, relation: CompanyRelation, *, at: datetime
    ) -> tuple[Participant, ...]:
        """The companies that `company` represents or controls at that moment, by sigla."""


class MonitoringRegistry(Registry, Protocol):
    """What the prudential monitoring asks beside."""

    def companies_monitored_by(self, person: Cpf, *, at: datetime) -> tuple[Participant, ...]:
        """Where `person` has the responsibility `MONITORAMENTO_PRUDENCIAL` at that moment, by sigla."""

    def monitors_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        """Who has that responsibility at `company` itself."""

    def participants_of(
        self, classes: Collection[ParticipantClass], *, at: datetime
    ) -> tuple[Participant, ...]:
        """Those of these classes whose validity covers that moment, by CNPJ."""
