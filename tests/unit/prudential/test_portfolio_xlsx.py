"""The standard workbook, read; each refusal names the cell."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from aval.errors import FaultsFound
from aval.identifiers import EventCode
from aval.prudential.portfolio import Derivatives, FixedPrice, Leg, Portfolio, PortfoliosRead, VariablePrice
from aval.prudential.portfolio_json import read_portfolios
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from tests.support.portfolio_files import COMPANY, EVENT, OTHER_COMPANY, as_file, portfolio, refused
from tests.support.workbooks import Book, Formula, book, edited, line_row, place

BOUGHT = "precoFixo/recurso/mwm"


def the_one(read: PortfoliosRead) -> Portfolio:
    assert read.refused == ()
    (taken,) = read.taken
    return taken


def faults(read: PortfoliosRead) -> list[tuple[str, str]]:
    (agent,) = read.refused
    return [(fault.pointer, fault.rule) for fault in agent.faults]


def detail(book: Book) -> str:
    """The sentence of the one fault of the one agent."""
    (agent,) = read_portfolio_workbook(book.file()).refused
    (fault,) = agent.faults
    return fault.detail


def legs(resource: Leg, requirement: Leg, price: str) -> dict[str, Any]:
    sides = {"recurso": resource, "requisito": requirement}
    return {name: {"mwm": side.amount, price: side.price} for name, side in sides.items()}


def as_document(read: Portfolio) -> dict[str, Any]:
    """What was read, in the words of the JSON file; written out, so that no line can swap with another."""

    def fixed(one: FixedPrice) -> dict[str, Any]:
        sources = {key.value: value for key, value in one.sources.items()}
        return {**shares(one), "fontes": sources, **legs(one.resource, one.requirement, "preco")}

    def shares(one: FixedPrice | Derivatives) -> dict[str, Any]:
        return {"submercados": {key.value: value for key, value in one.submarkets.items()}}

    def variable(one: VariablePrice) -> dict[str, Any]:
        return legs(one.resource, one.requirement, "spread")

    def derived(one: Derivatives) -> dict[str, Any]:
        return {**shares(one), **legs(one.resource, one.requirement, "preco")}

    return {
        "evento": read.event,
        "cnpj": read.company,
        "patrimonioLiquido": {
            "dataBase": read.equity.base_date.isoformat(),
            "valor": read.equity.value,
            "deducoes": [{"item": one.item, "valor": one.value} for one in read.equity.deductions],
        },
        "meses": [
            {
                "mes": month.label,
                "precoFixo": fixed(month.fixed),
                "geracao": month.generation,
                "consumo": month.consumption,
                "precoVariavel": variable(month.variable),
                "derivativos": derived(month.derivatives),
                "mercadoRegulado": month.regulated,
            }
            for month in read.months
        ],
    }


def with_decimals(document: Any) -> Any:
    """Every figure of a JSON file as the number that it is."""
    match document:
        case dict():
            texts = {"evento", "cnpj", "mes", "item", "dataBase"}
            return {key: one if key in texts else with_decimals(one) for key, one in document.items()}
        case list():
            return [with_decimals(one) for one in document]
    return Decimal(document)


def numbered(document: dict[str, Any]) -> dict[str, Any]:
    """Other prices in every month, so that a swap of two months or of two lines shows."""
    for number, month in enumerate(document["meses"]):
        for position, (block, leg, price) in enumerate(
            (block, leg, "spread" if block == "precoVariavel" else "preco")
            for block in ("precoFixo", "precoVariavel", "derivativos")
            for leg in ("recurso", "requisito")
        ):
            month[block][leg][price] = f"{200 + position}.{number}"
    return document


def test_every_line_of_every_month_comes_to_its_place() -> None:
    document = numbered(portfolio())
    read = the_one(read_portfolio_workbook(book(document).file()))
    assert as_document(read) == with_decimals(document)


def test_says_what_the_same_portfolios_say_as_json() -> None:
    documents = [numbered(portfolio()), portfolio(OTHER_COMPANY)]
    read = read_portfolio_workbook(book(*documents).file())
    assert read == read_portfolios(as_file({"agentes": documents}))


def test_a_number_cell_says_what_the_same_digits_say_as_text() -> None:
    filled = book()
    for row in filled.sheets["Portfolio"][1:]:
        row[3:] = [float(str(value)) for value in row[3:]]
    assert read_portfolio_workbook(filled.file()) == read_portfolio_workbook(book().file())


@pytest.mark.parametrize("told", ["210,5", "210.5", " 210,50 ", 210.5, "+210.5"])
def test_takes_a_decimal_comma_a_point_or_a_number(told: object) -> None:
    filled = book().put(place("precoFixo/recurso/preco", 2), told)
    read = the_one(read_portfolio_workbook(filled.file()))
    assert read.months[2].fixed.resource.price == Decimal("210.5")


@pytest.mark.parametrize("told", ["31/12/2022", "2022-12-31", date(2022, 12, 31), datetime(2022, 12, 31)])  # noqa: DTZ001
def test_takes_a_day_as_a_date_or_as_text(told: object) -> None:
    read = the_one(read_portfolio_workbook(book().put("PatrimonioLiquido!B2", told).file()))
    assert read.equity.base_date == date(2022, 12, 31)


def test_takes_text_that_is_written_in_its_cell() -> None:
    # As writers do that keep no list of shared texts (ISO/IEC 29500-1, section 18.18.11).
    data = book().put(place(BOUGHT, 0), 30).file()
    inline = '<c r="D2" t="inlineStr"><is><t>30,0</t></is></c>'
    written = edited(data, "xl/worksheets/sheet1.xml", '<c r="D2"><v>30</v></c>', inline)
    assert read_portfolio_workbook(written) == read_portfolio_workbook(data)


def test_columns_may_stand_in_any_order_and_rows_of_an_agent_apart() -> None:
    straight = book(numbered(portfolio()), portfolio(OTHER_COMPANY))
    mixed = book(numbered(portfolio()), portfolio(OTHER_COMPANY))
    headings, *rows = mixed.sheets["Portfolio"]
    mixed.sheets["Portfolio"] = [row[::-1] for row in (headings, *rows[::2], *rows[1::2])]
    assert read_portfolio_workbook(mixed.file()) == read_portfolio_workbook(straight.file())


def test_agents_come_in_the_order_of_the_file() -> None:
    read = read_portfolio_workbook(book(portfolio(OTHER_COMPANY), portfolio()).file())
    assert [one.company for one in read.taken] == [OTHER_COMPANY, COMPANY]


def test_the_place_of_each_agent_is_told_in_the_order_of_the_file() -> None:
    filled = book(portfolio(OTHER_COMPANY), portfolio())
    filled.put("PatrimonioLiquido!C2", "muito")
    read = read_portfolio_workbook(filled.file())
    [refused] = read.refused
    assert [one.company for one in read.taken] == [COMPANY]
    assert read.places[0] == refused.place
    assert len(set(read.places)) == 2


def test_a_masked_cnpj_is_the_same_agent() -> None:
    filled = book().put("PatrimonioLiquido!A2", "33.047.509/0001-49")
    assert the_one(read_portfolio_workbook(filled.file())).company == COMPANY


def test_a_line_left_out_or_left_blank_is_zero_in_every_month() -> None:
    filled, path = book(), "mercadoRegulado"
    filled.sheets["Portfolio"][line_row(path)][3:] = []
    blank = the_one(read_portfolio_workbook(filled.file()))
    del filled.sheets["Portfolio"][line_row(path)]
    left_out = the_one(read_portfolio_workbook(filled.file()))
    assert blank == left_out
    assert {month.regulated for month in blank.months} == {Decimal(0)}


def test_refuses_a_line_that_lacks_a_month() -> None:
    filled = book().put(place(BOUGHT, 3), None)
    assert faults(read_portfolio_workbook(filled.file())) == [(place(BOUGHT, 3), "obrigatorio")]
    assert detail(filled) == "falta o valor de M+3; escreva 0 se não há nada nesse mês"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("trinta", "“trinta”"),
        ("1.234,56", "“1.234,56”"),
        ("1,234,567", "“1,234,567”"),
        ("1e3", "“1e3”"),
        ("NaN", "“NaN”"),
        ("٣٠", "“٣٠”"),
        (True, "VERDADEIRO"),
        (1e21, "1e+21"),
        (date(2023, 1, 31), "a data 31/01/2023"),
    ],
)
def test_refuses_what_is_no_number_and_says_what_the_cell_holds(told: object, shown: str) -> None:
    filled = book().put(place(BOUGHT, 6), told)
    assert faults(read_portfolio_workbook(filled.file())) == [(place(BOUGHT, 6), "numero")]
    assert detail(filled).endswith(f"; veio {shown}")


def test_a_formula_counts_with_its_saved_value() -> None:
    filled = book().put(place("precoFixo/recurso/preco", 0), Formula("=105*2", 210))
    assert the_one(read_portfolio_workbook(filled.file())).months[0].fixed.resource.price == 210


@pytest.mark.parametrize("cell", [place(BOUGHT, 0), "PatrimonioLiquido!B2", "PatrimonioLiquido!K2"])
def test_refuses_a_formula_without_a_saved_value(cell: str) -> None:
    filled = book().put(cell, Formula("=10+20"))
    assert faults(read_portfolio_workbook(filled.file())) == [(cell, "formula")]


def test_refuses_a_formula_that_ended_in_an_error() -> None:
    filled, path = book(), "mercadoRegulado"
    filled.sheets["Portfolio"][line_row(path)][3:] = [Formula("=1/0", "#DIV/0!")] * 7
    assert faults(read_portfolio_workbook(filled.file())) == [
        (place(path, month), "erro") for month in range(7)
    ]


def test_a_line_of_formulas_without_saved_values_is_not_taken_for_a_blank_one() -> None:
    filled, path = book(), "mercadoRegulado"
    filled.sheets["Portfolio"][line_row(path)][3:] = [Formula("=1+1")] * 7
    expected = [(place(path, month), "formula") for month in range(7)]
    assert faults(read_portfolio_workbook(filled.file())) == expected


def test_a_row_of_nothing_but_unsaved_formulas_is_not_passed_over() -> None:
    filled = book(portfolio(OTHER_COMPANY))
    filled.sheets["Portfolio"] += [[], [Formula(f"=A{row}") for row in range(2, 12)]]
    (agent,) = read_portfolio_workbook(filled.file()).refused
    assert [(fault.pointer, fault.rule) for fault in agent.faults[:2]] == [
        ("Portfolio!A32", "formula"),
        ("Portfolio!C32", "linha"),
    ]


def test_every_fault_of_an_agent_is_told_and_the_others_are_taken() -> None:
    filled = book(portfolio(), portfolio(OTHER_COMPANY))
    filled.put(place(BOUGHT, 0), "x").put(place("geracao", 4), None).put("PatrimonioLiquido!C2", "")
    read = read_portfolio_workbook(filled.file())
    assert [one.company for one in read.taken] == [OTHER_COMPANY]
    (agent,) = read.refused
    assert (agent.company, agent.place) == (COMPANY, "Portfolio!A2")
    assert faults(read) == [
        (place(BOUGHT, 0), "numero"),
        (place("geracao", 4), "obrigatorio"),
        ("PatrimonioLiquido!C2", "numero"),
    ]


@pytest.mark.parametrize(("column", "told"), [("B", "precoFixa"), ("C", "recurso.mw"), ("C", None), ("C", 7)])
def test_refuses_a_line_that_there_is_not(column: str, told: object) -> None:
    filled = book().put(f"Portfolio!{column}2", told)
    assert faults(read_portfolio_workbook(filled.file())) == [("Portfolio!C2", "linha")]


def test_refuses_the_same_line_twice() -> None:
    filled = book()
    filled.sheets["Portfolio"].append(list(filled.sheets["Portfolio"][line_row(BOUGHT)]))
    assert faults(read_portfolio_workbook(filled.file())) == [("Portfolio!C31", "repetido")]
    assert detail(filled) == "a linha já está em Portfolio!C2; deixe uma só"


@pytest.mark.parametrize("told", ["33047509000148", "1", None, 33047509000149])
def test_refuses_what_is_no_cnpj_or_has_become_a_number(told: object) -> None:
    filled = book(portfolio(OTHER_COMPANY))
    filled.sheets["PatrimonioLiquido"].append([told, "2022-12-31", "1"])
    read = read_portfolio_workbook(filled.file())
    assert len(read.taken) == 1
    assert ("PatrimonioLiquido!A3", "cnpj") in faults(read)


def test_what_is_no_cnpj_is_told_short_and_in_visible_characters() -> None:
    filled = book(portfolio(OTHER_COMPANY))
    filled.sheets["PatrimonioLiquido"].append(["\x1b[2J" + "x" * 500, "2022-12-31", "1"])
    (agent,) = read_portfolio_workbook(filled.file()).refused
    assert agent.company.isprintable()
    assert len(agent.company) < 60


def test_refuses_two_equities_of_one_agent() -> None:
    filled = book()
    filled.sheets["PatrimonioLiquido"].append([COMPANY, "2022-12-31", "9"])
    assert faults(read_portfolio_workbook(filled.file())) == [("PatrimonioLiquido!A3", "repetido")]


@pytest.mark.parametrize("told", ["31/02/2023", "2022", 44926, None, "2022-12-31T00:00:00"])
def test_refuses_what_is_no_day(told: object) -> None:
    filled = book().put("PatrimonioLiquido!B2", told)
    assert faults(read_portfolio_workbook(filled.file())) == [("PatrimonioLiquido!B2", "data")]


@pytest.mark.parametrize("sheet", ["Portfolio", "PatrimonioLiquido", "Instrucoes"])
def test_refuses_a_workbook_without_one_of_its_sheets(sheet: str) -> None:
    filled = book()
    filled.sheets["Planilha1"] = filled.sheets.pop(sheet)
    with refused((sheet, "planilha")):
        read_portfolio_workbook(filled.file())


def test_refuses_a_workbook_without_a_months_column() -> None:
    filled = book()
    for row in filled.sheets["Portfolio"]:
        del row[6]
    with refused(("Portfolio!A1", "obrigatorio")) as found:
        read_portfolio_workbook(filled.file())
    assert found[0].detail == "falta a coluna M+3 na linha 1; acrescente-a"


def test_all_that_is_wrong_with_the_whole_file_is_told_at_once() -> None:
    filled = book().put("Portfolio!K1", "M+7").put("PatrimonioLiquido!L1", "valor").put("Instrucoes!B1", "x")
    wrong = [
        ("Portfolio!K1", "desconhecido"),
        ("PatrimonioLiquido!L1", "repetido"),
        ("Instrucoes!B1", "evento"),
    ]
    with refused(*wrong):
        read_portfolio_workbook(filled.file())


def test_takes_the_event_as_text_or_number_and_refuses_another_than_the_one_asked_for() -> None:
    filled = book().put("Instrucoes!B1", int(EVENT)).file()
    assert the_one(read_portfolio_workbook(filled, event=EventCode.parse(EVENT))).event == EVENT
    with refused(("Instrucoes!B1", "evento")):
        read_portfolio_workbook(filled, event=EventCode.parse("202303002"))


def test_refuses_a_workbook_without_agents() -> None:
    filled = book()
    for rows in filled.sheets.values():
        del rows[1:]
    with refused(("Portfolio!A2", "vazio")):
        read_portfolio_workbook(filled.file())


def test_refuses_a_workbook_without_any_cell() -> None:
    with pytest.raises(FaultsFound) as refusal:
        read_portfolio_workbook(Book({"Portfolio": [], "PatrimonioLiquido": [], "Instrucoes": []}).file())
    assert len(refusal.value.faults) == 10 + 11 + 1
