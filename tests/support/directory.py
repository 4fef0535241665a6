"""The registry in memory, as the contract services ask for it, filled with rows of a registry file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast

from aval.identifiers import Cnpj, Cpf
from aval.registry.drops import Drop, judge_drop, read_drop
from aval.registry.model import (
    Asset,
    CalendarEntry,
    CalendarKind,
    CompanyRelation,
    Parcel,
    Participant,
    Person,
    Profile,
    Representation,
    Role,
)
from aval.registry.queries import CompanyRoles
from aval.registry.regulated import RegulatedAmount, RegulatedContract
from aval.registry.schemas import Dataset
from tests.support.registry import content


@dataclass(frozen=True)
class MemoryDirectory:
    """Both `Registry` and `Directory`."""

    drop: Drop

    @classmethod
    def of(cls, **datasets: Any) -> Self:
        return cls(judge_drop(read_drop("a.json", content(**datasets)), {}))

    def profiles(self, codes: Collection[int]) -> dict[int, Profile]:
        return {profile.code: profile for profile in self.all_profiles() if profile.code in codes}

    def profiles_of(self, companies: Collection[Cnpj]) -> tuple[Profile, ...]:
        return tuple(profile for profile in self.all_profiles() if profile.participant in companies)

    def parcels(self, codes: Collection[int]) -> dict[int, Parcel]:
        return {parcel.code: parcel for parcel in self.all_parcels() if parcel.code in codes}

    def calendar(self) -> Mapping[tuple[CalendarKind, str], CalendarEntry]:
        entries = cast("Sequence[CalendarEntry]", self.drop.get(Dataset.CALENDARIO, ()))
        return {(entry.kind, entry.competence): entry for entry in entries}

    def represented_companies(
        self, companies: Collection[Cnpj], *, at: datetime
    ) -> dict[Cnpj, tuple[Cnpj, ...]]:
        relation = CompanyRelation.REPRESENTACAO_OPERACIONAL_TOTAL
        return {
            company: tuple(one.represented for one in self._held_by(company, at) if one.capacity is relation)
            for company in companies
        }

    def all_participants(self) -> tuple[Participant, ...]:
        found = cast("Sequence[Participant]", self.drop.get(Dataset.PARTICIPANTES, ()))
        return tuple(sorted(found, key=lambda participant: participant.code))

    def all_profiles(self) -> tuple[Profile, ...]:
        return cast("tuple[Profile, ...]", self.drop.get(Dataset.PERFIS, ()))

    def all_assets(self) -> tuple[Asset, ...]:
        return cast("tuple[Asset, ...]", self.drop.get(Dataset.ATIVOS, ()))

    def all_parcels(self) -> tuple[Parcel, ...]:
        return cast("tuple[Parcel, ...]", self.drop.get(Dataset.PARCELAS, ()))

    def all_regulated_contracts(self) -> tuple[RegulatedContract, ...]:
        return cast("tuple[RegulatedContract, ...]", self.drop.get(Dataset.CONTRATOS_REGULADOS, ()))

    def all_regulated_amounts(self) -> tuple[RegulatedAmount, ...]:
        return cast("tuple[RegulatedAmount, ...]", self.drop.get(Dataset.MONTANTES_REGULADOS, ()))

    def companies_of(self, person: Cpf, *, at: datetime) -> tuple[CompanyRoles, ...]:
        held = {one.represented for one in self._held_by(person, at)}
        found = sorted((one for one in self.all_participants() if one.cnpj in held), key=_sigla)
        roles = ((company, self.roles_of(person, company.cnpj, at=at)) for company in found)
        return tuple((company, held_roles) for company, held_roles in roles if held_roles)

    def roles_of(self, person: Cpf, company: Cnpj, *, at: datetime) -> frozenset[Role]:
        held = (one for one in self._held_by(person, at) if one.represented == company)
        return frozenset(one.capacity for one in held if isinstance(one.capacity, Role))

    def participant(self, cnpj: Cnpj) -> Participant | None:
        return next((one for one in self.all_participants() if one.cnpj == cnpj), None)

    def person(self, cpf: Cpf) -> Person | None:
        return next((one for one in self._people() if one.cpf == cpf), None)

    def person_by_email(self, email: str) -> Person | None:
        return next((one for one in self._people() if one.email == email), None)

    def ccee_representatives_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        role = Role.REPRESENTANTE_CCEE
        return tuple(one for one in self._people() if role in self.roles_of(one.cpf, company, at=at))

    def represented_by(
        self, company: Cnpj, relation: CompanyRelation, *, at: datetime
    ) -> tuple[Participant, ...]:
        held = {one.represented for one in self._held_by(company, at) if one.capacity is relation}
        return tuple(sorted((one for one in self.all_participants() if one.cnpj in held), key=_sigla))

    def _people(self) -> Sequence[Person]:
        return cast("Sequence[Person]", self.drop.get(Dataset.PESSOAS, ()))

    def _held_by(self, representative: str, at: datetime) -> list[Representation]:
        held = cast("Sequence[Representation]", self.drop.get(Dataset.REPRESENTACOES, ()))
        return [one for one in held if one.representative == representative and one.validity.covers(at)]


def _sigla(participant: Participant) -> str:
    return participant.sigla
