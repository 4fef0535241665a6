"""Standard workbooks as an agent would fill them: lawful, each test changes one thing."""

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from aval.prudential.portfolio_lines import EQUITY_COLUMNS, LINES, PORTFOLIO_COLUMNS
from tests.support.portfolio_files import EVENT, portfolio

Cells = dict[str, list[list[object]]]
_CELL: Final = re.compile(r"([A-Z])([0-9]+)")


@dataclass(frozen=True, slots=True)
class Formula:
    """`saved` is what the cell showed as the file was saved; nothing where no program ever reckoned it."""

    text: str
    saved: object = ""


@dataclass(slots=True)
class Book:
    """Sheets by name, rows of cells."""

    sheets: Cells = field(default_factory=dict)

    def put(self, place: str, value: object) -> "Book":
        """`Portfolio!E2` set to `value`; the row grows as far as it must."""
        sheet, _, cell = place.partition("!")
        column, row = _position(cell)
        rows = self.sheets[sheet]
        while len(rows) <= row:
            rows.append([])
        while len(rows[row]) <= column:
            rows[row].append(None)
        rows[row][column] = value
        return self

    def file(self) -> bytes:
        written = BytesIO()
        with xlsxwriter.Workbook(written, {"in_memory": True}) as workbook:
            day = workbook.add_format({"num_format": "dd/mm/yyyy"})
            for name, rows in self.sheets.items():
                sheet = workbook.add_worksheet(name)
                for row, values in enumerate(rows):
                    for column, value in enumerate(values):
                        match value:
                            case None:
                                pass
                            case Formula():
                                sheet.write_formula(row, column, value.text, None, value.saved)
                            case date():
                                sheet.write_datetime(row, column, value, day)
                            case str():
                                sheet.write_string(row, column, value)
                            case _:
                                sheet.write(row, column, value)
        return written.getvalue()


def book(*documents: dict[str, Any], event: str = EVENT) -> Book:
    """All 29 lines of each portfolio (one, by default), figures as text."""
    documents = documents or (portfolio(),)
    return Book(
        {
            "Portfolio": [list(PORTFOLIO_COLUMNS), *(row for each in documents for row in _lines(each))],
            "PatrimonioLiquido": [list(EQUITY_COLUMNS), *map(_equity, documents)],
            "Instrucoes": [["evento", event]],
        }
    )


def place(path: str, month: int, *, agent: int = 0) -> str:
    """The cell where `book` puts a JSON path's figure."""
    index = [line.path for line in LINES].index(path)
    return f"Portfolio!{'DEFGHIJ'[month]}{2 + agent * len(LINES) + index}"


def line_row(path: str, *, agent: int = 0) -> int:
    """The index of that line's row in the sheet."""
    return int(place(path, 0, agent=agent).removeprefix("Portfolio!D")) - 1


def repacked(
    data: bytes, changes: Mapping[str, bytes] | None = None, *, dropped: Iterable[str] = ()
) -> bytes:
    """The same file with parts put in, replaced or left out."""
    parts = {name: content for name, content in unpacked(data).items() if name not in set(dropped)}
    return packed({**parts, **(changes or {})})


def packed(parts: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    written, kind = BytesIO(), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return written.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(data: bytes, part: str, old: str, new: str) -> bytes:
    content = unpacked(data)[part].decode()
    assert old in content
    return repacked(data, {part: content.replace(old, new, 1).encode()})


def _lines(document: dict[str, Any]) -> list[list[object]]:
    return [
        [document["cnpj"], line.block, line.name, *(_at(month, line.path) for month in document["meses"])]
        for line in LINES
    ]


def _equity(document: dict[str, Any]) -> list[object]:
    told = document["patrimonioLiquido"]
    deductions = {one["item"]: one["valor"] for one in told["deducoes"]}
    return [document["cnpj"], told["dataBase"], told["valor"], *map(deductions.get, EQUITY_COLUMNS[3:])]


def _at(month: dict[str, Any], path: str) -> object:
    value: Any = month
    for step in path.split("/"):
        value = value[step]
    return value


def _position(cell: str) -> tuple[int, int]:
    parts = _CELL.fullmatch(cell)
    assert parts
    return ord(parts[1]) - ord("A"), int(parts[2]) - 1
