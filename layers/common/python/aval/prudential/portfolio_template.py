"""The standard workbook for one event, generated: agents' lines to fill, drop-downs, the week's labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from aval.errors import Fault, FaultsFound
from aval.identifiers import Cnpj, EventCode
from aval.prudential.portfolio_lines import (
    BLOCKS,
    EQUITY_COLUMNS,
    EQUITY_SHEET,
    INSTRUCTIONS_SHEET,
    KEY_COLUMNS,
    LINES,
    PORTFOLIO_COLUMNS,
    PORTFOLIO_SHEET,
)
from aval.prudential.workbook_parts import MOST_CELLS

ROWS_WITHOUT_AGENTS: Final = 5
"""Empty agents' worth of lines with drop-downs, for who asks for a template without naming agents."""

_CELLS_OF_AN_AGENT: Final = len(LINES) * len(PORTFOLIO_COLUMNS) + len(EQUITY_COLUMNS) + 2
_OTHER_CELLS: Final = 1_000
MOST_AGENTS: Final = (MOST_CELLS - _OTHER_CELLS) // _CELLS_OF_AN_AGENT
_LONGEST_TITLE: Final = 32
_WIDTHS: Final = (20, 16, 18)
_LISTS_COLUMN: Final = 7
_FIRST_LABEL_ROW: Final = 3
_TEXT: Final = (
    "Uma linha por CNPJ, bloco e linha; os meses são as colunas de M+0 a M+6.",
    "Recurso é o comprado ou gerado; requisito, o vendido ou consumido.",
    "Quantidades em MW médios, preços em R$/MWh; vírgula ou ponto decimal, sem separador de milhar.",
    "Linha com os sete meses em branco, ou ausente, vale zero; com algum preenchido, preencha todos.",
    "Em cada mês: soma dos submercados = soma das fontes = recurso + geração - requisito - consumo.",
    "PatrimonioLiquido: uma linha por CNPJ; deduções de I a VIII sem sinal, em branco onde não há.",
    "Não use macros, vínculos externos nem senha; fórmulas valem pelo resultado salvo.",
)


@dataclass(frozen=True, slots=True)
class TemplateAgent:
    company: Cnpj
    sigla: str


class TemplateTooLarge(FaultsFound):
    """More agents than one file with every line may have."""

    def __init__(self) -> None:
        detail = (
            f"o modelo com todas as linhas comporta até {MOST_AGENTS} agentes por arquivo; peça-o em partes, "
            "ou preencha só as linhas que não são zero"
        )
        super().__init__("há agentes demais para um modelo", [Fault("quantidade", detail)])


def escaped(text: str) -> str:
    """Text that no spreadsheet takes for a formula, even after it is saved in another format."""
    # XML 1.0, section 2.2, has no place for most control characters, escaped or not.
    shown = "".join(one if one.isprintable() else " " for one in text)
    return f"'{shown}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else shown


def portfolio_template(
    event: EventCode, names: Sequence[str], agents: Sequence[TemplateAgent], *, at: datetime
) -> bytes:
    """The same input gives the same bytes; `names` are what the week calls M+0 to M+6.

    Raise `TemplateTooLarge` for more agents than a filled file may have.
    """
    if len(agents) > MOST_AGENTS:
        raise TemplateTooLarge
    written = BytesIO()
    # XlsxWriter makes temporary files otherwise; what looks like a formula, number or address stays text.
    with Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    ) as workbook:
        workbook.set_properties({"title": f"Portfólio {event}", "created": at})
        styles = _Styles(workbook)
        portfolio = workbook.add_worksheet(PORTFOLIO_SHEET)
        equity = workbook.add_worksheet(EQUITY_SHEET)
        instructions = workbook.add_worksheet(INSTRUCTIONS_SHEET)
        _write_portfolio(portfolio, names, agents, styles)
        _write_equity(equity, agents, styles)
        _write_instructions(instructions, event, names, agents, styles)
    return written.getvalue()


class _Styles:
    def __init__(self, workbook: Workbook) -> None:
        self.heading: Format = workbook.add_format({"bold": True, "bg_color": "#DDE6F0", "bottom": 1})
        # A CNPJ that became a number has lost its zeros.
        self.text: Format = workbook.add_format({"num_format": "@"})
        self.day: Format = workbook.add_format({"num_format": "dd/mm/yyyy"})


