"""What the contract services ask of the registry, answered from its table (docs/access-patterns.md)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.registry_items import (
    company_profiles_partition,
    key,
    leaf_rows,
    list_partition,
    row_of,
    rows_partition,
    sortable,
)
from aval.adapters.dynamodb.registry_pointer import read_pointer
from aval.identifiers import Cnpj
from aval.registry.generations import Generation, Pointer
from aval.registry.model import (
    Asset,
    CalendarEntry,
    CalendarKind,
    CompanyRelation,
    Parcel,
    Participant,
    Profile,
    Representation,
)
from aval.registry.regulated import RegulatedAmount, RegulatedContract
from aval.registry.schemas import SCHEMAS, Dataset, Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Answer = TypeVar("Answer")

_READINGS: Final = 3
_WHOLE: Final = "*"


class RegistryInMotion(Exception):
    """Loads followed each other so fast that no whole list could be read."""


@dataclass(slots=True)
class _Kept:
    """What was read of each dataset's newest generation, whose rows never change."""

    generations: dict[Dataset, Generation] = field(default_factory=dict)
    answers: dict[Dataset, dict[object, Any]] = field(default_factory=dict)

    def of(self, dataset: Dataset, generation: Generation) -> dict[object, Any]:
        if self.generations.get(dataset) != generation:
            self.generations[dataset] = generation
            self.answers[dataset] = {}
        return self.answers[dataset]


@dataclass(frozen=True, slots=True)
class DynamoDbDirectory:
    """One for a process: the pointer is read at each call, what it points at once."""

    client: "DynamoDBClient"
    table_name: str
    _kept: _Kept = field(default_factory=_Kept, repr=False, compare=False)

    def profiles(self, codes: Collection[int]) -> dict[int, Profile]:
        found = (cast("Profile", record) for record in self._by_code(Dataset.PERFIS, codes))
        return {profile.code: profile for profile in found}

    def parcels(self, codes: Collection[int]) -> dict[int, Parcel]:
        found = (cast("Parcel", record) for record in self._by_code(Dataset.PARCELAS, codes))
        return {parcel.code: parcel for parcel in found}

    def profiles_of(self, companies: Collection[Cnpj]) -> tuple[Profile, ...]:
        generation = self._generation(Dataset.PERFIS)
        if generation is None:
            return ()
        partition = company_profiles_partition(generation)
        kept = self._kept.of(Dataset.PERFIS, generation)
        found: list[Profile] = []
        for company in companies:
            if company not in kept:
                kept[company] = tuple(self._records(Dataset.PERFIS, partition, f"{company}#"))
            found += kept[company]
        return tuple(sorted(found, key=attrgetter("code")))

    def represented_companies(
        self, companies: Collection[Cnpj], *, at: datetime
    ) -> dict[Cnpj, tuple[Cnpj, ...]]:
        generation = self._generation(Dataset.REPRESENTACOES)
        if generation is None:
            return dict.fromkeys(companies, ())
        partition = rows_partition(generation, Dataset.REPRESENTACOES)
        kept = self._kept.of(Dataset.REPRESENTACOES, generation)
        for company in companies:
            if company not in kept:
                held = self._records(Dataset.REPRESENTACOES, partition, f"{company}#")
                kept[company] = tuple(filter(_operates, held))
        return {
            company: tuple(one.represented for one in kept[company] if one.validity.covers(at))
            for company in companies
        }

    def calendar(self) -> Mapping[tuple[CalendarKind, str], CalendarEntry]:
        def by_kind_and_month(records: Iterator[Any]) -> dict[tuple[CalendarKind, str], CalendarEntry]:
            return {(entry.kind, entry.competence): entry for entry in records}

        return self._whole(Dataset.CALENDARIO, by_kind_and_month)

    def all_participants(self) -> tuple[Participant, ...]:
        # Its rows lie by CNPJ.
        return self._whole(Dataset.PARTICIPANTES, lambda found: tuple(sorted(found, key=attrgetter("code"))))

    def all_profiles(self) -> tuple[Profile, ...]:
        return self._whole(Dataset.PERFIS, tuple)

    def all_assets(self) -> tuple[Asset, ...]:
        return self._whole(Dataset.ATIVOS, tuple)

    def all_parcels(self) -> tuple[Parcel, ...]:
        return self._whole(Dataset.PARCELAS, tuple)

    def all_regulated_contracts(self) -> tuple[RegulatedContract, ...]:
        return self._whole(Dataset.CONTRATOS_REGULADOS, tuple)

    def all_regulated_amounts(self) -> tuple[RegulatedAmount, ...]:
        return self._whole(Dataset.MONTANTES_REGULADOS, tuple)

    def _by_code(self, dataset: Dataset, codes: Iterable[int]) -> Iterator[Record]:
        generation = self._generation(dataset)
        if generation is not None:
            partition = rows_partition(generation, dataset)
            wanted = [key(partition, sortable(code)) for code in sorted(set(codes))]
            for item in self._partitions.get(wanted):
                yield SCHEMAS[dataset].read(row_of(item))

    def _whole(self, dataset: Dataset, collect: Callable[[Iterator[Any]], Answer]) -> Answer:
        """Raise `RegistryInMotion`: the rows of a generation are deleted two loads after it."""
        for _ in range(_READINGS):
            generation = self._generation(dataset)
            if generation is None:
                return collect(iter(()))
            kept = self._kept.of(dataset, generation)
            if _WHOLE not in kept:
                leaves = self._partitions.query(list_partition(generation, dataset))
                read = SCHEMAS[dataset].read
                whole = collect(read(row) for leaf in leaves for row in leaf_rows(leaf))
                if not self._pointer().is_read(dataset, generation):
                    continue
                kept[_WHOLE] = whole
            return cast("Answer", kept[_WHOLE])
        raise RegistryInMotion

    def _records(self, dataset: Dataset, partition: str, prefix: str) -> Iterator[Any]:
        schema = SCHEMAS[dataset]
        return (schema.read(row_of(item)) for item in self._partitions.query(partition, prefix=prefix))

    def _generation(self, dataset: Dataset) -> Generation | None:
        current = self._pointer().datasets.get(dataset)
        return current.generation if current else None

    def _pointer(self) -> Pointer:
        return read_pointer(self.client, self.table_name)

    @property
    def _partitions(self) -> Partitions:
        return Partitions(self.client, self.table_name)


def _operates(held: Representation) -> bool:
    return held.capacity is CompanyRelation.REPRESENTACAO_OPERACIONAL_TOTAL
