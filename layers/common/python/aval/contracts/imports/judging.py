"""A row against what stands: refused with a sentence, or a contract as it is afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aval.contracts.bus import Acting, RowResult
from aval.contracts.imports.rows import Row
from aval.contracts.model import Contract, ContractCode, ParcelCode, ProfileCode, Transition
from aval.registry.model import CalendarEntry, CalendarKind, Parcel, Profile


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be at hand to judge a row."""

    contracts: frozenset[ContractCode] = frozenset()
    profiles: frozenset[ProfileCode] = frozenset()
    parcels: frozenset[ParcelCode] = frozenset()


@dataclass(slots=True)
class Book:
    """What stands as a batch is judged: contracts change in it as its rows are taken."""

    contracts: dict[ContractCode, Contract] = field(default_factory=dict)
    profiles: Mapping[ProfileCode, Profile] = field(default_factory=dict)
    parcels: Mapping[ParcelCode, Parcel] = field(default_factory=dict)
    calendar: Mapping[tuple[CalendarKind, str], CalendarEntry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None for a new contract; `after.version` is one more than what it replaces."""

    before: Contract | None
    after: Contract
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    result: RowResult
    change: Change | None


def needs(row: Row) -> Needs:
    raise NotImplementedError


def judge(
    row: Row, book: Book, acting: Acting, *, at: datetime, new_code: Callable[[], ContractCode]
) -> Judged:
    """Judge `row`, and where it is taken put the contract as it is afterwards into `book`."""
    raise NotImplementedError
