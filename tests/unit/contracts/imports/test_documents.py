import io
import tracemalloc

import pytest

from aval.contracts.imports.documents import MOST_ROWS, FileUnreadable
from aval.contracts.imports.reading import read, survey
from aval.contracts.model import ContractKind
from tests.support.contracts import contract_xml, file_xml

ROW = "<Contrato/>"


class Trickle(io.BytesIO):
    """A stream from the network: fewer bytes than it is asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 7, 7) if size != -1 else 7)


def refusal(text: str | bytes) -> str:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(FileUnreadable) as surveyed:
        survey(io.BytesIO(content))
    return surveyed.value.detail


def test_a_survey_tells_root_and_rows() -> None:
    found = survey(io.BytesIO(file_xml([contract_xml(1), contract_xml(2)]).encode()))
    assert found.rows == 2
    assert (found.header.root, found.header.kind) == ("ContratosCCEAL", ContractKind.CCEAL)
    assert (found.header.generation, found.header.cceal_type) == (4, 1)


@pytest.mark.parametrize(
    "prefix",
    [
        "\ufeff",
        "  \n\t ",
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        '\n<?xml version="1.0" encoding="UTF-16"?>\n<!-- <!DOCTYPE a> -->\n<?xml-stylesheet href="a"?>\n',
    ],
)
def test_what_stands_before_the_root_says_nothing(prefix: str) -> None:
    text = prefix + file_xml([contract_xml(referencia="AÇÃO")])
    _, rows = read(io.BytesIO(text.encode()))
    (row,) = rows
    assert row.demand.terms.reference == "AÇÃO"  # type: ignore[union-attr]


def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end() -> None:
    content = file_xml([contract_xml(number) for number in range(1, 30)]).encode()
    _, rows = read(Trickle(content))
    assert [row.number for row in rows] == list(range(1, 30))
    assert survey(Trickle(content)).rows == 29


def test_a_file_has_so_many_rows_and_no_more() -> None:
    assert (
        survey(io.BytesIO(b"<ContratosCCEAL>" + b"<a/>" * MOST_ROWS + b"</ContratosCCEAL>")).rows == MOST_ROWS
    )
    assert "500000 linhas" in refusal(b"<ContratosCCEAL>" + b"<a/>" * (MOST_ROWS + 1) + b"</ContratosCCEAL>")


def test_reading_goes_on_after_a_row() -> None:
    content = file_xml([contract_xml(number) for number in range(1, 10)]).encode()
    _, rows = read(io.BytesIO(content), after=7)
    assert [row.sequence for row in rows] == ["8", "9"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "vazio"),
        ("   ", "vazio"),
        ("{}", "começa com <"),
        ("+ADw-ContratosCCEAL+AD4-", "começa com <"),
        ("<Contratos/>", "Contratos não é conhecido"),
        ("<ContratosCCEAL/>", "linha alguma"),
        ('<ContratosCCEAL tipoGeracao="um"/>', "tipoGeracao"),
        ("<ContratosCCEAL><Contrato></ContratosCCEAL>", "não corresponde"),
        ("<ContratosCCEAL><Contrato/>", "acaba antes"),
        ("<ContratosCCEAL><Contrato/></ContratosCCEAL><a/>", "depois do fim"),
        ("<ContratosCCEAL>\n\n<Contrato a=1/></ContratosCCEAL>", "linha 3 "),
        ("\n\n<ContratosCCEAL>\n<Contrato a='1' a='2'/></ContratosCCEAL>", "linha 4 "),
        ("<ContratosCCEAL><Contrato a='&desconhecida;'/></ContratosCCEAL>", "entidade"),
        ("<ContratosCCEAL><Contrato a='A & B'/></ContratosCCEAL>", "&amp;"),
        ("<!--" + "x" * 70_000 + "--><ContratosCCEAL/>", "64 KB"),
        (file_xml([ROW]).encode("utf-16"), "UTF-16"),
        (file_xml([ROW]).encode("utf-16-le"), "UTF-16"),
        (file_xml([ROW]).encode("utf-32"), "UTF-32"),
        ("<ContratosCCEAL><Contrato referencia='AÇÃO'/></ContratosCCEAL>".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(text: str | bytes, part: str) -> None:
    assert part in refusal(text)


@pytest.mark.parametrize(
    "document_type",
    [
        "<!DOCTYPE ContratosCCEAL>",
        '<!DOCTYPE a [<!ENTITY a "b">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0"?><!-- a --> <!doctype a>',
    ],
)
def test_no_document_type_reaches_the_parser(document_type: str) -> None:
    assert "DOCTYPE" in refusal(document_type + file_xml([ROW]))


def test_a_document_type_inside_the_root_is_no_xml() -> None:
    assert "linha 1 " in refusal('<ContratosCCEAL><!DOCTYPE a [<!ENTITY a "b">]><Contrato/></ContratosCCEAL>')


def test_nesting_has_a_limit_on_both_sides() -> None:
    def nested(depth: int) -> str:
        return f"<ContratosCCEAL>{'<a>' * depth}{'</a>' * depth}</ContratosCCEAL>"

    assert survey(io.BytesIO(nested(7).encode())).rows == 1
    assert list(read(io.BytesIO(nested(7).encode()))[1])
    assert "8 elementos" in refusal(nested(8))
    with pytest.raises(FileUnreadable):
        list(read(io.BytesIO(nested(200).encode()))[1])


@pytest.mark.parametrize(
    "row",
    [
        "<Contrato>" + "<a/>" * 300_000 + "</Contrato>",
        f'<Contrato observacao="{"x" * 5_000_000}"/>',
        "<Contrato>" + "x" * 5_000_000 + "</Contrato>",
    ],
)
def test_a_row_that_grows_without_end_is_refused_before_it_is_kept(row: str) -> None:
    content = file_xml([ROW, row]).encode()
    tracemalloc.start()
    try:
        with pytest.raises(FileUnreadable) as refused:
            list(read(io.BytesIO(content))[1])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "divida-a" in refused.value.detail
    assert peak < 100 * 1024 * 1024
    assert "divida-a" in refusal(content)


def test_memory_stays_flat_over_many_rows() -> None:
    content = file_xml([contract_xml(number) for number in range(20_000)]).encode()
    tracemalloc.start()
    try:
        _, rows = read(io.BytesIO(content))
        assert sum(1 for _ in rows) == 20_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * 1024 * 1024
