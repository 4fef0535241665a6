from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.model import (
    HOUR,
    Amount,
    AmountSituation,
    Energy,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    Period,
    local_hour,
)
from aval.contracts.timeline import (
    StretchesOverlap,
    StretchIndivisible,
    in_order,
    mean_of,
    neighbours_joined,
    overlapping,
    until,
    with_stretches,
)
from tests.support.contracts import FEBRUARY, JANUARY, YEAR, amount, energy

# Summer time ended in the night of 17 February 2018: that Saturday had 25 hours.
START = local_hour(2018, 2, 10)
HOURS = 24 * 14


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(st.integers(0, HOURS - 1))
    last = draw(st.integers(first + 1, HOURS))
    return Period(START + first * HOUR, START + last * HOUR)


@st.composite
def energies(draw: st.DrawFn) -> Energy:
    period = draw(periods())
    if not draw(st.booleans()):
        return Energy(period, Decimal(draw(st.integers(0, 99))))
    hourly = tuple(Decimal(draw(st.integers(0, 9))) for _ in range(period.hours))
    mean = mean_of(hourly, period.hours)
    return Energy(period, mean, ModulationKind.DECLARED, hourly_mwh=hourly)


def hours_of(amounts: tuple[Amount, ...]) -> dict[object, tuple[AmountSituation, object]]:
    """What each hour holds: its situation, and the declared energy or the average."""
    held: dict[object, tuple[AmountSituation, object]] = {}
    for one in amounts:
        hourly = one.energy.hourly_mwh or (one.energy.average_mw,) * one.period.hours
        for place, value in enumerate(hourly):
            held[one.period.begins + place * HOUR] = (one.situation, value)
    return held


@given(st.lists(energies(), max_size=6))
def test_amounts_never_overlap_and_stay_in_order(asked: list[Energy]) -> None:
    amounts: tuple[Amount, ...] = ()
    for one in asked:
        amounts = with_stretches(amounts, [one], AmountSituation.ADJUSTED)
    assert all(earlier.period.ends <= later.period.begins for earlier, later in pairwise(amounts))


@given(st.lists(energies(), max_size=4), energies())
def test_a_new_stretch_takes_its_own_hours_and_leaves_every_other_as_it_was(
    standing: list[Energy], new: Energy
) -> None:
    before: tuple[Amount, ...] = ()
    for one in standing:
        before = with_stretches(before, [one], AmountSituation.VALIDATED)
    after = with_stretches(before, [new], AmountSituation.ADJUSTED)
    expected = hours_of(before) | hours_of((Amount(new, AmountSituation.ADJUSTED),))
    assert hours_of(after) == expected
    assert sum(one.period.hours for one in after) == len(expected)


@given(st.lists(energies(), max_size=4), st.lists(energies(), max_size=4))
def test_many_stretches_at_once_are_as_good_as_one_after_the_other(
    standing: list[Energy], asked: list[Energy]
) -> None:
    before: tuple[Amount, ...] = ()
    for one in standing:
        before = with_stretches(before, [one], AmountSituation.VALIDATED)
    apart: tuple[Amount, ...] = ()
    for one in asked:
        apart = with_stretches(apart, [one], AmountSituation.ADJUSTED)
    new = [one.energy for one in apart]
    after = before
    for one in new:
        after = with_stretches(after, [one], AmountSituation.ADJUSTED)
    assert hours_of(with_stretches(before, new, AmountSituation.ADJUSTED)) == hours_of(after)


@given(energies(), st.integers(0, HOURS))
def test_what_lies_before_an_end_is_kept_hour_by_hour(one: Energy, place: int) -> None:
    moment = START + place * HOUR
    whole = (Amount(one, AmountSituation.VALIDATED),)
    kept = until(whole, moment)
    assert hours_of(kept) == {hour: held for hour, held in hours_of(whole).items() if hour < moment}  # type: ignore[operator]


