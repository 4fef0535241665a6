"""Rows left out of a sheet's walk: what the walk finds is the same with and without them."""

import random
from itertools import pairwise
from typing import Final
from xml.parsers import expat

import pytest

from aval.errors import FaultsFound
from aval.prudential import workbook_parts
from aval.prudential.workbook_parts import PartWalk, Walked
from aval.prudential.workbook_rows import STAND_IN, PlainRows, Spared
from tests.support.workbooks import Formula, book, place, unpacked

CELL: Final = b'<c r="A1" s="3" t="s"><v>0</v></c>'
ROW: Final = b'<row r="1" spans="1:10">' + CELL + b"</row>"
SHEET: Final = "xl/worksheets/sheet1.xml"


class NoneSpared(PlainRows):
    def spare(self, piece: bytes) -> Spared:
        return Spared(piece, 0, 0)


def spared(text: bytes, *, piece: int = 1_000_000) -> Spared:
    """All of `text`, given in pieces."""
    rows = PlainRows()
    told = [rows.spare(text[start : start + piece]) for start in range(0, len(text), piece)]
    rest = b"".join(one.rest for one in told) + rows.end()
    return Spared(rest, sum(one.cells for one in told), sum(one.elements for one in told))


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        b'<row r="199999"/><row r="200000"></row>',
        b'<row r="12" x14ac:dyDescent="0.25" ht="12.8" customHeight="1"><c r="Z200000"/></row>',
        b'<row r="3"><c r="A3" t="inlineStr"><is><t>precoFixo</t></is></c><c r="B3"><v>-1.5E-7</v></c></row>',
        b'<row r="3"><c r="A3" t="str"><v>33.047.509/0001-49 \'"</v></c></row>',
    ],
)
def test_leaves_out_rows_as_programs_write_them(row: bytes) -> None:
    cells, elements = row.count(b"<c "), row.count(b"<") - row.count(b"</")
    assert spared(b"<a>" + row + b"</a>") == Spared(b"<a>" + STAND_IN + b"</a>", cells, elements)
    twice = Spared(b"<a>" + STAND_IN + b"</a>", 2 * cells, 2 * elements)
    assert spared(b"<a>" + row + row + b"</a>") == twice


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="200001"/>',
        b'<row r="0">' + CELL + b"</row>",
        b"<row>" + CELL + b"</row>",
        b'<row r="1" unknown="1">' + CELL + b"</row>",
        b'<row r="1">' + CELL.replace(b"A1", b"AA1") + b"</row>",
        b'<row r="1">' + CELL.replace(b"A1", b"A200001") + b"</row>",
        b'<row r="1"><c t="s"><v>0</v></c></row>',
        b'<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c></row>',
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
        b'<row r="1"><c r="A1" t="str"><v>S\xc3\xa3o Paulo</v></c></row>',
        b'<row r="1"><c r="A1" t="str"><v>a &lt; b</v></c></row>',
        b'<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><!-- --></row>',
        b'<row r="1">' + CELL,
    ],
)
def test_leaves_everything_else_to_the_walk(row: bytes) -> None:
    assert spared(row) == Spared(row, 0, 0)


def test_a_row_that_is_not_plain_costs_its_neighbours_nothing() -> None:
    strange = b'<row r="2"><c r="A2"><f>1</f></c></row>'
    assert spared(ROW + strange + ROW) == Spared(STAND_IN + strange + STAND_IN, 2, 6)


@pytest.mark.parametrize("piece", [1, 7, 40, 64, 1000])
def test_rows_cut_in_two_by_a_piece_are_recognised_all_the_same(piece: int) -> None:
    found = spared(b"<a>" + ROW * 20 + b"</a>", piece=piece)
    assert (found.cells, found.elements) == (20, 60)
    assert found.rest.replace(STAND_IN, b"") == b"<a></a>"


def test_a_row_longer_than_what_is_held_back_is_left_to_the_walk() -> None:
    row = b'<row r="1">' + CELL * 6000 + b"</row>"
    assert spared(row, piece=64 * 1024) == Spared(row, 0, 0)


def test_a_formula_without_a_value_is_told_before_rows_that_are_left_out() -> None:
    sheet = b'<worksheet><row r="1"><c r="A1"><f>1+1</f></c></row>' + ROW + b"stray</worksheet>"
    assert walked(sheet, pieces=[11]) == walked(sheet, pieces=[])


def test_what_is_left_out_counts_against_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MOST_CELLS", 40)
    sheet = b"<worksheet>" + ROW * 40 + b"</worksheet>"
    assert walked(sheet, pieces=[11])[0] == 40
    too_many = b"<worksheet>" + ROW * 41 + b"</worksheet>"
    with pytest.raises(FaultsFound, match="recusado"):
        walked(too_many, pieces=[11])
    monkeypatch.setattr(workbook_parts, "_MOST_ELEMENTS", {"worksheet": 100})
    with pytest.raises(FaultsFound, match="recusado"):
        walked(sheet, pieces=[11])


def test_whatever_a_sheet_says_its_walk_finds_the_same_with_and_without_plain_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """2 000 sheets, sound and mutated: none is taken that was refused, and what is found is the same."""
    filled = (
        book().put(place("geracao", 2), Formula("=1+1")).put(place("geracao", 3), Formula("=1/0", "#DIV/0!"))
    )
    sheet = unpacked(filled.file())[SHEET]
    chosen = random.Random(0)
    for _ in range(2_000):
        mutated, cuts = _mutated(sheet, chosen), sorted(chosen.sample(range(300, len(sheet)), 6))
        plain = verdict(mutated, cuts)
        with monkeypatch.context() as without:
            without.setattr(workbook_parts, "PlainRows", NoneSpared)
            assert plain == verdict(mutated, cuts)


def walked(sheet: bytes, *, pieces: list[int]) -> tuple[int, list[str], dict[str, dict[str, object]]]:
    found = Walked()
    walk = PartWalk(SHEET, found)
    for start, end in pairwise([0, *pieces, len(sheet)]):
        walk.feed(sheet[start:end])
    walk.end()
    return found.cells, sorted(found.found), {part: dict(cells) for part, cells in found.mute.items()}


def verdict(sheet: bytes, pieces: list[int]) -> object:
    """What was found, or that it was refused: in what order a broken sheet's faults are met may differ."""
    try:
        return walked(sheet, pieces=pieces)
    except (FaultsFound, expat.ExpatError):
        return "refused"


def _mutated(sheet: bytes, chosen: random.Random) -> bytes:
    content = bytearray(sheet)
    for _ in range(chosen.randrange(4)):
        place, other = chosen.randrange(len(content)), chosen.randrange(len(content))
        match chosen.randrange(4):
            case 0:
                content[place:place] = chosen.choice([ROW, b"<!--", b"-->", b"<f>", b"</f>", b"'", b"<c>"])
            case 1:
                del content[place : place + chosen.randrange(1, 40)]
            case 2:
                content[place:place] = content[other : other + chosen.randrange(1, 200)]
            case _:
                content[place] = chosen.randrange(256)
    return bytes(content)
