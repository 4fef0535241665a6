"""The standard normal quantile in decimal, correctly rounded: a float has sixteen digits, we promise 34."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache
from statistics import NormalDist
from typing import Final

_GUARD_DIGITS: Final = 20
# Newton doubles the right digits at each step: from a float's, these reach several hundred.
_STEPS: Final = 6


@lru_cache(maxsize=64)
def normal_quantile(probability: Decimal, digits: int) -> Decimal:
    """The z with Φ(z) = `probability`, to `digits` digits; raise `ValueError` for no probability."""
    if not 0 < probability < 1:
        raise ValueError("a quantile is asked for a probability between 0 and 1")
    rounding = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    guard = _GUARD_DIGITS
    # Ziv's test: where both ends of the error round alike, so does the true value between them. It ends, for
    # no quantile of a decimal but 0 is itself a short decimal.
    while True:
        below, above = _bounds(probability, digits, guard)
        if rounding.plus(below) == rounding.plus(above):
            return rounding.plus(below)
        guard *= 2


def _bounds(probability: Decimal, digits: int, guard: int) -> tuple[Decimal, Decimal]:
    if probability == Decimal("0.5"):
        return Decimal(0), Decimal(0)
    # What is near 1 (or 0) keeps as few right digits of its tail as it has nines (or zeros).
    tail = -min(probability, 1 - probability).adjusted()
    with localcontext(Context(prec=digits + 2 * guard + tail)):
        quantile = _newton(probability)
        error = abs(quantile).scaleb(-digits - guard)
        return quantile - error, quantile + error


def _newton(probability: Decimal) -> Decimal:
    """Solve Φ(z) − ½ = ½ − tail for the z of the nearer tail: a float near 1 has few digits of it left."""
    tail = min(probability, 1 - probability)
    area, root = Decimal("0.5") - tail, (2 * _pi()).sqrt()
    quantile = Decimal(-NormalDist().inv_cdf(float(tail)))
    for _ in range(_STEPS):
        density = (-quantile * quantile / 2).exp() / root
        quantile += area / density - _area_over_density(quantile)
    return quantile if probability > tail else -quantile


def _area_over_density(quantile: Decimal) -> Decimal:
    """(Φ(x) − ½) / φ(x) = x + x³/3 + x⁵/(3·5) + …: all terms of one sign, so that none cancels another.

    Abramowitz and Stegun, 26.2.11.
    """
    square, term, total, odd = quantile * quantile, quantile, Decimal(0), 1
    while total + term != total:
        total += term
        odd += 2
        term = term * square / odd
    return total


def _pi() -> Decimal:
    """π = 16 arctan(1/5) − 4 arctan(1/239) (Machin), to the precision at hand."""
    return 16 * _arctan_of_inverse(5) - 4 * _arctan_of_inverse(239)


def _arctan_of_inverse(number: int) -> Decimal:
    power, total, odd = Decimal(1) / number, Decimal(0), 1
    while total + power / odd != total:
        total += power / odd
        power /= -number * number
        odd += 2
    return total
