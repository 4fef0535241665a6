from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.registry import columns
from aval.registry.columns import FieldInvalid, Scalar
from aval.registry.model import ParticipantClass, Role, Submarket


def refused(column: columns.Column, value: Scalar) -> bool:
    try:
        column.read(value)
    except FieldInvalid:
        return True
    return False


@pytest.mark.parametrize(("value", "read"), [(1, 1), ("1", 1), (" 0042 ", 42), (999_999_999, 999_999_999)])
def test_reads_a_code(value: Scalar, read: int) -> None:
    assert columns.code("c", "c").read(value) == read


@pytest.mark.parametrize("value", [0, 1_000_000_000, -1, True, "", "1.0", "1e3", "+1", "٣", "1000000000"])
def test_refuses_what_is_no_code(value: Scalar) -> None:
    assert refused(columns.code("c", "c"), value)


def test_a_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    column = columns.text("t", "t", longest=5)
    assert column.read("  çãéíó ") == "çãéíó"
    assert refused(column, "abcdef")


def test_two_spellings_of_an_accent_are_one_text() -> None:
    assert columns.text("t", "t", longest=2).read("a\u0303o") == "ão"


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "\ud800", "a\u202eb", 12, False])
def test_refuses_text_with_what_nobody_sees(value: Scalar) -> None:
    assert refused(columns.text("t", "t", longest=20), value)


@pytest.mark.parametrize("value", list(ParticipantClass))
def test_knows_every_class(value: ParticipantClass) -> None:
    assert columns.coded("classe", "c", ParticipantClass).read(str(value.value)) is value


@pytest.mark.parametrize("value", [8, 9, 14, "2.0", "Gerador"])
def test_refuses_a_class_that_the_chamber_does_not_have(value: Scalar) -> None:
    assert refused(columns.coded("classe", "c", ParticipantClass), value)


def test_submarkets_are_1_to_4() -> None:
    column = columns.coded("submercado", "s", Submarket)
    assert [column.read(number) for number in (1, 2, 3, 4)] == list(Submarket)
    assert refused(column, 5)


def test_a_word_is_spelt_exactly() -> None:
    column = columns.one_of("papel", "p", Role)
    assert column.read(" REPRESENTANTE_CCEE ") is Role.REPRESENTANTE_CCEE
    assert refused(column, "representante_ccee")


@pytest.mark.parametrize(
    ("value", "is_read"),
    [
        ("2026-02-28", True),
        ("2026-02-29", False),
        ("1990-01-01", True),
        ("1989-12-31", False),
        ("2100-12-31", True),
        ("2101-01-01", False),
        ("20260101", False),
        ("2026-W01-1", False),
        ("01/01/2026", False),
    ],
)
def test_a_day_is_a_real_one_written_in_one_way(value: str, *, is_read: bool) -> None:
    assert refused(columns.day("d", "d"), value) != is_read


def test_writes_a_day_as_it_reads_it() -> None:
    assert columns.day("d", "d").write(date(2026, 2, 28)) == "2026-02-28"


@pytest.mark.parametrize(
    ("value", "is_read"),
    [("2026-01", True), ("2026-12", True), ("2026-00", False), ("2026-13", False), ("2026-1", False)],
)
def test_a_month_is_one_of_twelve(value: str, *, is_read: bool) -> None:
    assert refused(columns.month("m", "m"), value) != is_read


@pytest.mark.parametrize(
    "value", ["2026-09-09T18:00", "2026-09-09T18:00:00", "2026-09-09T18:00:00-03:00", "2026-09-09T21:00:00Z"]
)
def test_a_moment_without_an_offset_is_sao_paulos(value: str) -> None:
    column = columns.moment("m", "m")
    assert column.read(value) == datetime(2026, 9, 9, 21, tzinfo=UTC)
    assert column.write(column.read(value)) == "2026-09-09T18:00:00-03:00"


@pytest.mark.parametrize(
    "value", ["2026-09-09", "2026-09-09T25:00", "2026-09-09T18:00:00.5", "0001-01-01T00:00:00Z", "soon"]
)
def test_refuses_what_is_no_moment(value: str) -> None:
    assert refused(columns.moment("m", "m"), value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("0", "0"),
        (324, "324"),
        ("343.5", "343.5"),
        ("343,5", "343.5"),
        ("999999999.999999", "999999999.999999"),
    ],
)
def test_reads_a_quantity_exactly(value: Scalar, read: str) -> None:
    assert columns.quantity("q", "q").read(value) == Decimal(read)


@pytest.mark.parametrize("value", ["-1", "1.0000001", "1000000000", "1e3", "1.234,5", "", True, "NaN"])
def test_refuses_what_is_no_quantity(value: Scalar) -> None:
    assert refused(columns.quantity("q", "q"), value)


@pytest.mark.parametrize(
    ("value", "read"),
    [(True, True), ("sim", True), ("SIM", True), ("não", False), ("nao", False), ("false", False)],
)
def test_reads_a_flag(value: Scalar, *, read: bool) -> None:
    assert columns.flag("f", "f").read(value) is read


@pytest.mark.parametrize("value", [1, 0, "1", "yes", ""])
def test_refuses_what_is_no_flag(value: Scalar) -> None:
    assert refused(columns.flag("f", "f"), value)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_that_is_held_as_a_moment_is_written_as_it_was_read(day: date) -> None:
    first, last = columns.first_day("inicio", "begins"), columns.last_day("fim", "ends")
    begins, ends = first.read(day.isoformat()), last.read(day.isoformat())
    assert (first.write(begins), last.write(ends)) == (day.isoformat(), day.isoformat())
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("day", "hours"), [("2018-11-04", 23), ("2018-02-17", 25), ("2018-02-18", 24), ("2026-11-01", 24)]
)
def test_a_day_has_the_hours_that_passed_in_it(day: str, hours: int) -> None:
    begins = columns.first_day("inicio", "begins").read(day)
    assert columns.last_day("fim", "ends").read(day) - begins == timedelta(hours=hours)
