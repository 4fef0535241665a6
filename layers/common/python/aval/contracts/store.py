"""What the contract services ask of the storage of free contracts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aval.contracts.bus import ContractLink
from aval.contracts.imports.judging import Change
from aval.contracts.model import (
    Contract,
    ContractCode,
    ContractKind,
    ParcelCode,
    Period,
    ProfileCode,
    Side,
    Transition,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch

Shape = tuple[ContractKind, int | None]
"""What kind filters choose by: the kind, and for a CCEAL its type."""

AmountKey = tuple[ContractCode, datetime]
"""One amount of one contract, by its beginning."""

ParcelLink = tuple[ParcelCode, ContractLink]


class WriteLost(Exception):
    """Another write came first, or is under way: read again and judge again."""


class ContractTooLarge(Exception):
    """A contract with more hours, stretches or parcels than one transaction or its indexes hold."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Contracts of any of `profiles`, on the named side or either, that touch the period."""

    profiles: frozenset[ProfileCode]
    period: Period | None = None
    side: Side | None = None
    shapes: frozenset[Shape] | None = None
    only_not_validated: bool = False


class ContractBook(Protocol):
    """What judging rows asks for."""

    def read(self, codes: Collection[ContractCode]) -> dict[ContractCode, Contract]:
        """Those that exist, by code, as fresh as the last write."""

    def new_codes(self, count: int) -> Sequence[ContractCode]:
        """Codes that nobody else gets; those that are not used are lost."""


class ContractLists(Protocol):
    """What is selected may lag behind the last write by an instant."""

    def codes(self, selection: Selection, page: PageRequest) -> Page[ContractCode]:
        """Each once, in their order; the page is empty past the end."""

    def codes_after(
        self, selection: Selection, after: ContractCode | None, *, limit: int
    ) -> Sequence[ContractCode]:
        """The next `limit` of them, without reading the others."""

    def amounts(self, selection: Selection, page: PageRequest, *, only_declared: bool) -> Page[AmountKey]:
        """Those that touch the period, by contract and beginning; `only_not_validated` chooses among them."""

    def links(self, selection: Selection) -> Sequence[ParcelLink]:
        """The parcels by which the selected contracts are modulated, by parcel, contract and beginning."""

    def history(self, code: ContractCode, cursor: CursorRequest) -> Stretch[Transition]:
        """Newest first; raise `CursorUnreadable` for a cursor that no history gave."""


class ContractStore(ContractBook, ContractLists, Protocol):
    def apply(self, change: Change) -> None:
        """The contract with its history; raise `WriteLost` or `ContractTooLarge`, and change nothing."""
