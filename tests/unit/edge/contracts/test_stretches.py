from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.bus import (
    ContractBus,
    Onlooker,
    Outcome,
    Processing,
    ProcessingCode,
    ProcessingState,
    RowResult,
    RowStatus,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import CursorUnreadable, NothingFound
from aval.edge.contracts.stretches import RowsOfProcessing, rows_of_processing, stretch_of
from tests.support.contracts import NOW

VIEWER = Onlooker(frozenset(), frozenset())
CODE = ProcessingCode(7)
SIZES = st.integers(min_value=150, max_value=1000)


def numbered(total: int) -> Callable[[PageRequest], Page[int]]:
    """Of the numbers below `total`, as a bus gives them out."""

    def fetch(request: PageRequest) -> Page[int]:
        begin = (request.number - 1) * request.size
        if begin >= max(total, 1):
            raise NothingFound("nada")
        return Page(tuple(range(begin, min(begin + request.size, total))), request, total)

    return fetch


def followed(read: Callable[[CursorRequest], Any], size: int) -> list[Any]:
    rows: list[Any] = []
    cursor = None
    while True:
        found = read(CursorRequest(cursor, size))
        rows.extend(found.rows)
        cursor = found.next_cursor
        if cursor is None:
            return rows


@given(st.integers(min_value=0, max_value=2_500), SIZES)
def test_stretches_add_up_to_the_whole_list(total: int, size: int) -> None:
    fetch = numbered(total)
    assert followed(lambda asked: stretch_of(fetch, asked), size) == list(range(total))


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=20))
def test_heavy_rows_make_shorter_stretches_that_add_up_too(total: int, most: int) -> None:
    def read(asked: CursorRequest) -> Stretch[int]:
        found = stretch_of(numbered(total), asked, weight=lambda row: row % 7, most=most)
        assert len(found.rows) == 1 or sum(row % 7 for row in found.rows) <= most
        return found

    assert followed(read, 10) == list(range(total))


@pytest.mark.parametrize("cursor", ["5", "999999999"])
def test_past_the_end_there_is_nothing_and_no_next(cursor: str) -> None:
    assert stretch_of(numbered(5), CursorRequest(cursor)) == Stretch((), None)


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "x", "٣", "1\n", "9999999999"])
def test_a_cursor_that_no_list_gave_is_refused(cursor: str) -> None:
    with pytest.raises(CursorUnreadable):
        stretch_of(numbered(5), CursorRequest(cursor))


# Rows of a processing


@dataclass
class FixedImport:
    """A bus that knows one processing; every tenth row was refused."""

    done: int
    state: ProcessingState = ProcessingState.DONE
    asked: list[PageRequest] = field(default_factory=list)

    def outcome(self, code: ProcessingCode, page: PageRequest, viewer: object) -> Outcome:
        self.asked.append(page)
        if code != CODE:
            raise NothingFound("nada")
        found = numbered(self.done)(page)
        return Outcome(self.processing, Page(tuple(map(result, found.rows)), page, self.done))

    @property
    def processing(self) -> Processing:
        return Processing(CODE, self.state, NOW, 10_000, self.done, self.done // 10)

    def read(self, asked: CursorRequest, only: RowStatus | None = None) -> RowsOfProcessing:
        return rows_of_processing(cast("ContractBus", self), CODE, asked, VIEWER, only=only)


def result(number: int) -> RowResult:
    status = RowStatus.REFUSED if number % 10 == 9 else RowStatus.DONE
    return RowResult(number + 1, str(number + 1), status, "texto")


@given(st.integers(min_value=0, max_value=2_500), SIZES)
def test_the_rows_of_an_import_that_is_over_add_up(done: int, size: int) -> None:
    rows = followed(FixedImport(done).read, size)
    assert [row.row for row in rows] == list(range(1, done + 1))


@given(st.integers(min_value=0, max_value=6_500), SIZES)
def test_refused_rows_alone_add_up_too(done: int, size: int) -> None:
    rows = followed(lambda asked: FixedImport(done).read(asked, RowStatus.REFUSED), size)
    assert [row.row for row in rows] == list(range(10, done + 1, 10))


def test_one_call_for_refused_rows_looks_through_so_many_rows_and_no_more() -> None:
    bus = FixedImport(100_000)
    found = bus.read(CursorRequest(None, 1000), RowStatus.REFUSED)
    assert (len(found.rows), found.next_cursor, len(bus.asked)) == (500, "5000", 5)


@pytest.mark.parametrize(
    ("state", "next_cursor"),
    [
        (ProcessingState.AWAITING_FILE, "30"),
        (ProcessingState.RECEIVED, "30"),
        (ProcessingState.RUNNING, "30"),
        (ProcessingState.DONE, None),
        (ProcessingState.REFUSED, None),
        (ProcessingState.FAILED, None),
    ],
)
def test_while_rows_may_follow_the_cursor_waits_for_them(
    state: ProcessingState, next_cursor: str | None
) -> None:
    bus = FixedImport(30, state)
    assert bus.read(CursorRequest()).next_cursor == next_cursor
    again = bus.read(CursorRequest("30"))
    assert (again.rows, again.next_cursor) == ((), next_cursor)


def test_at_the_end_of_a_whole_page_the_state_is_told_all_the_same() -> None:
    bus = FixedImport(2_000)
    assert bus.read(CursorRequest("2000")) == RowsOfProcessing(bus.processing, (), None)


def test_a_processing_of_nobody_or_of_others_is_not_found() -> None:
    bus = cast("ContractBus", FixedImport(30))
    for cursor in (None, "2000"):
        with pytest.raises(NothingFound):
            rows_of_processing(bus, ProcessingCode(8), CursorRequest(cursor), VIEWER, only=None)
