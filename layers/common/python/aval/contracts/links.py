"""The parcels by which a contract is modulated, and when."""

from collections.abc import Iterator
from typing import Final

from aval.contracts.bus import ContractLink
from aval.contracts.model import Contract, ContractSituation, ModulationKind, ParcelCode, Period
from aval.contracts.store import ParcelLink

_WITHOUT_EFFECT: Final = {ContractSituation.DRAFT, ContractSituation.CANCELLED}


def parcel_links(contract: Contract) -> tuple[ParcelLink, ...]:
    """By parcel and beginning; stretches that follow one another without a gap are one.

    A draft modulates nothing yet, and what was cancelled nothing any more.
    """
    found: dict[tuple[ParcelCode, ModulationKind], list[Period]] = {}
    for parcel, kind, period in _stretches(contract):
        periods = found.setdefault((parcel, kind), [])
        if periods and periods[-1].ends == period.begins:
            periods[-1] = Period(periods[-1].begins, period.ends)
        else:
            periods.append(period)
    links = (
        (parcel, ContractLink(contract.code, period, kind))
        for (parcel, kind), periods in found.items()
        for period in periods
    )
    return tuple(sorted(links, key=link_order))


def link_order(link: ParcelLink) -> tuple[int, int, Period]:
    parcel, of = link
    return parcel, of.contract, of.period


def _stretches(contract: Contract) -> Iterator[tuple[ParcelCode, ModulationKind, Period]]:
    if contract.situation in _WITHOUT_EFFECT:
        return
    for amount in contract.amounts:
        for parcel in dict.fromkeys(amount.energy.parcels):
            yield parcel, amount.energy.modulation, amount.period
