"""Which rows are in force: every load writes rows of its own and then moves one pointer."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NewType, Protocol

from aval.registry.drops import Drop
from aval.registry.schemas import Dataset, Row

Generation = NewType("Generation", str)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One object as it was put under one key; two arrivals with the same key and sequencer are the same."""

    key: str
    sequencer: str
    stored_at: datetime
    requester: str

    @property
    def generation(self) -> Generation:
        """The same for every delivery of this arrival, so that a repetition writes the same rows."""
        name = f"{self.key}\n{self.sequencer}"
        return Generation(hashlib.sha256(name.encode()).hexdigest()[:32])

    def is_before(self, other: "Arrival") -> bool:
        # A sequencer orders the events of one key, as hexadecimal text padded on the right:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
        if self.key == other.key:
            width = max(len(self.sequencer), len(other.sequencer))
            return self.sequencer.upper().ljust(width, "0") < other.sequencer.upper().ljust(width, "0")
        return self.stored_at < other.stored_at


@dataclass(frozen=True, slots=True)
class InForce:
    """The rows that answer for a dataset; those just before stay for the readers that are under way."""

    generation: Generation
    arrival: Arrival
    before: Generation | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    version: int = 0
    datasets: Mapping[Dataset, InForce] = field(default_factory=dict)

    def move(self, datasets: frozenset[Dataset], arrival: Arrival) -> "Pointer":
        moved = {}
        for dataset in datasets:
            current = self.datasets.get(dataset)
            moved[dataset] = InForce(arrival.generation, arrival, current.generation if current else None)
        return replace(self, version=self.version + 1, datasets={**self.datasets, **moved})

    def newer_than(self, arrival: Arrival, datasets: frozenset[Dataset]) -> tuple[Dataset, ...]:
        """Those of `datasets` that already answer from a later arrival."""
        return tuple(
            dataset
            for dataset in sorted(datasets)
            if dataset in self.datasets and arrival.is_before(self.datasets[dataset].arrival)
        )

    def is_read(self, dataset: Dataset, generation: Generation) -> bool:
        """Whether readers may be at these rows: those in force and those just before."""
        current = self.datasets.get(dataset)
        return current is not None and generation in {current.generation, current.before}

    def has_later_of_key(self, arrival: Arrival) -> bool:
        return any(
            current.arrival.key == arrival.key and arrival.is_before(current.arrival)
            for current in self.datasets.values()
        )


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """One load that took effect: what it brought, and the rows that nobody will read any more."""

    arrival: Arrival
    version: int
    digest: str
    loaded_at: datetime
    counts: Mapping[Dataset, int]
    discarded: Mapping[Dataset, Generation]


class PointerMoved(Exception):
    """Another load moved the pointer in the meantime."""


class RegistryStore(Protocol):
    def pointer(self) -> Pointer: ...

    def rows(self, dataset: Dataset, generation: Generation) -> Sequence[Row]: ...

    def write(self, generation: Generation, drop: Drop, *, at: datetime) -> None:
        """Note the attempt, then put the rows where no reader looks yet; again changes nothing."""

    def record_of(self, generation: Generation) -> LoadRecord | None: ...

    def switch(self, before: Pointer, after: Pointer, record: LoadRecord) -> None:
        """Move the pointer, keep the record and drop the attempt's note, all or nothing.

        Raise `PointerMoved` when the pointer is not at `before` or the note is gone.
        """

    def discard(self, dataset: Dataset, generation: Generation) -> None:
        """Delete the rows of a generation that is not in force; again changes nothing."""

    def sweep(self, *, before: datetime) -> None:
        """Discard what attempts noted before that moment wrote and never put in force."""
