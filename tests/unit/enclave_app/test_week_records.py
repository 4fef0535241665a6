import json

import pytest

from aval.prudential.counterparties import read_counterparties
from aval.prudential.portfolio_json import read_portfolio
from aval.sealing.canonical import canonical, read_object
from aval.sealing.refusals import SealReason
from enclave_app.enclave.week_records import StoredCounterparties, StoredPortfolio
from tests.support.sealing import readers, refused
from tests.support.week_agents import counterparties, portfolio

PORTFOLIO = StoredPortfolio(readers(), read_portfolio(json.dumps(portfolio()).encode()))
COUNTERPARTIES = StoredCounterparties(readers(), read_counterparties(json.dumps(counterparties()).encode()))


def test_a_record_reads_back_as_it_was_written() -> None:
    assert StoredPortfolio.read(PORTFOLIO.to_bytes()) == PORTFOLIO
    assert StoredCounterparties.read(COUNTERPARTIES.to_bytes()) == COUNTERPARTIES


@pytest.mark.parametrize("form", [StoredPortfolio, StoredCounterparties])
def test_refuses_the_record_of_another_kind_or_form(form: type[StoredPortfolio]) -> None:
    own, other = (PORTFOLIO, COUNTERPARTIES) if form is StoredPortfolio else (COUNTERPARTIES, PORTFOLIO)
    more = canonical({**read_object(own.to_bytes(), largest=1_000_000), "mais": 1})
    for wrong in (other.to_bytes(), more, b"{}"):
        with refused(SealReason.MALFORMED):
            form.read(wrong)


def test_refuses_a_record_that_breaks_a_rule_of_its_file() -> None:
    told = read_object(PORTFOLIO.to_bytes(), largest=1_000_000)
    with refused(SealReason.MALFORMED):
        StoredPortfolio.read(canonical({**told, "portfolio": {}}))


def test_what_a_record_holds_is_in_no_representation() -> None:
    assert "20000000" not in repr(PORTFOLIO)
    assert "COMERC" not in repr(COUNTERPARTIES)