@given(energies(), energies())
def test_asking_for_the_same_stretch_twice_changes_nothing_more(first: Energy, second: Energy) -> None:
    amounts = with_stretches((Amount(first, AmountSituation.VALIDATED),), [second], AmountSituation.ADJUSTED)
    assert with_stretches(amounts, [second], AmountSituation.ADJUSTED) == amounts


@given(st.lists(energies(), max_size=5), periods())
def test_what_overlaps_is_found_in_order(standing: list[Energy], period: Period) -> None:
    amounts: tuple[Amount, ...] = ()
    for one in standing:
        amounts = with_stretches(amounts, [one], AmountSituation.VALIDATED)
    assert list(overlapping(amounts, period)) == [one for one in amounts if one.period.overlaps(period)]


def test_the_pieces_of_a_cut_keep_their_situation_and_their_average() -> None:
    (before, new, after) = with_stretches(
        [amount(YEAR, AmountSituation.VALIDATED)], [energy(FEBRUARY, "20")], AmountSituation.ADJUSTED
    )
    assert before == amount(JANUARY, AmountSituation.VALIDATED)
    assert new == amount(FEBRUARY, AmountSituation.ADJUSTED, average="20")
    assert after == amount(Period(FEBRUARY.ends, YEAR.ends), AmountSituation.VALIDATED)


def test_a_piece_of_declared_hours_has_the_average_of_its_own_hours() -> None:
    day = Period(local_hour(2026, 1, 1), local_hour(2026, 1, 2))
    hourly = (Decimal(2),) * 12 + (Decimal(4),) * 12
    declared = Energy(day, Decimal(3), ModulationKind.DECLARED, hourly_mwh=hourly)
    (kept,) = until([Amount(declared, AmountSituation.INSERTED)], local_hour(2026, 1, 1, 12))
    assert (kept.energy.average_mw, kept.energy.hourly_mwh) == (Decimal(2), hourly[:12])


@pytest.mark.parametrize("unit", LevelUnit)
def test_averages_by_level_can_be_cut_and_energies_by_level_cannot(unit: LevelUnit) -> None:
    levels = LoadLevels(unit, Decimal(5), Decimal(10), Decimal(15))
    whole = [amount(YEAR, modulation=ModulationKind.DECLARED, levels=levels)]
    if unit is LevelUnit.AVERAGE_MW:
        assert [one.period for one in until(whole, JANUARY.ends)] == [JANUARY]
        return
    with pytest.raises(StretchIndivisible) as refused:
        until(whole, JANUARY.ends)
    assert refused.value.period == YEAR


def test_an_indivisible_stretch_may_be_replaced_whole() -> None:
    levels = LoadLevels(LevelUnit.MWH, Decimal(5), Decimal(10), Decimal(15))
    whole = [amount(JANUARY, modulation=ModulationKind.DECLARED, levels=levels)]
    assert with_stretches(whole, [energy(JANUARY)], AmountSituation.ADJUSTED) == (
        amount(JANUARY, AmountSituation.ADJUSTED),
    )


def test_stretches_of_one_row_may_touch_and_not_overlap() -> None:
    assert in_order([energy(FEBRUARY), energy(JANUARY)]) == (energy(JANUARY), energy(FEBRUARY))
    with pytest.raises(StretchesOverlap):
        in_order([energy(YEAR), energy(JANUARY)])


def test_neighbours_told_alike_are_one_line_and_others_are_not() -> None:
    march = Period(FEBRUARY.ends, FEBRUARY.ends + HOUR)
    assert neighbours_joined([(JANUARY, "A"), (FEBRUARY, "A"), (march, "B")]) == [
        (Period(JANUARY.begins, FEBRUARY.ends), "A"),
        (march, "B"),
    ]
    assert neighbours_joined([(JANUARY, "A"), (march, "A")]) == [(JANUARY, "A"), (march, "A")]
