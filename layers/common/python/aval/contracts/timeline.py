"""The amounts of a contract along its hours: in order, never overlapping, cut where a new stretch begins."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, localcontext
from itertools import islice, pairwise, takewhile
from typing import Final

from aval.contracts.model import (
    END_ASKED_FOR,
    HOUR,
    Amount,
    AmountSituation,
    ContractSituation,
    Energy,
    LevelUnit,
    Period,
)

_DIGITS: Final = 60
_SIX_PLACES: Final = Decimal("0.000001")


class StretchIndivisible(Exception):
    """A stretch told in energies by load level: how much falls on each side of a cut, nobody said."""

    def __init__(self, period: Period) -> None:
        super().__init__("a stretch declared by load level was cut")
        self.period = period


class StretchesOverlap(Exception):
    """Two new stretches that claim the same hours."""

    def __init__(self, period: Period) -> None:
        super().__init__("two stretches overlap")
        self.period = period


def in_order(energies: Sequence[Energy]) -> tuple[Energy, ...]:
    """By beginning; raise `StretchesOverlap` for two that share an hour."""
    if len(energies) == 1:
        return tuple(energies)
    ordered = tuple(sorted(energies, key=lambda energy: energy.period.begins))
    for earlier, later in pairwise(ordered):
        if earlier.period.overlaps(later.period):
            raise StretchesOverlap(later.period)
    return ordered


def with_stretches(
    amounts: Sequence[Amount], energies: Sequence[Energy], situation: AmountSituation
) -> tuple[Amount, ...]:
    """`amounts` with `energies` in place of whatever stood in their hours; both are in order.

    Raise `StretchIndivisible` where a cut falls into a stretch that cannot be divided. One walk along both: a
    contract may have thousands of stretches, and a row may change as many.
    """
    pieces = [Amount(energy, situation) for energy in energies]
    first = 0
    for amount in amounts:
        while first < len(energies) and energies[first].period.ends <= amount.period.begins:
            first += 1
        pieces += _outside(amount, energies, first)
    return tuple(sorted(pieces, key=lambda piece: piece.period.begins))


def situation_of(amounts: Iterable[Amount]) -> ContractSituation:
    """Of a registered contract whose end nobody asked for."""
    if all(amount.is_validated for amount in amounts):
        return ContractSituation.VALIDATED
    return ContractSituation.NOT_VALIDATED


def situation_with(standing: ContractSituation, amounts: Iterable[Amount]) -> ContractSituation:
    """Of a contract that was `standing` and now has `amounts`: an end that was asked for still waits."""
    return standing if standing in END_ASKED_FOR else situation_of(amounts)


def overlapping(amounts: Sequence[Amount], period: Period) -> Iterable[Amount]:
    """Those of `amounts` (in order) that share an hour with `period`."""
    first = bisect_right(amounts, period.begins, key=lambda amount: amount.period.ends)
    return takewhile(lambda amount: amount.period.begins < period.ends, islice(amounts, first, None))


def until(amounts: Sequence[Amount], moment: datetime) -> tuple[Amount, ...]:
    """What lies before `moment`; raise `StretchIndivisible` as above."""
    kept = [amount for amount in amounts if amount.period.begins < moment]
    return tuple(
        amount if amount.period.ends <= moment else _cut(amount, Period(amount.period.begins, moment))
        for amount in kept
    )


def _outside(amount: Amount, energies: Sequence[Energy], first: int) -> Iterable[Amount]:
    """What of `amount` lies in none of `energies`, of which those before `first` lie before it."""
    whole = amount.period
    begins = whole.begins
    for place in range(first, len(energies)):
        taken = energies[place].period
        if taken.begins >= whole.ends:
            break
        if begins < taken.begins:
            yield _cut(amount, Period(begins, taken.begins))
        begins = taken.ends
    if begins == whole.begins:
        yield amount
    elif begins < whole.ends:
        yield _cut(amount, Period(begins, whole.ends))


def _cut(amount: Amount, period: Period) -> Amount:
    """The part of `amount` in `period`, agreed to or not as the whole was."""
    energy = amount.energy
    if energy.levels is not None and energy.levels.unit is LevelUnit.MWH:
        raise StretchIndivisible(energy.period)
    if not energy.hourly_mwh:
        return replace(amount, energy=replace(energy, period=period))
    first = (period.begins - energy.period.begins) // HOUR
    hourly = energy.hourly_mwh[first : first + period.hours]
    part = replace(energy, period=period, hourly_mwh=hourly, average_mw=mean_of(hourly, len(hourly)))
    return replace(amount, energy=part)


def mean_of(energies: Sequence[Decimal], hours: int) -> Decimal:
    """The average power of `energies` over `hours`, to six decimals, as averages are told."""
    with localcontext() as context:
        context.prec = _DIGITS
        return (sum(energies, Decimal(0)) / hours).quantize(_SIX_PLACES)


def neighbours_joined(stretches: Iterable[tuple[Period, str]]) -> list[tuple[Period, str]]:
    """Runs of stretches (in order) that touch and are told alike: a year of months is one line of history."""
    runs: list[tuple[Period, str]] = []
    for period, told in stretches:
        if runs and runs[-1][0].ends == period.begins and runs[-1][1] == told:
            runs[-1] = Period(runs[-1][0].begins, period.ends), told
        else:
            runs.append((period, told))
    return runs
