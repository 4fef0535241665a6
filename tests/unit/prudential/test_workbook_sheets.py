"""What the parser of sheets does badly is the file's fault, never the process's end."""

import pytest

from aval.prudential import workbook_sheets
from aval.prudential.refusals import DocumentUnreadable
from aval.prudential.workbook_gate import CheckedWorkbook, check_workbook
from aval.prudential.workbook_sheets import open_sheets
from tests.support.workbooks import book

NAMES = ("Portfolio", "Instrucoes")


class PanicException(BaseException):
    """As pyo3 raises where Rust panics."""


def raising(failure: BaseException) -> object:
    def fail(_: object) -> None:
        raise failure

    return fail


def test_opens_the_sheets_asked_for_in_that_order() -> None:
    assert tuple(sheet.name for sheet in open_sheets(check_workbook(book().file()), NAMES)) == NAMES


def test_a_panic_of_the_parser_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_sheets, "_rows", raising(PanicException("index out of bounds")))
    with pytest.raises(DocumentUnreadable) as refusal:
        open_sheets(check_workbook(book().file()), NAMES)
    assert [fault.rule for fault in refusal.value.faults] == ["formato"]


def test_an_interrupt_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_sheets, "_rows", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        open_sheets(check_workbook(book().file()), NAMES)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"no archive"])
def test_what_the_parser_cannot_open_is_a_refusal(content: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        open_sheets(CheckedWorkbook(content, {}), NAMES)
