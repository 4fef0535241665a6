"""The normal quantile, to more digits than any library on the machine gives."""

from decimal import ROUND_HALF_EVEN, ROUND_UP, Context, Decimal, localcontext
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.prudential.quantile import normal_quantile

PROBABILITIES = st.decimals("0.000000000001", "0.999999999999", places=12)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        ("0.95", "1.6448536269514727148638489079916321360831957442753"),
        ("0.975", "1.9599639845400542355245944305205515279555500778695"),
        ("0.99", "2.3263478740408411008856061633469117233518171415320"),
        ("0.5", "0"),
    ],
)
def test_gives_the_tabulated_quantile_to_fifty_digits(probability: str, expected: str) -> None:
    assert normal_quantile(Decimal(probability), 50) == Decimal(expected)


@settings(deadline=None)
@given(PROBABILITIES)
def test_fewer_digits_are_more_digits_rounded(probability: Decimal) -> None:
    rounding = Context(prec=40, rounding=ROUND_HALF_EVEN)
    assert normal_quantile(probability, 40) == rounding.plus(normal_quantile(probability, 70))


@settings(deadline=None)
@given(PROBABILITIES)
def test_is_odd_about_one_half(probability: Decimal) -> None:
    mirrored = normal_quantile(1 - probability, 50)
    assert normal_quantile(probability, 50) == mirrored.copy_negate()


@settings(deadline=None)
@given(PROBABILITIES)
def test_agrees_with_the_standard_library_as_far_as_a_float_goes(probability: Decimal) -> None:
    small = min(probability, 1 - probability)
    assert float(normal_quantile(small, 50)) == pytest.approx(
        NormalDist().inv_cdf(float(small)), rel=1e-14, abs=1e-14
    )


def test_does_not_depend_on_the_context_of_its_caller() -> None:
    normal_quantile.cache_clear()
    with localcontext(Context(prec=5, rounding=ROUND_UP)):
        found = normal_quantile(Decimal("0.95"), 50)
    assert found == Decimal("1.6448536269514727148638489079916321360831957442753")


@pytest.mark.parametrize("probability", ["0", "1", "-0.5", "1.5"])
def test_refuses_what_is_no_probability(probability: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(Decimal(probability), 50)
