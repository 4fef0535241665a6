"""Workbooks that nobody should parse; each is refused with its own rule and costs next to nothing."""

import struct
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from aval.errors import FaultsFound
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from aval.prudential.refusals import DocumentUnreadable
from aval.prudential.workbook_gate import LARGEST_FILE, MOST_INFLATION, check_workbook
from tests.support.mutations import mutations
from tests.support.workbooks import Formula, book, edited, packed, repacked, unpacked

SHEET = "xl/worksheets/sheet1.xml"
COUNT = 600


def rule(data: bytes) -> str:
    with pytest.raises(DocumentUnreadable) as refusal:
        read_portfolio_workbook(data)
    (fault,) = refusal.value.faults
    assert fault.detail
    return fault.rule


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


def test_tells_a_macro_and_an_external_link_at_once() -> None:
    parts = {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}
    with pytest.raises(DocumentUnreadable) as refusal:
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


@pytest.mark.parametrize("content", [b"", b"<worksheet>", b"<a></b>", b"\xff\xfe", bytes(100)])
def test_refuses_xml_that_is_none(content: bytes) -> None:
    assert rule(repacked(book().file(), {SHEET: content})) == "truncado"


def test_no_refusal_quotes_the_file() -> None:
    with pytest.raises(DocumentUnreadable) as refusal:
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
