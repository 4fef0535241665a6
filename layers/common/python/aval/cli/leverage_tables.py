"""A leverage factor as `aval fa calcular` shows it to people: every number on the way to it, none rounded
further than its JSON rounds it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from aval.prudential.explanation import equity_needed, result_parts
from aval.prudential.figures import plain, spelled
from aval.prudential.leverage import Engine, Leverage, MonthLeverage
from aval.prudential.leverage_json import factor, money
from aval.prudential.parameters import MonthParameters
from aval.prudential.portfolio import Portfolio

_HEADINGS: Final = (
    "MÊS",
    "RÓTULO",
    "HORAS",
    "FORWARD",
    "VOLATILIDADE",
    "NET",
    "MTM",
    "CON",
    "PV",
    "REGULADO",
    "VAR",
    "EULER",
    "ESTRESSE",
)
_QUANTILE_PLACES: Final = 34
_WIDEST_NAME: Final = 42


def engine_text(engine: Engine) -> str:
    """What all agents of a file share."""
    week = engine.parameters
    rows = [
        ("evento", f"{week.event}, parâmetros versão {week.version}"),
        ("parâmetros (SHA-256)", engine.digest),
        ("método", engine.method),
        (f"z = Φ⁻¹({spelled(week.confidence)})", plain(engine.quantile, _QUANTILE_PLACES)),
        (f"√D, D = {week.settlement_days}", plain(engine.root_of_days, _QUANTILE_PLACES)),
        ("θ", spelled(week.theta)),
    ]
    return _pairs(rows)


def agent_text(engine: Engine, held: Portfolio, found: Leverage, target: Decimal | None) -> str:
    months = [
        _month_cells(month, given)
        for month, given in zip(found.months, engine.parameters.months, strict=True)
    ]
    return "\n".join(
        [
            f"AGENTE {found.company.masked}",
            _table([_HEADINGS, *months, _total_cells(found)]),
            _pairs([*_risk_rows(found), *_equity_rows(held, found), *_factor_rows(found, target)]),
        ]
    )


def _month_cells(month: MonthLeverage, given: MonthParameters) -> tuple[str, ...]:
    return (
        month.label,
        given.name,
        spelled(given.hours),
        spelled(given.forward),
        spelled(given.volatility),
        money(month.net),
        *(money(part) for part in month.parts),
        money(month.value_at_risk),
        money(month.euler),
        money(month.stress),
    )


def _total_cells(found: Leverage) -> tuple[str, ...]:
    """Months' risks alone do not add up to the risk of them all: that column has no total."""
    parts = (money(part) for part in result_parts(found))
    return ("TOTAL", *[""] * 5, *parts, "", money(found.value_at_risk), money(found.stress))


def _risk_rows(found: Leverage) -> list[tuple[str, str]]:
    return [
        ("RES = MtM + CON + PV + regulado", money(found.result)),
        ("VaR = √(VaRᵀ·ρ·VaR)", money(found.value_at_risk)),
        ("RWA = VaR + θ·estresse", money(found.risk_weighted)),
    ]


def _equity_rows(held: Portfolio, found: Leverage) -> list[tuple[str, str]]:
    equity = held.equity
    deductions = [(f"  − dedução {one.item}", money(one.value)) for one in equity.deductions]
    return [
        (f"patrimônio líquido em {equity.base_date:%d/%m/%Y}", money(equity.value)),
        *deductions,
        ("PLA", money(found.equity)),
    ]


def _factor_rows(found: Leverage, target: Decimal | None) -> list[tuple[str, str]]:
    rows = [("PLA para FA ≤ " + spelled(target), money(equity_needed(found, target)))] if target else []
    if found.factor is None or found.risk_factor is None:
        return [*rows, ("FA", found.reason)]
    return [
        ("FA_risco = RWA / PLA", factor(found.risk_factor)),
        *rows,
        ("FA = max(0, (RWA − RES) / PLA)", factor(found.factor)),
    ]


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            f"{cell:<{width}}" if place < 2 else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _pairs(rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{name:<{_WIDEST_NAME}}{value}" for name, value in rows)
