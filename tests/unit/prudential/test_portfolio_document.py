import json

from aval.prudential.counterparties import example, read_counterparties
from aval.prudential.portfolio_document import counterparties_document, portfolio_document
from aval.prudential.portfolio_json import read_portfolio
from tests.support import leverage_files


def test_a_document_reads_back_as_the_portfolio_it_is_of() -> None:
    held = read_portfolio(json.dumps(leverage_files.portfolio()).encode())
    assert read_portfolio(json.dumps(portfolio_document(held)).encode()) == held


def test_counterparties_read_back_as_they_were_taken() -> None:
    published = json.loads(example())
    one = {"evento": published["evento"], **published["agentes"][0]} if "agentes" in published else published
    held = read_counterparties(json.dumps(one).encode())
    assert read_counterparties(json.dumps(counterparties_document(held)).encode()) == held
