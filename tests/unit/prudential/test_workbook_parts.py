"""What is inside a workbook's archive: cells, formulas and XML that nobody should parse."""

import pytest

from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from aval.prudential.refusals import DocumentUnreadable
from aval.prudential.workbook_gate import check_workbook
from aval.prudential.workbook_parts import (
    LAST_ROW,
    LONGEST_TAG,
    MOST_CELLS,
    MOST_ELEMENTS,
    MOST_NAMES,
    MOST_TEXT,
)
from tests.support.workbooks import Formula, book, edited, packed, repacked, unpacked

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
CELL = '<c r="A1"/>'


def rule(data: bytes) -> str:
    with pytest.raises(DocumentUnreadable) as refusal:
        read_portfolio_workbook(data)
    (fault,) = refusal.value.faults
    assert fault.detail
    return fault.rule


def with_sheet(rows: str) -> bytes:
    return repacked(book().file(), {SHEET: f"{HEAD}{rows}{TAIL}".encode()})


def with_cells(count: int) -> bytes:
    """Written as it is, for so many alike would compress as a bomb does."""
    content = f'{HEAD}<row r="1">{CELL * count}</row>{TAIL}'.encode()
    return packed({**unpacked(book().file()), SHEET: content}, stored=True)


@pytest.mark.parametrize(
    "text",
    [
        "=[1]Plan1!A1",
        "='[outro.xlsx]Plan 1'!A1",
        "=SUM(1,'C:\\x\\[outro.xlsx]P'!B2)",
        "=cmd|'/c calc'!A0",
        '=WEBSERVICE("http://a.example")',
    ],
)
def test_refuses_a_formula_that_reaches_out(text: str) -> None:
    assert rule(book().put("Portfolio!D2", Formula(text, 30)).file()) == "vinculo-externo"


@pytest.mark.parametrize("text", ["=SUM(E2:F2)", "=Portfolio!E2*2", "=Tabela1[Total]", '="a|b"'])
def test_takes_a_formula_that_stays_inside(text: str) -> None:
    assert check_workbook(book().put("Portfolio!D2", Formula(text, 30)).file()).mute["Portfolio"] == {}


def test_refuses_two_million_cells() -> None:
    assert rule(with_cells(2 * MOST_CELLS)) == "celulas"


def test_refuses_one_cell_above_the_limit_of_all_sheets_and_not_the_limit() -> None:
    others = unpacked(book().file())
    del others[SHEET]
    left = MOST_CELLS - sum(content.count(b"<c ") for content in others.values())
    assert check_workbook(with_cells(left)).content
    assert rule(with_cells(left + 1)) == "celulas"


@pytest.mark.parametrize("cell", ["AA1", "XFD1048576", f"A{LAST_ROW + 1}", "A0", "1A", "a1", "A1:B2"])
def test_refuses_a_value_far_out_which_a_reader_would_lay_out_up_to(cell: str) -> None:
    assert rule(with_sheet(f'<row r="1"><c r="{cell}"><v>1</v></c></row>')) == "area"


def test_takes_an_empty_cell_far_to_the_right() -> None:
    style = '<row r="1"><c r="XFD1" s="1"/></row>'
    assert check_workbook(with_sheet(style)).content


@pytest.mark.parametrize("row", [str(LAST_ROW + 1), "9" * 30, "-1", "²"])
def test_refuses_a_row_far_below(row: str) -> None:
    assert rule(with_sheet(f'<row r="{row}"/>')) == "area"


@pytest.mark.parametrize("rows", ["<row><c><v>1</v></c></row>", '<row r="1"><c><v>1</v></c></row>'])
def test_refuses_cells_without_an_address(rows: str) -> None:
    assert rule(with_sheet(rows)) == "xml"


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        b'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet/>',
        '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16"),
    ],
)
def test_refuses_entities_and_other_encodings(content: bytes) -> None:
    assert rule(repacked(book().file(), {SHEET: content})) == "xml"


def test_sees_the_cells_of_a_writer_that_prefixes_its_names() -> None:
    rows = "".join(f'<x:row r="{row}"><x:c r="AB{row}"><x:v>1</x:v></x:c></x:row>' for row in range(1, 3))
    name = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    content = f"<x:worksheet {name}><x:sheetData>{rows}</x:sheetData></x:worksheet>"
    assert rule(repacked(book().file(), {SHEET: content.encode()})) == "area"


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * 65 + b"</a>" * 65,
        b"<a>" + b"".join(b"<a%d/>" % number for number in range(MOST_NAMES)) + b"</a>",
        b"<a>" + b"".join(b"<a a%d=''/>" % number for number in range(MOST_NAMES)) + b"</a>",
        b"<a>" + b"<a/>" * MOST_ELEMENTS + b"</a>",
        b"<a b='" + bytes(32).hex().encode() * (LONGEST_TAG // 32) + b"'/>",
    ],
    ids=["deep", "names", "attributes", "elements", "tag"],
)
def test_refuses_xml_that_costs_more_than_it_says(content: bytes) -> None:
    assert rule(packed({**unpacked(book().file()), "xl/odd.xml": content}, stored=True)) == "xml"


def test_refuses_two_sheets_of_one_name_and_one_whose_part_it_did_not_walk() -> None:
    data = book().put("Portfolio!D2", Formula("=1+1")).file()
    assert rule(edited(data, "xl/workbook.xml", 'name="Instrucoes"', 'name="Portfolio"')) == "xml"
    elsewhere = edited(data, "xl/_rels/workbook.xml.rels", "worksheets/sheet1", "./worksheets/sheet1")
    assert rule(elsewhere) == "formato"


def test_refuses_a_long_text_that_many_cells_share_and_takes_it_in_few() -> None:
    parts = unpacked(book().file())
    shared = parts["xl/sharedStrings.xml"].replace(b"</sst>", b"<si><t>%b</t></si></sst>" % (b"x" * 32_767))
    few = packed({**parts, "xl/sharedStrings.xml": shared}, stored=True)
    assert check_workbook(few).content
    cells = f'{HEAD}<row r="1">{CELL * (MOST_TEXT // 32_767)}</row>{TAIL}'.encode()
    many = packed({**parts, "xl/sharedStrings.xml": shared, SHEET: cells}, stored=True)
    assert rule(many) == "tamanho"
