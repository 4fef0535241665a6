"""Leverage factors as JSON: decimal text, R$ and average MW with six places, factors with twelve."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from aval.prudential.explanation import Simulation
from aval.prudential.figures import plain
from aval.prudential.leverage import Leverage, MonthLeverage

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
    told: dict[str, object] = {
        "cnpj": str(found.company),
        "fa": None if found.factor is None else factor(found.factor),
        "fa_risco": None if found.risk_factor is None else factor(found.risk_factor),
        "var": money(found.value_at_risk),
        "res": money(found.result),
        "rwa": money(found.risk_weighted),
        "pla": money(found.equity),
        "meses": [_month_document(month) for month in found.months],
    }
    return told | ({"motivo": found.reason} if found.factor is None else {})


def simulation_document(found: Simulation) -> dict[str, object]:
    return {
        "simulacao": True,
        "metodo": found.simulated.method,
        "declarado": agent_document(found.declared),
        "simulado": agent_document(found.simulated),
        "variacao": None if found.change is None else factor(found.change),
    }


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
