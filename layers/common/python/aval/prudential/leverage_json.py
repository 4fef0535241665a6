"""Leverage factors as JSON: decimal text, R$ and average MW with six places, factors with twelve."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from aval.prudential.explanation import Simulation, equity_needed, result_parts
from aval.prudential.figures import plain
from aval.prudential.leverage import Leverage, MonthLeverage
from aval.prudential.portfolio import Portfolio

MONEY_PLACES: Final = 6
FACTOR_PLACES: Final = 12


def money(value: Decimal) -> str:
    return plain(value, MONEY_PLACES)


def factor(value: Decimal) -> str:
    return plain(value, FACTOR_PLACES)


def document(method: str, found: Iterable[Leverage]) -> dict[str, object]:
    return {"metodo": method, "agentes": [agent_document(one) for one in found]}


def agent_document(found: Leverage) -> dict[str, object]:
    """`motivo` is there only where FA is not computable, and the two factors are null then."""
    months = [_month_document(month) for month in found.months]
    return {"cnpj": str(found.company), **_figures(found), "meses": months, **_reason(found)}


def summary_document(found: Leverage) -> dict[str, object]:
    """The figures of `agent_document` without its months: what is told of each of many agents."""
    return {**_figures(found), **_reason(found)}


def explanation_document(held: Portfolio, found: Leverage, target: Decimal) -> dict[str, object]:
    """What a page shows beside `agent_document`: RES by part, how the PLA comes about, what a target asks."""
    parts = result_parts(found)
    return {
        "metodo": found.method,
        "parametros": found.parameters,
        "res": {
            "mtm": money(parts.mark_to_market),
            "con": money(parts.contracted),
            "pv": money(parts.variable),
            "regulado": money(parts.regulated),
        },
        "pla": {
            "dataBase": held.equity.base_date.isoformat(),
            "valor": money(held.equity.value),
            "deducoes": [{"item": one.item, "valor": money(one.value)} for one in held.equity.deductions],
            "ajustado": money(found.equity),
        },
        "alvo": {"fa": factor(target), "pla": money(equity_needed(found, target))},
    }


def simulation_document(found: Simulation) -> dict[str, object]:
    return {
        "simulacao": True,
        "metodo": found.simulated.method,
        "declarado": agent_document(found.declared),
        "simulado": agent_document(found.simulated),
        "variacao": None if found.change is None else factor(found.change),
    }


def _figures(found: Leverage) -> dict[str, object]:
    return {
        "fa": None if found.factor is None else factor(found.factor),
        "fa_risco": None if found.risk_factor is None else factor(found.risk_factor),
        "var": money(found.value_at_risk),
        "res": money(found.result),
        "rwa": money(found.risk_weighted),
        "pla": money(found.equity),
    }


def _reason(found: Leverage) -> dict[str, object]:
    return {"motivo": found.reason} if found.factor is None else {}


def _month_document(month: MonthLeverage) -> dict[str, object]:
    parts = month.parts
    return {
        "mes": month.label,
        "net": money(month.net),
        "mtm": money(parts.mark_to_market),
        "con": money(parts.contracted),
        "pv": money(parts.variable),
        "var": money(month.value_at_risk),
        "euler": money(month.euler),
        "stress": money(month.stress),
    }