def _write_portfolio(
    sheet: Worksheet, names: Sequence[str], agents: Sequence[TemplateAgent], styles: _Styles
) -> None:
    _write_headings(sheet, PORTFOLIO_COLUMNS, styles)
    sheet.freeze_panes(1, len(KEY_COLUMNS))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, styles.text)
    sheet.set_column(len(KEY_COLUMNS), len(PORTFOLIO_COLUMNS) - 1, 14)
    for row, (agent, line) in enumerate(((agent, line) for agent in agents for line in LINES), 1):
        sheet.write_string(row, 0, agent.company, styles.text)
        sheet.write_string(row, 1, line.block, styles.text)
        sheet.write_string(row, 2, line.name, styles.text)
    last = max(len(agents), ROWS_WITHOUT_AGENTS) * len(LINES)
    sheet.data_validation(1, 1, last, 1, _one_of(_lists_range(0, len(BLOCKS)), "bloco"))
    sheet.data_validation(1, 2, last, 2, _one_of(_lists_range(1, len(LINES)), "linha"))
    for number, name in enumerate(names):
        column = len(KEY_COLUMNS) + number
        told = {"input_title": f"M+{number}", "input_message": escaped(name)[:_LONGEST_TITLE]}
        sheet.data_validation(0, column, 0, column, {"validate": "any", **told})
        sheet.data_validation(1, column, last, column, _number())


def _write_equity(sheet: Worksheet, agents: Sequence[TemplateAgent], styles: _Styles) -> None:
    _write_headings(sheet, EQUITY_COLUMNS, styles)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, _WIDTHS[0], styles.text)
    sheet.set_column(1, 1, 12, styles.day)
    sheet.set_column(2, len(EQUITY_COLUMNS) - 1, 18)
    for row, agent in enumerate(agents, 1):
        sheet.write_string(row, 0, agent.company, styles.text)
    last = max(len(agents), ROWS_WITHOUT_AGENTS)
    sheet.data_validation(1, 2, last, len(EQUITY_COLUMNS) - 1, _number())


def _write_instructions(
    sheet: Worksheet, event: EventCode, names: Sequence[str], agents: Sequence[TemplateAgent], styles: _Styles
) -> None:
    sheet.set_column(0, 1, 22)
    sheet.write_string(0, 0, "evento", styles.heading)
    sheet.write_string(0, 1, event, styles.text)
    sheet.write_row(_FIRST_LABEL_ROW - 1, 0, ["mês", "rótulo"], styles.heading)
    for number, name in enumerate(names):
        sheet.write_string(_FIRST_LABEL_ROW + number, 0, f"M+{number}")
        sheet.write_string(_FIRST_LABEL_ROW + number, 1, escaped(name))
    row = _FIRST_LABEL_ROW + len(names) + 1
    for line in _TEXT:
        sheet.write_string(row, 0, line)
        row += 1
    sheet.write_row(row + 1, 0, ["cnpj", "sigla"], styles.heading)
    for offset, agent in enumerate(agents, row + 2):
        sheet.write_string(offset, 0, agent.company, styles.text)
        sheet.write_string(offset, 1, escaped(agent.sigla))
    # The lists that the drop-downs offer, to the right of what people read.
    sheet.write_row(0, _LISTS_COLUMN, ["bloco", "linha"], styles.heading)
    sheet.write_column(1, _LISTS_COLUMN, BLOCKS)
    sheet.write_column(1, _LISTS_COLUMN + 1, [line.name for line in LINES])


def _write_headings(sheet: Worksheet, names: Sequence[str], styles: _Styles) -> None:
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, styles.heading)


def _lists_range(offset: int, count: int) -> str:
    column = chr(ord("A") + _LISTS_COLUMN + offset)
    return f"={INSTRUCTIONS_SHEET}!${column}$2:${column}${count + 1}"


def _one_of(source: str, name: str) -> dict[str, object]:
    return {
        "validate": "list",
        "source": source,
        "error_title": name,
        "error_message": f"Escolha {name} da lista.",
    }


def _number() -> dict[str, object]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -1e19,
        "maximum": 1e19,
        "error_title": "número",
        "error_message": "Informe um número, sem separador de milhar.",
    }
