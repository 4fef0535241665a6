import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings

from aval.prudential.counterparties import example, read_counterparties
from aval.prudential.portfolio import Portfolio
from aval.prudential.portfolio_document import counterparties_document, portfolio_document
from aval.prudential.portfolio_json import read_portfolio
from tests.support import leverage_files
from tests.support.any_portfolio import PORTFOLIOS


def test_a_document_reads_back_as_the_portfolio_it_is_of() -> None:
    held = read_portfolio(json.dumps(leverage_files.portfolio()).encode())
    assert read_portfolio(json.dumps(portfolio_document(held)).encode()) == held


def test_two_files_that_say_the_same_have_one_document() -> None:
    told = leverage_files.portfolio()
    other: dict[str, Any] = json.loads(json.dumps(told))
    other["patrimonioLiquido"]["valor"] += "00"
    other["cnpj"] = "33.047.509/0001-49"
    other["meses"].reverse()
    documents = [portfolio_document(read_portfolio(json.dumps(one).encode())) for one in (told, other)]
    assert documents[0] == documents[1]


@settings(max_examples=40, deadline=None)
@given(PORTFOLIOS)
def test_every_figure_of_any_portfolio_is_in_its_document(held: Portfolio) -> None:
    """Those drawn need not add up, which is asked of files and not of what is written here."""
    document = json.loads(json.dumps(portfolio_document(held)))
    for month, told in zip(held.months, document["meses"], strict=True):
        pairs = [
            (month.generation, told["geracao"]),
            (month.consumption, told["consumo"]),
            (month.regulated, told["mercadoRegulado"]),
            (month.fixed.resource.amount, told["precoFixo"]["recurso"]["mwm"]),
            (month.variable.requirement.price, told["precoVariavel"]["requisito"]["spread"]),
            (month.derivatives.resource.price, told["derivativos"]["recurso"]["preco"]),
        ]
        assert [figure for figure, _ in pairs] == [Decimal(spelled) for _, spelled in pairs]


def test_counterparties_read_back_as_they_were_taken() -> None:
    published = json.loads(example())
    one = {"evento": published["evento"], **published["agentes"][0]} if "agentes" in published else published
    held = read_counterparties(json.dumps(one).encode())
    assert read_counterparties(json.dumps(counterparties_document(held)).encode()) == held
