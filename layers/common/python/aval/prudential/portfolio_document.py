"""What was taken of an agent's files, as JSON in its one spelling: read again, it says the same."""

from collections.abc import Mapping
from decimal import Decimal

from aval.prudential.counterparties import Counterparties, Counterparty
from aval.prudential.figures import spelled
from aval.prudential.parameters import EnergyType, Submarket
from aval.prudential.portfolio import Derivatives, FixedPrice, Leg, NetEquity, Portfolio, PortfolioMonth


def portfolio_document(held: Portfolio) -> dict[str, object]:
    """A portfolio file that says the same, whatever file it came in."""
    return {
        "evento": str(held.event),
        "cnpj": str(held.company),
        "patrimonioLiquido": _equity(held.equity),
        "meses": [_month(month) for month in held.months],
    }


def counterparties_document(held: Counterparties) -> dict[str, object]:
    """A counterparties file of one agent that says the same."""
    return {
        "evento": str(held.event),
        "cnpj": str(held.company),
        "contrapartes": [_counterparty(order, one) for order, one in enumerate(held.listed, start=1)],
    }


def _equity(equity: NetEquity) -> dict[str, object]:
    return {
        "dataBase": equity.base_date.isoformat(),
        "valor": spelled(equity.value),
        "deducoes": [{"item": one.item, "valor": spelled(one.value)} for one in equity.deductions],
    }


def _month(month: PortfolioMonth) -> dict[str, object]:
    return {
        "mes": month.label,
        "precoFixo": _fixed(month.fixed),
        "geracao": spelled(month.generation),
        "consumo": spelled(month.consumption),
        "precoVariavel": {
            "recurso": _leg(month.variable.resource, "spread"),
            "requisito": _leg(month.variable.requirement, "spread"),
        },
        "derivativos": _derivatives(month.derivatives),
        "mercadoRegulado": spelled(month.regulated),
    }


def _fixed(fixed: FixedPrice) -> dict[str, object]:
    return {
        "submercados": _shares(fixed.submarkets),
        "fontes": _shares(fixed.sources),
        "recurso": _leg(fixed.resource, "preco"),
        "requisito": _leg(fixed.requirement, "preco"),
    }


def _derivatives(derived: Derivatives) -> dict[str, object]:
    return {
        "submercados": _shares(derived.submarkets),
        "recurso": _leg(derived.resource, "preco"),
        "requisito": _leg(derived.requirement, "preco"),
    }


def _leg(leg: Leg, price: str) -> dict[str, object]:
    return {"mwm": spelled(leg.amount), price: spelled(leg.price)}


def _shares(shares: Mapping[Submarket, Decimal] | Mapping[EnergyType, Decimal]) -> dict[str, object]:
    return {one.value: spelled(share) for one, share in shares.items()}


def _counterparty(order: int, one: Counterparty) -> dict[str, object]:
    return {
        "ordem": order,
        "cnpj": str(one.company),
        "sigla": one.name,
        "mtm": spelled(one.mtm),
        "mitigadores": [
            {"tipo": each.kind.value, "valor": spelled(each.value), "descricao": each.description}
            for each in one.mitigators
        ],
    }
