"""What the other rooms ask of the registry, answered from its table (docs/access-patterns.md)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from aval.adapters.dynamodb.directory import DynamoDbDirectory
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.registry_items import (
    email_partition,
    key,
    represented_partition,
    row_of,
    rows_partition,
)
from aval.adapters.dynamodb.registry_pointer import read_pointer
from aval.identifiers import Cnpj, Cpf
from aval.registry.generations import Generation
from aval.registry.model import (
    Capacity,
    CompanyRelation,
    Email,
    EmailInvalid,
    Participant,
    ParticipantClass,
    Person,
    Representation,
    Responsibility,
    Role,
)
from aval.registry.queries import CompanyRoles
from aval.registry.schemas import SCHEMAS, Dataset

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoDbRegistry:
    client: "DynamoDBClient"
    table_name: str

    def companies_of(self, person: Cpf, *, at: datetime) -> tuple[CompanyRoles, ...]:
        return self._moment().companies_of(person, at=at)

    def roles_of(self, person: Cpf, company: Cnpj, *, at: datetime) -> frozenset[Role]:
        return self._moment().roles_of(person, company, at=at)

    def participant(self, cnpj: Cnpj) -> Participant | None:
        return self._moment().participants([cnpj]).get(cnpj)

    def person(self, cpf: Cpf) -> Person | None:
        return self._moment().people([cpf]).get(cpf)

    def person_by_email(self, email: str) -> Person | None:
        try:
            address = Email.parse(email)
        except EmailInvalid:
            return None
        return self._moment().person_by_email(address)

    def ccee_representatives_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        return self._moment().people_at(company, Role.REPRESENTANTE_CCEE, at=at)

    def represented_by(
        self, company: Cnpj, relation: CompanyRelation, *, at: datetime
    ) -> tuple[Participant, ...]:
        return self._moment().represented_by(company, relation, at=at)

    def companies_monitored_by(self, person: Cpf, *, at: datetime) -> tuple[Participant, ...]:
        return self._moment().companies_monitored_by(person, at=at)

    def monitors_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        return self._moment().people_at(company, Responsibility.MONITORAMENTO_PRUDENCIAL, at=at)

    def acting_for(self, companies: Collection[Cnpj], *, at: datetime) -> dict[Cnpj, tuple[Cnpj, ...]]:
        moment = self._moment()
        return {company: moment.acting_for(company, at=at) for company in companies}

    def participants_of(
        self, classes: Collection[ParticipantClass], *, at: datetime
    ) -> tuple[Participant, ...]:
        """Raise `RegistryInMotion` when loads kept replacing the list while it was read."""
        everyone = DynamoDbDirectory(self.client, self.table_name).all_participants()
        found = (one for one in everyone if one.participant_class in classes and one.validity.covers(at))
        return tuple(sorted(found, key=attrgetter("cnpj")))

    def _moment(self) -> "_Moment":
        pointer = read_pointer(self.client, self.table_name)
        generations = {dataset: current.generation for dataset, current in pointer.datasets.items()}
        return _Moment(Partitions(self.client, self.table_name), generations)


@dataclass(frozen=True, slots=True)
class _Moment:
    """The registry as one reading of the pointer shows it; a dataset that was never loaded is empty."""

    partitions: Partitions
    generations: dict[Dataset, Generation]

    def companies_of(self, person: Cpf, *, at: datetime) -> tuple[CompanyRoles, ...]:
        roles: defaultdict[Cnpj, set[Role]] = defaultdict(set)
        for held in self._held_by(f"{person}#", at):
            if isinstance(held.capacity, Role):
                roles[held.represented].add(held.capacity)
        companies = _by_sigla(self.participants(roles).values())
        return tuple((company, frozenset(roles[company.cnpj])) for company in companies)

    def roles_of(self, person: Cpf, company: Cnpj, *, at: datetime) -> frozenset[Role]:
        held = self._held_by(f"{person}#{company}#", at)
        return frozenset(one.capacity for one in held if isinstance(one.capacity, Role))

    def companies_monitored_by(self, person: Cpf, *, at: datetime) -> tuple[Participant, ...]:
        held = self._held_by(f"{person}#", at)
        monitored = (
            one.represented for one in held if one.capacity is Responsibility.MONITORAMENTO_PRUDENCIAL
        )
        return _by_sigla(self.participants(monitored).values())

    def people_at(self, company: Cnpj, capacity: Capacity, *, at: datetime) -> tuple[Person, ...]:
        generation = self.generations.get(Dataset.REPRESENTACOES)
        if generation is None:
            return ()
        found = self._representations(represented_partition(generation), f"{company}#", at)
        people = self.people(
            one.representative
            for one in found
            if one.capacity is capacity and isinstance(one.representative, Cpf)
        )
        return tuple(people[cpf] for cpf in sorted(people))

    def acting_for(self, company: Cnpj, *, at: datetime) -> tuple[Cnpj, ...]:
        generation = self.generations.get(Dataset.REPRESENTACOES)
        if generation is None:
            return ()
        found = self._representations(represented_partition(generation), f"{company}#", at)
        acting = {one.representative for one in found if isinstance(one.capacity, CompanyRelation)}
        return tuple(sorted(one for one in acting if isinstance(one, Cnpj)))

    def represented_by(
        self, company: Cnpj, relation: CompanyRelation, *, at: datetime
    ) -> tuple[Participant, ...]:
        held = self._held_by(f"{company}#", at)
        companies = self.participants(one.represented for one in held if one.capacity is relation)
        return _by_sigla(companies.values())

    def person_by_email(self, email: Email) -> Person | None:
        generation = self.generations.get(Dataset.PESSOAS)
        if generation is None:
            return None
        found = list(self.partitions.get([key(email_partition(generation), email)]))
        return cast("Person", SCHEMAS[Dataset.PESSOAS].read(row_of(found[0]))) if found else None

    def participants(self, keys: Iterable[Cnpj]) -> dict[Cnpj, Participant]:
        found = (cast("Participant", record) for record in self._read(Dataset.PARTICIPANTES, keys))
        return {participant.cnpj: participant for participant in found}

    def people(self, keys: Iterable[Cpf]) -> dict[Cpf, Person]:
        found = (cast("Person", record) for record in self._read(Dataset.PESSOAS, keys))
        return {person.cpf: person for person in found}

    def _read(self, dataset: Dataset, keys: Iterable[str]) -> Iterator[object]:
        generation = self.generations.get(dataset)
        if generation is None:
            return
        partition = rows_partition(generation, dataset)
        wanted = [key(partition, one) for one in sorted(set(keys))]
        for item in self.partitions.get(wanted):
            yield SCHEMAS[dataset].read(row_of(item))

    def _held_by(self, prefix: str, at: datetime) -> Iterator[Representation]:
        generation = self.generations.get(Dataset.REPRESENTACOES)
        if generation is not None:
            partition = rows_partition(generation, Dataset.REPRESENTACOES)
            yield from self._representations(partition, prefix, at)

    def _representations(self, partition: str, prefix: str, at: datetime) -> Iterator[Representation]:
        for item in self.partitions.query(partition, prefix=prefix):
            found = cast("Representation", SCHEMAS[Dataset.REPRESENTACOES].read(row_of(item)))
            if found.validity.covers(at):
                yield found


def _by_sigla(participants: Iterable[Participant]) -> tuple[Participant, ...]:
    return tuple(sorted(participants, key=lambda participant: participant.sigla))
