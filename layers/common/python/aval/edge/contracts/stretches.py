"""Numbered pages read from any place on: the JSON twin's cursor is how many rows went before."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from aval.contracts.bus import (
    AmountQuery,
    AnyAmount,
    AnyContract,
    ContractBus,
    ContractQuery,
    FreeAmount,
    Outcome,
    Processing,
    ProcessingCode,
    RowResult,
    RowStatus,
    Viewer,
)
from aval.contracts.bus import ProcessingState as State
from aval.contracts.model import AmountKind, Market
from aval.contracts.paging import MAX_PAGE_SIZE, CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import CursorUnreadable, NothingFound

Row = TypeVar("Row")

_CURSOR: Final = re.compile("[0-9]{1,9}", re.ASCII)
# Rows looked through by one call that asks for refused rows alone.
_MOST_PAGES: Final = 5
# Some 30 bytes each at the longest: 3 MB of the 5 that an answer may have.
_MOST_HOURS: Final = 100_000
_UNDER_WAY: Final = frozenset({State.AWAITING_FILE, State.RECEIVED, State.RUNNING})


@dataclass(frozen=True, slots=True)
class RowsOfProcessing:
    """How far a processing is, and rows of it from a cursor on; without a next one nothing can follow."""

    processing: Processing
    rows: tuple[RowResult, ...]
    next_cursor: str | None


def rows_passed(cursor: str | None) -> int:
    """Raise `CursorUnreadable` for what these lists did not give."""
    if cursor is None:
        return 0
    if not _CURSOR.fullmatch(cursor):
        raise CursorUnreadable("este cursor não é desta lista; recomece sem ele")
    return int(cursor)


def stretch_of(
    fetch: Callable[[PageRequest], Page[Row]],
    asked: CursorRequest,
    *,
    weight: Callable[[Row], int] = lambda _: 1,
    most: int = MAX_PAGE_SIZE,
) -> Stretch[Row]:
    """At most `asked.size` rows, and no more of them than weigh `most` together, but one at least."""
    passed = rows_passed(asked.cursor)
    try:
        page = fetch(_page_at(passed))
    except NothingFound:
        return Stretch((), None)
    taken: list[Row] = []
    carried = 0
    for row in page.rows[passed % MAX_PAGE_SIZE :][: asked.size]:
        carried += weight(row)
        if taken and carried > most:
            break
        taken.append(row)
    after = passed + len(taken)
    return Stretch(tuple(taken), str(after) if taken and after < page.total else None)


def contracts_found(
    bus: ContractBus, query: ContractQuery, asked: CursorRequest, viewer: Viewer
) -> Stretch[AnyContract]:
    """None at all for a caller without a profile, unless they are public."""
    if query.market is Market.FREE and not query.profiles:
        return Stretch((), None)
    try:
        return bus.contracts_from(query, asked, viewer)
    except NothingFound:
        return Stretch((), None)


def amounts_of_contract(
    bus: ContractBus, query: AmountQuery, asked: CursorRequest, viewer: Viewer
) -> Stretch[AnyAmount]:
    """Few enough hours together that an answer stays within what the gateway carries."""
    return stretch_of(
        lambda page: bus.amounts(query, page, viewer), asked, weight=_hours_told, most=_MOST_HOURS
    )


def _hours_told(found: AnyAmount) -> int:
    if isinstance(found, FreeAmount) and found.kind is AmountKind.MODULATED:
        return len(found.amount.energy.hourly_mwh)
    return 0


def rows_of_processing(
    bus: ContractBus,
    code: ProcessingCode,
    asked: CursorRequest,
    viewer: Viewer,
    *,
    only: RowStatus | None,
) -> RowsOfProcessing:
    """Raise `NothingFound` for a processing that is not the viewer's."""
    passed = rows_passed(asked.cursor)
    taken: list[RowResult] = []
    for _ in range(_MOST_PAGES):
        outcome = _outcome(bus, code, passed, viewer)
        for row in outcome.results.rows[passed % MAX_PAGE_SIZE :]:
            if len(taken) == asked.size:
                break
            passed += 1
            if only in (None, row.status):
                taken.append(row)
        more = passed < outcome.results.total
        if not more or len(taken) == asked.size:
            break
    goes_on = more or outcome.processing.state in _UNDER_WAY
    return RowsOfProcessing(outcome.processing, tuple(taken), str(passed) if goes_on else None)


def _outcome(bus: ContractBus, code: ProcessingCode, passed: int, viewer: Viewer) -> Outcome:
    request = _page_at(passed)
    try:
        return bus.outcome(code, request, viewer)
    except NothingFound:
        if request.number == 1:
            raise
        # Past the end, or no processing of the viewer's: the first page tells which.
        first = bus.outcome(code, PageRequest(1, 1), viewer)
        return replace(first, results=Page((), request, first.results.total))


def _page_at(passed: int) -> PageRequest:
    return PageRequest(passed // MAX_PAGE_SIZE + 1, MAX_PAGE_SIZE)
