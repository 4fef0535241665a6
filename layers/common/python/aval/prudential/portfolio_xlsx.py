"""Many agents' portfolios from one workbook: sheets Portfolio, PatrimonioLiquido and Instrucoes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Final

from aval.errors import Fault, FaultsFound
from aval.identifiers import EventCode
from aval.prudential.gathered_lines import GatheredLines, Layout
from aval.prudential.json_document import told
from aval.prudential.parameters import MONTHS
from aval.prudential.portfolio import DEDUCTION_ITEMS, AgentRefused, Deduction, NetEquity, PortfoliosRead
from aval.prudential.portfolio_lines import (
    EQUITY_COLUMNS,
    EQUITY_SHEET,
    INSTRUCTIONS_SHEET,
    LINE_OF,
    PORTFOLIO_COLUMNS,
    PORTFOLIO_SHEET,
    Line,
)
from aval.prudential.workbook_cells import (
    KnownFigures,
    Value,
    found,
    read_company,
    read_day,
    read_event,
    read_figure,
    read_label,
)
from aval.prudential.workbook_gate import check_workbook
from aval.prudential.workbook_sheets import Sheet, open_sheets

_SHEETS: Final = (PORTFOLIO_SHEET, EQUITY_SHEET, INSTRUCTIONS_SHEET)


@dataclass(slots=True)
class _Reading:
    """The agents of one file as they are come upon, each under its CNPJ, or as the file spells it."""

    layout: Layout
    mute_rows: frozenset[int]
    months_of: Callable[[Sequence[Value]], tuple[Value, ...]]
    agents: dict[str, GatheredLines] = field(default_factory=dict)
    known: KnownFigures = field(default_factory=KnownFigures)

    def agent(self, sheet: Sheet, row: int, column: int) -> GatheredLines:
        faults: list[Fault] = []
        spelled = sheet.value(row, column)
        read = self.agents.get(spelled) if isinstance(spelled, str) else None
        if read is not None and read.company is not None:
            return read
        parsed = sheet.read(row, column, read_company, faults)
        # What is no CNPJ may be any text, which is told as it can be shown, without its quotes.
        key = parsed or (told(spelled.strip())[1:-1] if isinstance(spelled, str) else found(spelled))
        agent = self.agents.get(key)
        if agent is None:
            agent = self.agents[key] = GatheredLines(parsed, key, sheet.place(row, column))
        if agent.is_read_on():
            agent.faults += faults
        return agent


def read_portfolio_workbook(data: bytes, *, event: EventCode | None = None) -> PortfoliosRead:
    """Raise `DocumentUnreadable` for what is refused unparsed, `FaultsFound` for faults of the whole file.

    A wrong agent is in `refused` with every fault and its cell, and costs the others nothing.
    """
    portfolio, equity, instructions = open_sheets(check_workbook(data), _SHEETS)
    faults: list[Fault] = []
    columns = portfolio.columns(PORTFOLIO_COLUMNS, faults)
    equity_columns = equity.columns(EQUITY_COLUMNS, faults)
    code = _event_of(instructions, event, faults)
    if faults or code is None:
        raise FaultsFound("a planilha não tem a forma do modelo", faults)
    months = [columns[month] for month in MONTHS]
    layout = Layout(portfolio, columns, equity, equity_columns, months)
    reading = _Reading(layout, portfolio.mute_rows(), itemgetter(*months))
    for row in portfolio.filled_rows():
        _read_line(reading, row)
    for row in equity.filled_rows():
        _read_equity(reading, row)
    if not reading.agents:
        place = portfolio.place(1, 0)
        raise FaultsFound(
            "a planilha não tem agentes", [Fault("vazio", "preencha ao menos um agente", place)]
        )
    return _finished(code, reading)


def _event_of(sheet: Sheet, wanted: EventCode | None, faults: list[Fault]) -> EventCode | None:
    code = sheet.read(0, 1, read_event, faults)
    if code is not None and wanted is not None and code != wanted:
        detail = f"o arquivo é do evento {code}, e o esperado é {wanted}; confira a semana"
        faults.append(Fault("evento", detail, sheet.place(0, 1)))
    return code


def _read_line(reading: _Reading, row: int) -> None:
    sheet = reading.layout.portfolio
    agent = reading.agent(sheet, row, reading.layout.columns["cnpj"])
    if not agent.is_read_on():
        agent.rows_passed_over += 1
        return
    line = _line_of(reading, row, agent.faults)
    if line is None:
        agent.has_broken_lines = True
        return
    figures = _plain_figures(reading, row)
    if figures is None and not _is_filled(reading, row):
        return
    if line in agent.rows:
        column = reading.layout.columns["linha"]
        detail = f"a linha já está em {sheet.place(agent.rows[line], column)}; deixe uma só"
        agent.faults.append(Fault("repetido", detail, sheet.place(row, column)))
        agent.has_broken_lines = True
        return
    agent.rows[line] = row
    agent.values[line] = figures or tuple(
        _figure(reading, row, number, agent) for number in range(len(MONTHS))
    )


def _line_of(reading: _Reading, row: int, faults: list[Fault]) -> Line | None:
    sheet, column = reading.layout.portfolio, reading.layout.columns["linha"]
    block, name = sheet.value(row, reading.layout.columns["bloco"]), sheet.value(row, column)
    line = LINE_OF.get((block, name)) or LINE_OF.get((read_label(block), read_label(name)))
    if line is None:
        detail = f"não há a linha {found(name)} no bloco {found(block)}; escolha das listas do modelo"
        faults.append(Fault("linha", detail, sheet.place(row, column)))
    return line


def _is_filled(reading: _Reading, row: int) -> bool:
    """A line with nothing in it is as one that is not there; one cell left blank among others is a fault."""
    sheet = reading.layout.portfolio
    return any(not sheet.is_empty(row, column) for column in reading.layout.months)


def _plain_figures(reading: _Reading, row: int) -> tuple[Decimal, ...] | None:
    """The seven months where each has a figure; None where one must be looked at by itself."""
    if row in reading.mute_rows:
        return None
    cells = reading.months_of(reading.layout.portfolio.rows[row])
    if bool in map(type, cells):
        return None
    try:
        return tuple(map(reading.known.__getitem__, cells))
    except KeyError:
        return None


def _figure(reading: _Reading, row: int, number: int, agent: GatheredLines) -> Decimal:
    sheet, column = reading.layout.portfolio, reading.layout.months[number]
    if sheet.is_empty(row, column):
        detail = f"falta o valor de {MONTHS[number]}; escreva 0 se não há nada nesse mês"
        agent.faults.append(Fault("obrigatorio", detail, sheet.place(row, column)))
        read = None
    else:
        read = sheet.read(row, column, read_figure, agent.faults)
    if read is None:
        agent.broken_months.add(number)
        return Decimal(0)
    return read


def _read_equity(reading: _Reading, row: int) -> None:
    sheet, columns = reading.layout.equity, reading.layout.equity_columns
    agent = reading.agent(sheet, row, columns["cnpj"])
    if agent.equity_row is not None:
        detail = f"o agente já está em {sheet.place(agent.equity_row, columns['cnpj'])}; deixe uma linha só"
        agent.faults.append(Fault("repetido", detail, sheet.place(row, columns["cnpj"])))
        return
    agent.equity_row = row
    base = sheet.read(row, columns["dataBase"], read_day, agent.faults)
    value = sheet.read(row, columns["valor"], read_figure, agent.faults)
    deductions = []
    for item in DEDUCTION_ITEMS:
        column = columns[item]
        if not sheet.is_empty(row, column):
            read = sheet.read(row, column, read_figure, agent.faults)
            deductions += [Deduction(item, read)] if read is not None else []
    if base is not None and value is not None:
        agent.equity = NetEquity(base, value, tuple(deductions))


def _finished(code: EventCode, reading: _Reading) -> PortfoliosRead:
    taken, refused = [], []
    for agent in reading.agents.values():
        portfolio = agent.portfolio(code, reading.layout)
        if portfolio is not None:
            taken.append(portfolio)
        else:
            refused.append(AgentRefused(agent.spelled, agent.place, tuple(agent.faults)))
    places = tuple(agent.place for agent in reading.agents.values())
    return PortfoliosRead(tuple(taken), tuple(refused), places)
