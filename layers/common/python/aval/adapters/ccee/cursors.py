"""Cursors over lists that the other bus gives by page numbers."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Final, TypeVar

from aval.contracts.paging import MAX_PAGE_SIZE, CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import CursorUnreadable, NothingFound

# The size goes with the number: pages of another size would lose and repeat rows.
_PAGE: Final = re.compile(r"p([1-9][0-9]{0,8})x([1-9][0-9]{0,3})")

Row = TypeVar("Row")


def stretch(cursor: CursorRequest, fetch: Callable[[PageRequest], Page[Row]]) -> Stretch[Row]:
    """The page that `cursor` names, empty where there is none; raise `CursorUnreadable`."""
    request = _opened(cursor)
    try:
        page = fetch(request)
    except NothingFound:
        return Stretch((), None)
    if request.number >= page.total_pages:
        return Stretch(page.rows, None)
    return Stretch(page.rows, _cursor(PageRequest(request.number + 1, request.size)))


def _opened(cursor: CursorRequest) -> PageRequest:
    if cursor.cursor is None:
        return PageRequest(1, cursor.size)
    try:
        found = _PAGE.fullmatch(base64.urlsafe_b64decode(cursor.cursor.encode("ascii")).decode("ascii"))
    except (binascii.Error, UnicodeError):
        found = None
    if found is None or int(found[2]) > MAX_PAGE_SIZE:
        raise CursorUnreadable("o cursor não é desta consulta; recomece pela primeira página")
    return PageRequest(int(found[1]), int(found[2]))


def _cursor(request: PageRequest) -> str:
    return base64.urlsafe_b64encode(f"p{request.number}x{request.size}".encode()).decode("ascii")
