from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.imports import values
from aval.contracts.imports.values import Misread
from aval.contracts.model import HOUR, Period, local_hour


@pytest.mark.parametrize("text", ["01/01/2026 00", "1/1/2026 0", "01/01/2026 00:00:00", "01/01/2026T00:00"])
def test_a_beginning_is_read_in_every_spelling(text: str) -> None:
    assert values.begin(text) == local_hour(2026, 1, 1)


@pytest.mark.parametrize(
    "text",
    ["31/12/2026 23", "31/12/2026 23:00:00", "31/12/2026 23:59:59", "01/01/2027 00", "01/01/2027 00:00"],
)
def test_an_end_is_the_same_moment_in_every_spelling(text: str) -> None:
    assert values.end(text) == local_hour(2027, 1, 1)


def test_an_end_in_the_middle_of_a_day_names_its_last_hour() -> None:
    assert values.end("15/06/2026 12") == local_hour(2026, 6, 15, 13)


def test_the_hour_after_midnight_as_the_last_one_is_told_by_its_last_second() -> None:
    assert values.end("01/01/2027 00:59:59") == local_hour(2027, 1, 1, 1)


def test_a_last_hour_that_comes_twice_means_both() -> None:
    assert values.end("17/02/2018 23") == values.end("18/02/2018 00") == local_hour(2018, 2, 18)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("31/02/2026 00", "não existe"),
        ("2026-01-01", "DD/MM/AAAA HH"),
        ("01/01/2026", "DD/MM/AAAA HH"),
        ("01/01/2026 24", "00 a 23"),
        ("01/01/2026 10:30", "minutos"),
        ("31/12/1999 23", "2000 a 2100"),
        ("01/01/2101 00", "2000 a 2100"),
    ],
)
@pytest.mark.parametrize("read", [values.begin, values.end])
def test_a_moment_that_cannot_be_one_is_refused_with_what_is_expected(
    text: str, part: str, read: Callable[[str], object]
) -> None:
    with pytest.raises(Misread) as refused:
        read(text)
    assert part in refused.value.detail


def test_a_beginning_is_no_last_second() -> None:
    with pytest.raises(Misread):
        values.begin("01/01/2026 00:59:59")


@pytest.mark.parametrize("text", ["10.5", "10,5", "10.500000", "0", "9" * 22 + ",999999"])
def test_a_quantity_takes_a_comma_or_a_point(text: str) -> None:
    assert values.quantity(text) == Decimal(text.replace(",", "."))


@pytest.mark.parametrize("text", ["-1", "1.000,5", "1e3", "1.1234567", "9" * 23, ".5", "5.", "٣", "NaN"])
def test_a_quantity_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        values.quantity(text)


@pytest.mark.parametrize("text", ["0", "1000000000", "-1", "1.0", "²", "１"])
def test_a_code_is_a_positive_whole_number_of_nine_digits(text: str) -> None:
    assert values.code("999999999") == 999_999_999
    assert values.code("000000001") == 1
    with pytest.raises(Misread):
        values.code(text)


def test_a_mark_is_an_x() -> None:
    assert values.mark("X")
    assert values.mark("x")
    with pytest.raises(Misread):
        values.mark("Sim")


@pytest.mark.parametrize(("text", "hours"), [("01/2026", 744), ("2/2018", 673), ("11/2018", 719)])
def test_a_month_has_the_hours_that_really_pass_in_it(text: str, hours: int) -> None:
    assert values.month(text).hours == hours


@pytest.mark.parametrize("text", ["13/2026", "00/2026", "2026-01", "01/26"])
def test_a_month_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        values.month(text)


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        (date(2018, 2, 17), [*(f"{hour:02d}" for hour in range(24)), "23*"]),
        (date(2018, 11, 4), [f"{hour:02d}" for hour in range(1, 24)]),
        (date(2017, 2, 18), [*(f"{hour:02d}" for hour in range(24)), "23*"]),
        (date(2017, 10, 15), [f"{hour:02d}" for hour in range(1, 24)]),
        (date(2026, 2, 14), [f"{hour:02d}" for hour in range(24)]),
    ],
)
def test_the_hours_of_a_day_are_those_of_its_clocks(day: date, labels: list[str]) -> None:
    hours = values.hours_of_day(day)
    assert list(hours) == labels
    moments = list(hours.values())
    assert moments == [moments[0] + place * HOUR for place in range(len(labels))]


def test_weeks_of_a_month_begin_on_saturday_and_are_cut_by_it() -> None:
    month = values.month("01/2026")  # the first is a Thursday
    weeks = [values.week(number, month) for number in range(1, 7)]
    assert [week.hours // 24 for week in weeks] == [2, 7, 7, 7, 7, 1]
    assert weeks[1].begins == local_hour(2026, 1, 3)
    with pytest.raises(Misread):
        values.week(7, month)


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_the_weeks_of_a_period_make_it_whole(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    whole = Period(
        local_hour(first.year, first.month, first.day), local_hour(last.year, last.month, last.day)
    )
    weeks: list[Period] = []
    end = whole.begins
    while end < whole.ends:
        weeks.append(values.week(len(weeks) + 1, whole))
        assert weeks[-1].begins == end
        end = weeks[-1].ends
    assert sum(week.hours for week in weeks) == whole.hours
