"""Workbooks that nobody should parse; each is refused with its own rule and costs next to nothing."""

import struct
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from aval.errors import FaultsFound
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from aval.prudential.refusals import FileUnreadable
from aval.prudential.workbook_gate import LARGEST_FILE, MOST_INFLATION, check_workbook
from aval.prudential.workbook_parts import (
    LAST_ROW,
    LONGEST_TAG,
    MOST_CELLS,
    MOST_ELEMENTS,
    MOST_NAMES,
    MOST_TEXT,
)
from tests.support.mutations import mutations
from tests.support.workbooks import Formula, book, edited, packed, repacked, unpacked

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
CELL = '<c r="A1"/>'
COUNT = 600


def rule(data: bytes) -> str:
    with pytest.raises(FileUnreadable) as refusal:
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


def ole(*streams: str) -> bytes:
    """A compound file's first sector and the names in its directory (MS-CFB, section 2.2)."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + names


def test_takes_a_plain_workbook_and_gives_on_what_it_looked_at_alone() -> None:
    picture = {"xl/media/image1.png": b"\x89PNG", "xl/printerSettings/printerSettings1.bin": b"\0"}
    data = book().file()
    checked = check_workbook(repacked(data, picture))
    kept = {name: content for name, content in unpacked(data).items() if name not in picture}
    assert unpacked(checked.content) == kept
    assert read_portfolio_workbook(repacked(data, picture)) == read_portfolio_workbook(data)


def test_refuses_an_empty_file() -> None:
    assert rule(b"") == "vazio"


def test_refuses_a_file_over_the_limit_before_it_looks_inside() -> None:
    assert rule(bytes(LARGEST_FILE + 1)) == "tamanho"


@pytest.mark.parametrize("data", [b"{}", b"cnpj;bloco;linha", b"PK", b"%PDF-1.7", bytes(2_000)])
def test_refuses_what_is_no_archive(data: bytes) -> None:
    assert rule(data) == "formato"


def test_refuses_an_encrypted_workbook_and_one_of_the_old_format() -> None:
    assert rule(ole("Root Entry", "EncryptionInfo", "EncryptedPackage")) == "cifrado"
    assert rule(ole("Root Entry", "Workbook")) == "formato"


def test_refuses_an_archive_with_a_password() -> None:
    data = bytearray(book().file())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert rule(bytes(data)) == "cifrado"


@pytest.mark.parametrize("kept", [1, 4, 21, 22, 60, 500, -1_000, -100, -22, -1])
def test_refuses_a_file_that_was_cut_off(kept: int) -> None:
    assert rule(book().file()[:kept]) in {"truncado", "formato"}


def test_refuses_a_part_with_a_wrong_check_sum() -> None:
    data = bytearray(book().file())
    at = data.index(b"PK\x01\x02")
    data[at + 16] ^= 1
    assert rule(bytes(data)) == "truncado"


def test_refuses_archives_that_are_no_workbooks() -> None:
    data = book().file()
    assert rule(packed({"a.txt": b"x"})) == "formato"
    assert rule(repacked(data, dropped=["xl/workbook.xml"])) == "formato"
    assert rule(repacked(data, {"XL/workbook.xml": b"<workbook/>"})) == "formato"


def test_refuses_a_long_directory_a_comment_and_zip64() -> None:
    data = book().file()
    assert rule(packed({f"p{number}": b"" for number in range(1_001)})) == "formato"
    assert rule(data[:-2] + b"\1\0x") == "truncado"
    assert rule(data[:-22] + b"PK\6\7".ljust(20, b"\0") + data[-22:]) == "formato"


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/VBAPROJECT.BIN",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.xml",
        "xl/embeddings/oleObject1.bin",
    ],
)
def test_refuses_a_macro_or_an_embedded_object_by_its_part(part: str) -> None:
    assert rule(repacked(book().file(), {part: b"<x/>"})) == "macro"


def test_refuses_a_macro_under_any_name() -> None:
    data = book().file()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    enabled = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert rule(edited(data, "[Content_Types].xml", kind, enabled)) == "macro"
    assert rule(repacked(data, {"xl/odd.xml": b'<xm:macrosheet xmlns:xm="x"/>'})) == "macro"
    relation = (
        '<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
    )
    target = f'{relation} Target="odd.bin"/></Relationships>'
    assert rule(edited(data, "xl/_rels/workbook.xml.rels", "</Relationships>", target)) == "macro"


@pytest.mark.parametrize(
    "part", ["xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/queryTables/queryTable1.xml"]
)
def test_refuses_an_external_link_by_its_part(part: str) -> None:
    assert rule(repacked(book().file(), {part: b"<x/>"})) == "vinculo-externo"


@pytest.mark.parametrize("kind", ["hyperlink", "externalLinkPath", "image", "attachedTemplate"])
def test_refuses_any_relation_that_leads_out(kind: str) -> None:
    told = f'<Relationship Id="rId9" Type="x/{kind}" Target="http://a.example" TargetMode="External"/>'
    data = edited(book().file(), "xl/_rels/workbook.xml.rels", "</Relationships>", f"{told}</Relationships>")
    assert rule(data) == "vinculo-externo"


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


def test_tells_a_macro_and_an_external_link_at_once() -> None:
    parts = {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}
    with pytest.raises(FileUnreadable) as refusal:
        check_workbook(repacked(book().file(), parts))
    assert {fault.rule for fault in refusal.value.faults} == {"macro", "vinculo-externo"}


def test_refuses_a_zip_bomb_without_inflating_it() -> None:
    data = repacked(book().file(), {"xl/media/image1.png": bytes(20_000_000)})
    tracemalloc.start()
    assert rule(data) == "inflacao"
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_refuses_a_zip_bomb_that_lies_about_its_size() -> None:
    data = bytearray(repacked(book().file(), {SHEET: bytes(20_000_000)}))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        number = archive.namelist().index(SHEET)
    at = 0
    for _ in range(number + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    data[at + 24 : at + 28] = struct.pack("<L", 1_000)
    assert rule(bytes(data)) == "truncado"


def test_the_limit_of_inflation_is_the_whole_files() -> None:
    data = book().file()
    inflated = sum(map(len, unpacked(data).values()))
    assert inflated < MOST_INFLATION * len(data)


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


@pytest.mark.parametrize("content", [b"", b"<worksheet>", b"<a></b>", b"\xff\xfe", bytes(100)])
def test_refuses_xml_that_is_none(content: bytes) -> None:
    assert rule(repacked(book().file(), {SHEET: content})) == "truncado"


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


def test_no_refusal_quotes_the_file() -> None:
    with pytest.raises(FileUnreadable) as refusal:
        check_workbook(book().put("Portfolio!D2", Formula("=[segredo.xlsx]P!A1", 987654)).file())
    assert "segredo" not in repr([refusal.value.detail, refusal.value.faults, refusal.value.args])


def test_a_mutated_part_is_read_or_refused_and_nothing_else() -> None:
    parts = unpacked(book().put("Portfolio!D2", Formula("=15*2", 30)).file())
    read = 0
    for name in (
        SHEET,
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ):
        for broken in mutations([parts[name]], seed=7, count=COUNT // 5):
            try:
                read_portfolio_workbook(packed({**parts, name: broken}))
            except FaultsFound:
                continue
            read += 1
    assert read < COUNT * 0.8


def test_a_mutated_file_is_read_or_refused_and_nothing_else() -> None:
    for broken in mutations([book().file()], seed=8, count=COUNT):
        try:
            read_portfolio_workbook(broken)
        except FaultsFound:
            continue
