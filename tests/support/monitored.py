"""A registry of companies that act for each other, as the monitoring asks for it, and who calls."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from aval.identifiers import Cnpj, Cpf
from aval.identity.caller import Caller, CallerKind
from aval.registry.model import (
    Capacity,
    CompanyRelation,
    Email,
    Participant,
    ParticipantClass,
    Person,
    Representation,
    Responsibility,
    Role,
    Situation,
    Validity,
)
from aval.registry.queries import CompanyRoles

BOLT: Final = Cnpj("33047509000149")
AURORA: Final = Cnpj("12ABC34501DE35")
VENTO: Final = Cnpj("41820367000139")
MOINHO: Final = Cnpj("27519634000101")
FABIO: Final = Cpf("66677788830")
ANA: Final = Cpf("11122233396")
ALWAYS: Final = Validity(date(2020, 1, 1))
MONITORING: Final = Responsibility.MONITORAMENTO_PRUDENCIAL
OPERATES: Final = CompanyRelation.REPRESENTACAO_OPERACIONAL_TOTAL
CONTROLS: Final = CompanyRelation.CONTROLE


def agent(cnpj: Cnpj, sigla: str, **changes: Any) -> Participant:
    told: dict[str, Any] = {
        "code": 1000,
        "legal_name": f"{sigla} S.A.",
        "participant_class": ParticipantClass.COMERCIALIZADOR,
        "situation": Situation(4282, "Aderido"),
        "validity": ALWAYS,
    }
    return Participant(cnpj=cnpj, sigla=sigla, **told | changes)


def holds(representative: Cpf | Cnpj, represented: Cnpj, capacity: Capacity) -> Representation:
    return Representation(representative, represented, capacity, ALWAYS)


def person(cpf: Cpf = FABIO) -> Caller:
    return Caller(CallerKind.PERSON, "login", person=cpf)


def system(cnpj: Cnpj = BOLT) -> Caller:
    return Caller(CallerKind.SYSTEM, cnpj, company=cnpj)


@dataclass
class MonitoredRegistry:
    """Fabio answers for BOLT, which represents AURORA and controls VENTO; MOINHO stands alone."""

    participants: list[Participant] = field(
        default_factory=lambda: [
            agent(BOLT, "BOLT"),
            agent(AURORA, "AURORA", participant_class=ParticipantClass.GERADOR),
            agent(VENTO, "VENTO", participant_class=ParticipantClass.PRODUTOR_INDEPENDENTE),
            agent(MOINHO, "MOINHO", participant_class=ParticipantClass.CONSUMIDOR_LIVRE),
        ]
    )
    representations: list[Representation] = field(
        default_factory=lambda: [
            holds(FABIO, BOLT, MONITORING),
            holds(BOLT, AURORA, OPERATES),
            holds(BOLT, VENTO, CONTROLS),
        ]
    )
    people: list[Person] = field(
        default_factory=lambda: [Person(FABIO, "Fabio", Email.parse("fabio@demo.aval.example"))]
    )

    def companies_of(self, person: Cpf, *, at: datetime) -> tuple[CompanyRoles, ...]:
        held = self._companies(
            at, lambda one: one.representative == person and isinstance(one.capacity, Role)
        )
        return tuple((company, self.roles_of(person, company.cnpj, at=at)) for company in held)

    def roles_of(self, person: Cpf, company: Cnpj, *, at: datetime) -> frozenset[Role]:
        held = (one for one in self._held(at) if (one.representative, one.represented) == (person, company))
        return frozenset(one.capacity for one in held if isinstance(one.capacity, Role))

    def participant(self, cnpj: Cnpj) -> Participant | None:
        return next((one for one in self.participants if one.cnpj == cnpj), None)

    def person(self, cpf: Cpf) -> Person | None:
        return next((one for one in self.people if one.cpf == cpf), None)

    def person_by_email(self, email: str) -> Person | None:
        return next((one for one in self.people if one.email == email), None)

    def ccee_representatives_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        return self._people_at(company, Role.REPRESENTANTE_CCEE, at)

    def represented_by(
        self, company: Cnpj, relation: CompanyRelation, *, at: datetime
    ) -> tuple[Participant, ...]:
        return self._companies(at, lambda one: (one.representative, one.capacity) == (company, relation))

    def companies_monitored_by(self, person: Cpf, *, at: datetime) -> tuple[Participant, ...]:
        return self._companies(at, lambda one: (one.representative, one.capacity) == (person, MONITORING))

    def monitors_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        return self._people_at(company, MONITORING, at)

    def participants_of(
        self, classes: Collection[ParticipantClass], *, at: datetime
    ) -> tuple[Participant, ...]:
        found = (one for one in self.participants if one.participant_class in classes)
        return tuple(sorted((one for one in found if one.validity.covers(at)), key=lambda one: one.cnpj))

    def _held(self, at: datetime) -> Iterator[Representation]:
        return (one for one in self.representations if one.validity.covers(at))

    def _companies(self, at: datetime, is_meant: Callable[[Representation], bool]) -> tuple[Participant, ...]:
        meant = {one.represented for one in self._held(at) if is_meant(one)}
        found = (one for one in self.participants if one.cnpj in meant)
        return tuple(sorted(found, key=lambda one: one.sigla))

    def _people_at(self, company: Cnpj, capacity: Capacity, at: datetime) -> tuple[Person, ...]:
        held = {
            one.representative
            for one in self._held(at)
            if (one.represented, one.capacity) == (company, capacity)
        }
        return tuple(one for one in self.people if one.cpf in held)
