"""The generated workbook: what it offers, what it holds back, and that it reads when filled."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from python_calamine import load_workbook

from aval.identifiers import Cnpj, EventCode
from aval.prudential import portfolio_template as template
from aval.prudential.portfolio_lines import BLOCKS, LINES
from aval.prudential.portfolio_template import MOST_AGENTS, TemplateAgent, TemplateTooLarge, escaped
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from aval.prudential.workbook_gate import check_workbook
from aval.prudential.workbook_parts import MOST_CELLS
from tests.support.portfolio_files import COMPANY, EVENT, OTHER_COMPANY, portfolio
from tests.support.workbooks import Book, book, unpacked

AT = datetime(2023, 2, 3, 12, tzinfo=UTC)
NAMES = tuple(f"{name}/2023" for name in ("FEV", "MAR", "ABR", "MAI", "JUN", "JUL", "AGO"))
AGENTS = (TemplateAgent(Cnpj(COMPANY), "BOLT"), TemplateAgent(Cnpj(OTHER_COMPANY), "SOL"))


def made(names: tuple[str, ...] = NAMES, agents: tuple[TemplateAgent, ...] = AGENTS) -> bytes:
    return template.portfolio_template(EventCode(EVENT), names, agents, at=AT)


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    workbook = load_workbook(BytesIO(data))
    return {
        name: [list(row) for row in workbook.get_sheet_by_name(name).to_python()]
        for name in workbook.sheet_names
    }


def test_passes_its_own_gate_and_asks_for_what_is_left_to_fill() -> None:
    read = read_portfolio_workbook(made())
    assert read.taken == ()
    assert [(agent.company, [fault.pointer for fault in agent.faults]) for agent in read.refused] == [
        (COMPANY, ["PatrimonioLiquido!B2", "PatrimonioLiquido!C2", "Portfolio!A2"]),
        (OTHER_COMPANY, ["PatrimonioLiquido!B3", "PatrimonioLiquido!C3", "Portfolio!A31"]),
    ]


def test_filled_it_says_what_was_filled_in() -> None:
    documents = [portfolio(), portfolio(OTHER_COMPANY)]
    filled, expected = Book(sheets(made())), book(*documents)
    for sheet in ("Portfolio", "PatrimonioLiquido"):
        for row, values in enumerate(expected.sheets[sheet]):
            for column, value in enumerate(values[1:], 1):
                filled.put(f"{sheet}!{chr(65 + column)}{row + 1}", value)
    assert read_portfolio_workbook(filled.file()) == read_portfolio_workbook(expected.file())


def test_has_every_line_of_every_agent() -> None:
    rows = sheets(made())["Portfolio"][1:]
    assert [tuple(row[:3]) for row in rows] == [
        (agent.company, line.block, line.name) for agent in AGENTS for line in LINES
    ]


def test_offers_blocks_and_lines_as_lists_and_names_the_weeks_months() -> None:
    data = made()
    sheet = unpacked(data)["xl/worksheets/sheet1.xml"].decode()
    assert 'type="list"' in sheet
    assert f"Instrucoes!$H$2:$H${len(BLOCKS) + 1}" in sheet
    assert f"Instrucoes!$I$2:$I${len(LINES) + 1}" in sheet
    assert all(name in sheet for name in NAMES)
    told = sheets(data)["Instrucoes"]
    assert [row[7] for row in told[1 : len(BLOCKS) + 1]] == list(BLOCKS)
    assert [row[8] for row in told[1 : len(LINES) + 1]] == [line.name for line in LINES]
    assert told[0][:2] == ["evento", EVENT]
    assert [row[:2] for row in told[3:10]] == [[f"M+{number}", name] for number, name in enumerate(NAMES)]


@pytest.mark.parametrize("text", ["=1+1", "+55 11", "-", "@SUM(A1)", "\t=1", "\r=1"])
def test_escapes_text_that_a_spreadsheet_would_take_for_a_formula(text: str) -> None:
    assert escaped(text) == f"'{text}".replace("\t", " ").replace("\r", " ")
    data = made((text, *NAMES[1:]), (TemplateAgent(Cnpj(COMPANY), text),))
    assert not any("<f>" in part.decode() for name, part in unpacked(data).items() if "worksheets" in name)
    values = [value for rows in sheets(data).values() for row in rows for value in row]
    shown = [value for value in values if isinstance(value, str) and value.startswith("'")]
    assert len(shown) == 2
    assert not any(str(value).startswith(("=", "+", "-", "@")) for value in values)


@pytest.mark.parametrize("text", ["BOLT", "a=b", "M+0", "", " =1"])
def test_leaves_other_text_as_it_is(text: str) -> None:
    assert escaped(text) == text


def test_text_that_xml_cannot_hold_does_not_break_the_file() -> None:
    data = made(('<&">\x00\x0b', *NAMES[1:]), (TemplateAgent(Cnpj(COMPANY), "x" * 500 + "é\ufffe"),))
    assert check_workbook(data).content


def test_the_same_input_gives_the_same_bytes() -> None:
    assert made() == made()


def test_without_agents_it_still_offers_its_lists() -> None:
    data = made(agents=())
    assert 'sqref="C2:C' in unpacked(data)["xl/worksheets/sheet1.xml"].decode()


def test_refuses_more_agents_than_a_filled_file_may_have() -> None:
    with pytest.raises(TemplateTooLarge):
        made(agents=AGENTS[:1] * (MOST_AGENTS + 1))
    full = MOST_AGENTS * (len(LINES) * 10 + 11 + 2)
    assert full < MOST_CELLS
