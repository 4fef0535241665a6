"""A portfolio as the file that `read_portfolio` takes: the form in which a workbook's agents are kept."""

import json
import re
from decimal import Decimal
from typing import Final

from aval.prudential.parameters import EnergyType, Submarket
from aval.prudential.portfolio import NO_DERIVATIVES, NO_VARIABLE, Leg, Portfolio, PortfolioMonth

_SUBMARKETS: Final = tuple(Submarket)
_SOURCES: Final = tuple(EnergyType)
_SLOT: Final = "%s"
_EXPONENT: Final = re.compile("[0-9]E")
"""Of a figure so small, or of a zero with so many places, that `str` writes it so: none is read back."""


def write_portfolio(portfolio: Portfolio) -> bytes:
    """UTF-8 JSON; each figure has the same value, and one spelling of its own."""
    equity = portfolio.equity
    around = {
        "evento": portfolio.event,
        "cnpj": portfolio.company,
        "patrimonioLiquido": {
            "dataBase": equity.base_date.isoformat(),
            "valor": _text(equity.value),
            "deducoes": [{"item": one.item, "valor": _text(one.value)} for one in equity.deductions],
        },
    }
    months = ",".join(map(_month, portfolio.months))
    return f'{json.dumps(around, separators=(",", ":"))[:-1]},"meses":[{months}]}}'.encode()


def _month(month: PortfolioMonth) -> str:
    """Written for ten thousand agents at a time: of a month only its 30 values are put into place."""
    template, figures = _MONTH, _figures(month)
    if month.variable is NO_VARIABLE and month.derivatives is NO_DERIVATIVES:
        template = _MONTH_OF_NEITHER
    else:
        figures += _figures_of_both(month)
    text = template % (month.label, *figures)
    return template % (month.label, *map(_text, figures)) if _EXPONENT.search(text) else text


def _text(value: Decimal) -> str:
    return format(value, "f")


def _figures(month: PortfolioMonth) -> tuple[Decimal, ...]:
    """In the order of the slots of `_MONTH`, as are those of the other two blocks after them."""
    fixed = month.fixed
    return (
        *map(fixed.submarkets.__getitem__, _SUBMARKETS),
        *map(fixed.sources.__getitem__, _SOURCES),
        *_leg(fixed.resource),
        *_leg(fixed.requirement),
        month.generation,
        month.consumption,
        month.regulated,
    )


def _figures_of_both(month: PortfolioMonth) -> tuple[Decimal, ...]:
    variable, derived = month.variable, month.derivatives
    return (
        *_leg(variable.resource),
        *_leg(variable.requirement),
        *map(derived.submarkets.__getitem__, _SUBMARKETS),
        *_leg(derived.resource),
        *_leg(derived.requirement),
    )


def _leg(leg: Leg) -> tuple[Decimal, Decimal]:
    return leg.amount, leg.price


def _template(slot: str) -> str:
    """`slot` stands for each figure of the blocks that most agents have nothing in."""

    def legs(price: str, slot: str) -> dict[str, dict[str, str]]:
        return {side: {"mwm": slot, price: slot} for side in ("recurso", "requisito")}

    month = {
        "mes": _SLOT,
        "precoFixo": {
            "submercados": dict.fromkeys(_SUBMARKETS, _SLOT),
            "fontes": dict.fromkeys(_SOURCES, _SLOT),
            **legs("preco", _SLOT),
        },
        "geracao": _SLOT,
        "consumo": _SLOT,
        "mercadoRegulado": _SLOT,
        "precoVariavel": legs("spread", slot),
        "derivativos": {"submercados": dict.fromkeys(_SUBMARKETS, slot), **legs("preco", slot)},
    }
    return json.dumps(month, separators=(",", ":"))


_MONTH: Final = _template(_SLOT)
_MONTH_OF_NEITHER: Final = _template("0")
