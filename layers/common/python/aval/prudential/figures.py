"""Decimal figures: how files carry them, the context that results come of, and how they are printed."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import Final

CONTEXT: Final = Context(prec=50, rounding=ROUND_HALF_EVEN)
"""For `decimal.localcontext`: what a caller set for itself never reaches a result."""
MOST_WHOLE_DIGITS: Final = 20
MOST_PLACES: Final = 12
_FORM: Final = re.compile(rf"[+-]?[0-9]{{1,{MOST_WHOLE_DIGITS}}}(?:\.(?P<places>[0-9]+))?")
# An exact product of three figures still has its places when it is printed.
_ZERO: Final = Decimal(0)
_PRINTING: Final = Context(prec=200, rounding=ROUND_HALF_EVEN)
_SIGNS: Final = str.maketrans(",.", ".,")


class FigureInvalid(ValueError):
    """Text that is no plain decimal; `detail` is for the agent and says the form, not what was found."""

    def __init__(self, most_places: int) -> None:
        self.detail = (
            "escreva um número decimal com ponto, sem separador de milhar nem expoente, como -1234.56: até "
            f"{MOST_WHOLE_DIGITS} algarismos antes do ponto e {most_places} depois"
        )
        super().__init__(self.detail)


def parse_decimal(text: str, *, most_places: int = MOST_PLACES) -> Decimal:
    """Raise `FigureInvalid` for anything but `[+-]digits[.digits]` in ASCII; no zero is negative."""
    form = _FORM.fullmatch(text)
    if not form or len(form["places"] or "") > most_places:
        raise FigureInvalid(most_places)
    # Of a million figures most are zero: one stands for all.
    return Decimal(text) or _ZERO


def plain(value: Decimal, places: int) -> str:
    """Plain notation with exactly `places` digits after the point, half to even; zero has no sign."""
    rounded = value.quantize(_unit(places), ROUND_HALF_EVEN, _PRINTING)
    rounded = rounded or rounded.copy_abs()
    # With up to six places `str` writes no exponent either, in half the time.
    return str(rounded) if places <= 6 else format(rounded, "f")


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def spelled(value: Decimal) -> str:
    """The one shortest plain spelling of a value: what digests are taken of."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if value else "0"


def written(value: Decimal) -> str:
    """As the agent would write it in a sheet: `7.654.321,09`."""
    return format(Decimal(spelled(value)), ",f").translate(_SIGNS)
