"""One agent's lines of the standard sheet, gathered row by row, made the portfolio that they add up to."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aval.errors import Fault
from aval.identifiers import Cnpj, EventCode
from aval.prudential.parameters import MONTHS, EnergyType, Submarket
from aval.prudential.portfolio import (
    NO_DERIVATIVES,
    NO_VARIABLE,
    Derivatives,
    FixedPrice,
    Leg,
    NetEquity,
    Portfolio,
    PortfolioMonth,
    VariablePrice,
)
from aval.prudential.portfolio_lines import EQUITY_SHEET, LINES, PORTFOLIO_SHEET, Line
from aval.prudential.portfolio_rules import Place, faults_of_equity, faults_of_months
from aval.prudential.workbook_sheets import Sheet

MOST_FAULTS: Final = 1_000
"""Of one agent, whose every line can be wrong in every month several times over before it is reached."""

_SUBMARKETS: Final = tuple(Submarket)
_SOURCES: Final = tuple(EnergyType)
_ZEROS: Final = (Decimal(0),) * len(MONTHS)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the two sheets of one file have their columns."""

    portfolio: Sheet
    columns: Mapping[str, int]
    equity: Sheet
    equity_columns: Mapping[str, int]
    months: Sequence[int]


@dataclass(slots=True)
class GatheredLines:
    """`company` is None for a CNPJ that is none; a line that is not in `rows` is zero in every month."""

    company: Cnpj | None
    spelled: str
    place: str
    rows: dict[Line, int] = field(default_factory=dict)
    values: dict[Line, tuple[Decimal, ...]] = field(default_factory=dict)
    equity_row: int | None = None
    equity: NetEquity | None = None
    faults: list[Fault] = field(default_factory=list)
    broken_months: set[int] = field(default_factory=set)
    has_broken_lines: bool = False
    rows_passed_over: int = 0

    def is_read_on(self) -> bool:
        return len(self.faults) < MOST_FAULTS

    def portfolio(self, event: EventCode, layout: Layout) -> Portfolio | None:
        """None, and the reasons in `faults`, unless every cell was read and the figures add up."""
        if not self.rows and not self.has_broken_lines:
            detail = f"preencha ao menos uma linha do agente na planilha {PORTFOLIO_SHEET}"
            self.faults.append(Fault("obrigatorio", detail, self.place))
        if self.equity_row is None:
            detail = f"falta a linha do agente na planilha {EQUITY_SHEET}; acrescente-a"
            self.faults.append(Fault("obrigatorio", detail, self.place))
        if self.rows_passed_over:
            detail = (
                f"há mais {self.rows_passed_over} linhas do agente, não lidas; corrija antes estas faltas"
            )
            self.faults.append(Fault("quantidade", detail, self.place))
        places = _Places(self, layout)
        if self.equity is not None:
            self.faults += faults_of_equity(self.equity, places)
        months = self._months()
        if not self.has_broken_lines:
            self._judge(months, places)
        if self.faults or self.company is None or self.equity is None:
            return None
        return Portfolio(event, self.company, self.equity, months)

    def _judge(self, months: Sequence[PortfolioMonth], places: Place) -> None:
        # What a month adds up to says nothing where one of its cells could not be read; and cells are
        # looked for only where there is something to tell, for nearly no agent has anything.
        read = [month for number, month in enumerate(months) if number not in self.broken_months]
        if faults_of_months(read, lambda *_: ""):
            self.faults += faults_of_months(read, places)

    def _months(self) -> tuple[PortfolioMonth, ...]:
        values = self.values
        blocks = {line.block for line in values}
        figures = zip(*(values.get(line, _ZEROS) for line in LINES), strict=True)
        return tuple(_month(label, of_month, blocks) for label, of_month in zip(MONTHS, figures, strict=True))


def _month(label: str, figures: tuple[Decimal, ...], blocks: Container[str]) -> PortfolioMonth:
    """`figures` come in the order of `LINES`, block by block; of a block that is not filled all are zero."""
    generation, consumption, regulated = figures[14:17]
    return PortfolioMonth(
        label=label,
        fixed=FixedPrice(
            resource=Leg(figures[0], figures[1]),
            requirement=Leg(figures[2], figures[3]),
            submarkets=dict(zip(_SUBMARKETS, figures[4:8], strict=True)),
            sources=dict(zip(_SOURCES, figures[8:14], strict=True)),
        ),
        generation=generation,
        consumption=consumption,
        regulated=regulated,
        variable=_variable(figures[17:21]) if "precoVariavel" in blocks else NO_VARIABLE,
        derivatives=_derivatives(figures[21:]) if "derivativos" in blocks else NO_DERIVATIVES,
    )


def _variable(figures: tuple[Decimal, ...]) -> VariablePrice:
    bought, bought_at, sold, sold_at = figures
    return VariablePrice(Leg(bought, bought_at), Leg(sold, sold_at))


def _derivatives(figures: tuple[Decimal, ...]) -> Derivatives:
    bought, bought_at, sold, sold_at, *submarkets = figures
    by_submarket = dict(zip(_SUBMARKETS, submarkets, strict=True))
    return Derivatives(by_submarket, Leg(bought, bought_at), Leg(sold, sold_at))


@dataclass(frozen=True, slots=True)
class _Places:
    """The cell of a JSON path, as `portfolio_rules` asks for it."""

    gathered: GatheredLines
    layout: Layout

    def __call__(self, label: str, path: str) -> str:
        return self._in_month(MONTHS.index(label), path) if label else self._in_equity(path)

    def _in_equity(self, path: str) -> str:
        column = self.layout.equity_columns[path.rpartition("/")[2]]
        row = self.gathered.equity_row
        return self.gathered.place if row is None else self.layout.equity.place(row, column)

    def _in_month(self, number: int, path: str) -> str:
        """For a group of lines, the first of them that is filled; where none is, the agent's first line."""
        rows = self.gathered.rows
        filled = [row for line, row in rows.items() if line.path == path or line.path.startswith(f"{path}/")]
        if not rows:
            return self.gathered.place
        row = min(filled or rows.values())
        return self.layout.portfolio.place(row, self.layout.months[number])
