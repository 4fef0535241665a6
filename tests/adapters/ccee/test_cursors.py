"""Cursors walk the other bus's pages: nothing lost, nothing twice, and no cursor of another list."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.adapters.ccee.cursors import stretch
from aval.contracts.paging import CursorRequest, Page, PageRequest
from aval.contracts.refusals import CursorUnreadable, NothingFound, ProviderFailed


def pages_of(rows: list[int], request: PageRequest) -> Page[int]:
    """As SOAP gives them: past the end there is no data."""
    first = (request.number - 1) * request.size
    if first >= len(rows):
        raise NothingFound("past the end")
    return Page(tuple(rows[first : first + request.size]), request, len(rows))


@given(st.integers(0, 60), st.integers(1, 25))
def test_stretches_put_together_are_the_list(count: int, size: int) -> None:
    rows = list(range(count))
    found: list[int] = []
    cursor: str | None = None
    while True:
        # The size that is asked for later is no matter: it is the cursor's.
        request = CursorRequest(cursor, size if cursor is None else 7)
        told = stretch(request, lambda page: pages_of(rows, page))
        found += told.rows
        cursor = told.next_cursor
        if cursor is None:
            break
    assert found == rows


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "ção",
        encoded(""),
        encoded("p1"),
        encoded("p0x10"),
        encoded("p2x0"),
        encoded("p2x1001"),
        encoded("p2x10 "),
        encoded("p-1x10"),
        encoded("p٢x10"),
        encoded("p99999999999x10"),
        '{"pk": "x"}',
    ],
)
def test_a_cursor_of_another_list_is_refused_before_anything_is_asked(cursor: str) -> None:
    def never(page: PageRequest) -> Page[int]:
        raise AssertionError(page)

    with pytest.raises(CursorUnreadable):
        stretch(CursorRequest(cursor), never)


def test_a_list_that_shrank_ends() -> None:
    told = stretch(CursorRequest(encoded("p3x10")), lambda page: pages_of([1, 2], page))
    assert (told.rows, told.next_cursor) == ((), None)


def test_a_failure_is_no_end_of_a_list() -> None:
    def failing(page: PageRequest) -> Page[int]:
        raise ProviderFailed("x")

    with pytest.raises(ProviderFailed):
        stretch(CursorRequest(), failing)
