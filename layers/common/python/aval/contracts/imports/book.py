"""What is at hand as rows are judged, and what judging makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from aval.contracts.bus import Acting, RowResult
from aval.contracts.model import (
    Contract,
    ContractAct,
    ContractCode,
    ParcelCode,
    Period,
    ProfileCode,
    Transition,
)
from aval.contracts.records import filling_slots
from aval.errors import Fault
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
    standing: dict[tuple[ProfileCode, datetime], bool] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Whether a profile stands at a moment: asked for each row, and the same for many."""
    registering: dict[tuple[str, datetime], Fault | None] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Why nothing may be registered for a month at a moment, or None: likewise."""


@filling_slots
@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None for a new contract; `after.version` is one more than what it replaces."""

    before: Contract | None
    after: Contract
    transitions: tuple[Transition, ...]


@filling_slots
@dataclass(frozen=True, slots=True)
class Judged:
    result: RowResult
    change: Change | None


class Decision(NamedTuple):
    """A row that is taken; without a change where everything already was as it asks."""

    change: Change | None
    description: str
    contract: ContractCode
    warns: bool = False


class RowRefused(Exception):
    """A row that is not taken, with every fault that was found."""

    def __init__(self, faults: Sequence[Fault], contract: ContractCode | None = None) -> None:
        super().__init__("the row was refused")
        self.faults = tuple(faults)
        self.contract = contract


class Scene(NamedTuple):
    """Who asks, when, and of what stands."""

    book: Book
    acting: Acting
    at: datetime

    def own_contract(self, code: ContractCode) -> Contract:
        """Raise `RowRefused` alike for a contract that does not exist and for one of others."""
        contract = self.book.contracts.get(code)
        if contract is not None and not self.acting.visible.isdisjoint(contract.parties):
            return contract
        detail = f"não há contrato {code} dos perfis que a empresa possui ou representa; confira o número"
        raise RowRefused([Fault("contrato", detail, "numeroContrato")])

    def transition(
        self, contract: ContractCode, act: ContractAct, before: str, after: str, period: Period | None = None
    ) -> Transition:
        return Transition(contract, self.at, act, self.acting.author, before, after, period)
