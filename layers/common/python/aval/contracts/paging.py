"""Lists in parts: by number for SOAP, by cursor for the JSON twin; always in the order of codes."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

MAX_PAGE_SIZE: Final = 1000

Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`number` counts from 1; the edge has checked both."""

    number: int = 1
    size: int = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Row_co]):
    rows: tuple[Row_co, ...]
    request: PageRequest
    total: int

    @property
    def total_pages(self) -> int:
        return -(-self.total // self.request.size)


@dataclass(frozen=True, slots=True)
class CursorRequest:
    """What an earlier answer gave as its next cursor, or None for the beginning."""

    cursor: str | None = None
    size: int = 100


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Row_co]):
    """`next_cursor` is None at the end; only the bus that gave it can read it."""

    rows: tuple[Row_co, ...]
    next_cursor: str | None
