"""Text to XML, by hand: rows are strings put together, which is several times faster than a tree."""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from aval.moments import for_people
from aval.registry.model import Submarket

# XML 1.0, section 2.2: what no document may hold; a carriage return would be read back as a line feed.
_NOT_PLAIN: Final = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_UNWRITABLE: Final = "\N{REPLACEMENT CHARACTER}"


def escaped(text: str) -> str:
    """`text` as element content; what XML cannot hold is replaced, so that one row does not cost the page."""
    if _NOT_PLAIN.search(text) is None:
        return text
    return _NOT_PLAIN.sub(lambda found: _WRITTEN.get(found[0], _UNWRITABLE), text)


@lru_cache(maxsize=8192)
def moment(at: datetime) -> str:
    """With São Paulo's offset at that date; the dates of a page's rows are few."""
    return for_people(at)


def number(value: Decimal) -> str:
    """Without exponent, which xs:decimal does not know."""
    return f"{value:f}"


def truth(value: bool) -> str:
    return "true" if value else "false"


SUBMARKETS: Final = {
    Submarket.SE: "SUDESTE",
    Submarket.S: "SUL",
    Submarket.NE: "NORDESTE",
    Submarket.N: "NORTE",
}


def submarket(element: str, value: Submarket) -> str:
    name = SUBMARKETS[value]
    return f"<bov2:{element}><bov2:id>{value}</bov2:id><bov2:nome>{name}</bov2:nome></bov2:{element}>"
