"""What was taken of an agent's files, as JSON: read again, it says the same."""

import json

from aval.prudential.counterparties import Counterparties, Counterparty
from aval.prudential.figures import spelled
from aval.prudential.portfolio import Portfolio
from aval.prudential.portfolio_writing import write_portfolio


def portfolio_document(held: Portfolio) -> dict[str, object]:
    """A portfolio file that says the same, whatever file it came in."""
    document: dict[str, object] = json.loads(write_portfolio(held))
    return document


def counterparties_document(held: Counterparties) -> dict[str, object]:
    """A counterparties file of one agent that says the same."""
    return {
        "evento": str(held.event),
        "cnpj": str(held.company),
        "contrapartes": [_counterparty(order, one) for order, one in enumerate(held.listed, start=1)],
    }


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
