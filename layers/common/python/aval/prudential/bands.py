"""Bands of factors: zero, up to each limit, above the last (docs/publication.md has their source)."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Self

_LIMIT: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,12})?")
_ZERO: Final = Decimal(0)


class BandsUnreadable(ValueError):
    """The setting is no list of growing positive limits."""


@dataclass(frozen=True, slots=True)
class Band:
    number: int
    description: str
    above: str | None
    """The factor is above this; None for the first."""
    up_to: str | None
    """And not above this; None for the last."""


@dataclass(frozen=True, slots=True)
class Bands:
    limits: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Limits by commas, as `0.20,0.50`; raise `BandsUnreadable`."""
        limits = tuple(text.split(","))
        if not all(_LIMIT.fullmatch(limit) for limit in limits):
            raise BandsUnreadable(text)
        values = [_ZERO, *map(Decimal, limits)]
        if any(after <= before for before, after in pairwise(values)):
            raise BandsUnreadable(text)
        return cls(limits)

    def all(self) -> tuple[Band, ...]:
        edges = ("0", *self.limits)
        between = [
            Band(number, f"{_told(above)} < FA ≤ {_told(up_to)}", above, up_to)
            for number, (above, up_to) in enumerate(pairwise(edges), start=1)
        ]
        last = edges[-1]
        return (
            Band(0, "FA = 0", None, "0"),
            *between,
            Band(len(edges), f"FA > {_told(last)}", last, None),
        )

    def number_of(self, factor: str) -> int:
        """The number of the band that the factor is in."""
        return bisect_left([_ZERO, *map(Decimal, self.limits)], Decimal(factor))


def _told(limit: str) -> str:
    return limit.replace(".", ",")
