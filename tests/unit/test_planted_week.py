import json

from aval.identifiers import EventCode
from aval.prudential.counterparties import read_counterparties
from aval.prudential.portfolio_json import read_portfolio
from tests.e2e.needles import Haystack
from tests.e2e.planted_week import Planting
from tests.support.weeks import COMPANY

EVENT = EventCode("202303001")


def test_planted_files_are_lawful_and_all_that_is_planted_is_in_them() -> None:
    planting = Planting()
    portfolio = json.dumps(planting.portfolio(COMPANY, EVENT, "p")).encode()
    counterparties = json.dumps(planting.counterparties(COMPANY, EVENT, "c")).encode()
    # Either would refuse it, with every rule that it breaks.
    assert read_portfolio(portfolio, event=EVENT).company == COMPANY
    assert len(read_counterparties(counterparties, event=EVENT).listed) == 1
    assert Haystack(planting.planted).in_bytes(portfolio + counterparties) == set(planting.planted)


def test_no_figure_is_planted_twice() -> None:
    planting = Planting()
    for name in ("one", "other"):
        planting.portfolio(COMPANY, EVENT, name)
    assert len(set(planting.planted.values())) == len(planting.planted) == 18


def test_of_an_answer_what_is_nobody_elses_is_looked_for() -> None:
    planting = Planting()
    answer = {
        "fa": "0.155072154496",
        "res": "-843251.520001",
        "alvo": "0.200000000000",
        "valor": "20000000.000000",
        "var": ["2231467.146437", "0.000000"],
        "metodo": "MP-2023.2.0",
        "objeto": "ab" * 32,
    }
    planting.answered("a", answer)
    assert planting.planted == {
        "a: answered /fa": b"155072154496",
        "a: answered /res": b"843251.520001",
        "a: answered /var/0": b"2231467.146437",
    }
