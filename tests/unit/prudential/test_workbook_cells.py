"""Laws of single cells."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.prudential.workbook_cells import CellRefused, Value, cell_name, found, read_day, read_figure

FIFTEEN_DIGITS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(0, 12),
)
PLAIN = st.decimals(-(10**19), 10**19, places=12, allow_nan=False)


@given(FIFTEEN_DIGITS)
def test_what_a_spreadsheet_can_show_comes_back_from_its_number(value: Decimal) -> None:
    assert read_figure(float(value)) == value


@given(FIFTEEN_DIGITS)
def test_the_last_bits_of_a_reckoned_number_are_not_told(value: Decimal) -> None:
    # As programs save it: with the seventeen digits that name the number exactly.
    assert read_figure(float(f"{float(value):.17g}")) == value


@given(PLAIN)
def test_text_keeps_every_digit_with_comma_or_point(value: Decimal) -> None:
    text = format(value, "f")
    assert read_figure(text) == read_figure(text.replace(".", ",")) == value


@given(st.floats(-1e-13, 1e-13))
def test_what_is_below_twelve_places_is_zero_without_a_sign(value: float) -> None:
    read = read_figure(value)
    assert (read == 0, read.is_signed()) == (True, False)


def refusal_of(value: Value) -> CellRefused | None:
    try:
        assert read_figure(value).is_finite()
    except CellRefused as refusal:
        return refusal
    return None


@given(st.floats() | st.text() | st.booleans() | st.datetimes() | st.dates() | st.times() | st.timedeltas())
def test_any_cell_is_a_figure_or_a_refusal_with_a_sentence(value: Value) -> None:
    refusal = refusal_of(value)
    if refusal is not None:
        assert refusal.rule == "numero"
        assert refusal.detail.endswith(found(value))
        assert len(refusal.detail) < 500


@given(st.dates())
def test_a_day_is_the_same_however_it_is_written(value: date) -> None:
    written = (
        value,
        value.isoformat(),
        f"{value:%d/%m}/{value.year:04}",
        datetime.combine(value, datetime.min.time()),
    )
    assert {read_day(one) for one in written} == {value}


@pytest.mark.parametrize("value", [datetime(2022, 12, 31, 1), timedelta(days=1), 1.5, True, "1/2/2023"])  # noqa: DTZ001
def test_refuses_as_a_day_what_has_an_hour_or_is_none(value: Value) -> None:
    with pytest.raises(CellRefused):
        read_day(value)


def test_names_cells_as_spreadsheets_do() -> None:
    assert [cell_name(0, 0), cell_name(11, 4), cell_name(199_999, 25)] == ["A1", "E12", "Z200000"]
