"""A row against what stands: refused with a sentence, or a contract as it is afterwards."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aval.contracts.bus import Acting, RowResult, RowStatus
from aval.contracts.imports.adjusting import adjust
from aval.contracts.imports.book import Book, Change, Decision, Judged, Needs, RowRefused, Scene
from aval.contracts.imports.closing import close
from aval.contracts.imports.findings import told_faults
from aval.contracts.imports.registering import register
from aval.contracts.imports.rows import (
    Adjustment,
    Closure,
    Registration,
    Row,
    Unreadable,
    Validation,
)
from aval.contracts.imports.validating import validate
from aval.contracts.model import ContractCode, Energy, ParcelCode
from aval.errors import Fault

__all__ = ["Book", "Change", "Judged", "Needs", "judge", "needs"]


def needs(row: Row) -> Needs:
    match row.demand:
        case Registration(terms=terms, energies=energies):
            origin = frozenset() if terms.assigned_from is None else frozenset({terms.assigned_from})
            parcels = _parcels_of(energies) | frozenset(terms.ballast_parcels)
            return Needs(origin, frozenset({terms.seller, terms.buyer}), parcels)
        case Adjustment(contract=code, energies=energies, terms=change):
            buyer = change.buyer if change is not None else None
            profiles = frozenset() if buyer is None else frozenset({buyer})
            return Needs(frozenset({code}), profiles, _parcels_of(energies))
        case Validation(contract=code) | Closure(contract=code):
            return Needs(frozenset({code}))
        case Unreadable():
            return Needs()


def _parcels_of(energies: Sequence[Energy]) -> frozenset[ParcelCode]:
    return frozenset(parcel for energy in energies for parcel in energy.parcels)


def judge(
    row: Row, book: Book, acting: Acting, *, at: datetime, new_code: Callable[[], ContractCode]
) -> Judged:
    """Judge `row`, and where it is taken put the contract as it is afterwards into `book`."""
    scene = Scene(book, acting, at)
    try:
        decision = _decide(row, scene, new_code)
    except RowRefused as refused:
        return Judged(_refusal(row, refused.faults, refused.contract), None)
    if decision.change is not None:
        book.contracts[decision.contract] = decision.change.after
    status, description = RowStatus.DONE, decision.description
    if decision.warns or row.remarks:
        status, description = RowStatus.WARNED, "; ".join((description, *row.remarks))
    result = RowResult(row.number, row.sequence, status, description, decision.contract)
    return Judged(result, decision.change)


def _decide(row: Row, scene: Scene, new_code: Callable[[], ContractCode]) -> Decision:
    match row.demand:
        case Registration() as demand:
            return register(demand, scene, new_code)
        case Adjustment() as demand:
            return adjust(demand, scene)
        case Validation() as demand:
            return validate(demand, scene)
        case Closure() as demand:
            return close(demand, scene)
        case Unreadable(faults=faults):
            raise RowRefused(faults)


def _refusal(row: Row, faults: Sequence[Fault], contract: ContractCode | None) -> RowResult:
    told = (
        f"{fault.pointer}: {fault.detail}" if fault.pointer else fault.detail for fault in told_faults(faults)
    )
    return RowResult(row.number, row.sequence, RowStatus.REFUSED, "; ".join(told), contract)
