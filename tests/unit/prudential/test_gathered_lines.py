"""What an agent's lines must add up to, told in the sheet's own cells."""

from aval.prudential.gathered_lines import MOST_FAULTS
from aval.prudential.portfolio import PortfoliosRead
from aval.prudential.portfolio_lines import LINES
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from tests.support.portfolio_files import COMPANY, OTHER_COMPANY, portfolio
from tests.support.workbooks import book, line_row, place

BOUGHT = "precoFixo/recurso/mwm"


def faults(read: PortfoliosRead) -> list[tuple[str, str]]:
    (agent,) = read.refused
    return [(fault.pointer, fault.rule) for fault in agent.faults]


def test_sums_that_differ_are_told_at_the_first_cell_of_the_group() -> None:
    filled = book().put(place("precoFixo/submercados/S", 1), "-2.0002")
    expected = [(place("precoFixo/submercados/SE", 1), "soma-submercados")]
    assert faults(read_portfolio_workbook(filled.file())) == expected


def test_sums_that_differ_by_the_tolerance_are_taken() -> None:
    filled = book().put(place("precoFixo/submercados/S", 1), "-2.0001")
    assert read_portfolio_workbook(filled.file()).refused == ()


def test_a_month_that_could_not_be_read_is_not_added_up_and_the_others_are() -> None:
    filled = book().put(place(BOUGHT, 0), "x").put(place("precoFixo/fontes/I5", 5), "4")
    assert faults(read_portfolio_workbook(filled.file())) == [
        (place(BOUGHT, 0), "numero"),
        (place("precoFixo/fontes/CONV", 5), "soma-fontes"),
    ]


def test_shares_without_any_line_are_told_where_the_agent_begins() -> None:
    filled = book()
    del filled.sheets["Portfolio"][line_row("derivativos/submercados/SE") :]
    expected = [(f"Portfolio!{column}2", "soma-derivativos") for column in "DEFGHIJ"]
    assert faults(read_portfolio_workbook(filled.file())) == expected


def test_refuses_negative_amounts_and_deductions() -> None:
    filled = book().put(place("precoVariavel/requisito/mwm", 2), -1).put("PatrimonioLiquido!K2", "-0.01")
    assert faults(read_portfolio_workbook(filled.file())) == [
        ("PatrimonioLiquido!K2", "nao-negativo"),
        (place("precoVariavel/requisito/mwm", 2), "nao-negativo"),
    ]


def test_refuses_an_agent_without_its_equity_and_one_without_its_lines() -> None:
    filled = book(portfolio())
    filled.put("PatrimonioLiquido!A2", OTHER_COMPANY)
    read = read_portfolio_workbook(filled.file())
    assert [(one.company, [(each.pointer, each.rule) for each in one.faults]) for one in read.refused] == [
        (COMPANY, [("Portfolio!A2", "obrigatorio")]),
        (OTHER_COMPANY, [("PatrimonioLiquido!A2", "obrigatorio")]),
    ]


def test_an_agent_of_a_thousand_faults_is_not_read_on_and_the_others_are() -> None:
    filled = book(portfolio(), portfolio(OTHER_COMPANY))
    filled.sheets["Portfolio"][1:1] = [[COMPANY, "nenhum", "linha"]] * (MOST_FAULTS + 5)
    read = read_portfolio_workbook(filled.file())
    assert [one.company for one in read.taken] == [OTHER_COMPANY]
    told = faults(read)
    assert told[:MOST_FAULTS] == [(f"Portfolio!C{row}", "linha") for row in range(2, MOST_FAULTS + 2)]
    assert told[MOST_FAULTS:] == [("Portfolio!A2", "quantidade")]
    assert read.refused[0].faults[-1].detail.startswith(f"há mais {5 + len(LINES)} linhas")
