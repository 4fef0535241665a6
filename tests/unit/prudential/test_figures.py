from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.prudential.figures import CONTEXT, FigureInvalid, parse_decimal, plain, spelled, written

plain_texts = st.from_regex(r"[+-]?[0-9]{1,20}(\.[0-9]{1,12})?", fullmatch=True, alphabet="+-.0123456789")


def test_reckons_in_more_digits_than_the_method_asks_for() -> None:
    assert CONTEXT.prec >= 34
    with localcontext(CONTEXT):
        assert Decimal(1) / 3 == Decimal("0." + "3" * 50)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-1234.56", "-1234.56"),
        ("+7", "7"),
        ("007.10", "7.10"),
        ("9" * 20 + "." + "9" * 12, "9" * 20 + "." + "9" * 12),
    ],
)
def test_takes_plain_notation(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "1\n", "1,5", "1.000,5", "1.", ".5", "1e3", "1E3", "NaN", "Infinity", "-", "+-1"),
        *("0x1", "1_000", "١", "１", "1.٥", "9" * 21, "0." + "1" * 13, "−1"),
    ],
)
def test_refuses_anything_else(text: str) -> None:
    with pytest.raises(FigureInvalid) as refusal:
        parse_decimal(text)
    assert "até 20 algarismos antes do ponto e 12 depois" in refusal.value.detail


def test_a_caller_may_allow_more_places_and_both_sides_of_that_limit_hold() -> None:
    assert parse_decimal("0." + "1" * 20, most_places=20) == Decimal("0." + "1" * 20)
    with pytest.raises(FigureInvalid, match="e 20 depois"):
        parse_decimal("0." + "1" * 21, most_places=20)


@given(plain_texts)
def test_reading_loses_no_digit_whatever_the_caller_reckons_in(text: str) -> None:
    with localcontext() as narrow:
        narrow.prec = 3
        value = parse_decimal(text)
    assert value == Decimal(text)
    assert not (value.is_signed() and value == 0)


@given(plain_texts)
def test_what_is_spelled_reads_back_and_is_spelled_alike(text: str) -> None:
    value = parse_decimal(text)
    assert parse_decimal(spelled(value)) == value
    assert spelled(parse_decimal(spelled(value))) == spelled(value)


@pytest.mark.parametrize(
    ("one", "other"), [("0.10", "0.1"), ("100", "+100.000"), ("-0", "0.0"), ("007", "7")]
)
def test_equal_values_have_one_spelling(one: str, other: str) -> None:
    assert spelled(parse_decimal(one)) == spelled(parse_decimal(other))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("7654321.090", "7.654.321,09"),
        ("-1234567", "-1.234.567"),
        ("999.5", "999,5"),
        ("-0.000000000001", "-0,000000000001"),
        ("0.00", "0"),
    ],
)
def test_is_read_by_people_as_they_write_it(value: str, read: str) -> None:
    assert written(Decimal(value)) == read


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("0.1234565", 6, "0.123456"),
        ("0.1234575", 6, "0.123458"),
        ("-0.0000001", 6, "0.000000"),
        ("0E-30", 12, "0.000000000000"),
        ("1E+20", 2, "100000000000000000000.00"),
        ("-2.5", 0, "-2"),
    ],
)
def test_prints_half_to_even_in_plain_notation(value: str, places: int, printed: str) -> None:
    assert plain(Decimal(value), places) == printed


def test_prints_the_largest_product_of_three_figures() -> None:
    largest = Decimal("9" * 20)
    with localcontext() as narrow:
        narrow.prec = 3
        assert plain(Decimal("9" * 60), 6) == "9" * 60 + ".000000"
    assert plain(CONTEXT.multiply(largest, largest), 12).endswith(".000000000000")
