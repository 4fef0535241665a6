"""Why a factor is what it is: parts, the equity that a target asks for, what-ifs."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aval.prudential.explanation import Simulation, equity_needed, result_parts, simulate
from aval.prudential.figures import plain
from aval.prudential.leverage import Engine
from aval.prudential.leverage_json import agent_document, explanation_document, simulation_document
from aval.prudential.parameters import ParameterSet
from aval.prudential.portfolio import Leg, NetEquity, Portfolio
from tests.support import leverage
from tests.support.any_portfolio import PARAMETERS, PORTFOLIOS

ENGINE = Engine.of(leverage.parameters())


def what_if(changed: Portfolio) -> Simulation:
    return simulate(ENGINE, leverage.portfolio(), changed)


def test_tells_the_result_by_part() -> None:
    found = leverage.computed()
    assert [plain(part, 2) for part in result_parts(found)] == ["1077948.48", "-1921200.00", "0.00", "0.00"]
    assert result_parts(found).total == found.result


def test_tells_the_equity_from_which_the_factor_meets_a_target() -> None:
    found = leverage.computed()
    assert plain(equity_needed(found, Decimal("0.20")), 6) == "15373593.332183"
    # At the factor that it has, the equity is the one that it has.
    assert found.factor is not None
    assert plain(equity_needed(found, found.factor), 20) == "18000000.00000000000000000000"


def test_tells_all_of_it_as_json() -> None:
    held = leverage.portfolio()
    assert explanation_document(held, ENGINE.compute(held), Decimal("0.20")) == {
        "metodo": "MP-2023.2.0",
        "parametros": leverage.parameters().digest,
        "res": {
            "mtm": "1077948.480000",
            "con": "-1921200.000000",
            "pv": "0.000000",
            "regulado": "0.000000",
        },
        "pla": {
            "dataBase": "2022-12-31",
            "valor": "20000000.000000",
            "deducoes": [{"item": "I", "valor": "2000000.000000"}],
            "ajustado": "18000000.000000",
        },
        "alvo": {"fa": "0.200000000000", "pla": "15373593.332183"},
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PORTFOLIOS, PARAMETERS, st.decimals("0.01", 5, places=2))
def test_with_the_equity_that_a_target_asks_for_the_factor_is_the_target(
    held: Portfolio, week: ParameterSet, target: Decimal
) -> None:
    engine = Engine.of(week)
    needed = equity_needed(engine.compute(held), target)
    equity = NetEquity(held.equity.base_date, needed or Decimal(1))
    found = engine.compute(replace(held, equity=equity)).factor
    assert found is not None
    assert plain(found, 30) == plain(target if needed else Decimal(0), 30)


def test_a_result_larger_than_the_risk_meets_any_target() -> None:
    found = leverage.computed(leverage.portfolio(leverage.SOLD_HIGH))
    assert equity_needed(found, Decimal("0.01")) == 0


@pytest.mark.parametrize("target", ["0", "-0.1"])
def test_no_equity_meets_a_target_of_zero(target: str) -> None:
    with pytest.raises(ValueError, match="zero"):
        equity_needed(leverage.computed(), Decimal(target))


def test_a_what_if_is_the_same_engine_beside_what_was_declared() -> None:
    # The twelve that M+4 is short of, bought at the market's price.
    bought, sold = Leg(Decimal(30), Decimal("270.052")), Leg(Decimal(30), Decimal(250))
    closed = leverage.changed(leverage.portfolio(), 4, lambda _: leverage.fixed_month(4, bought, sold))
    found = what_if(closed)
    assert found.declared == leverage.computed()
    assert found.simulated == leverage.computed(closed)
    assert found.change is not None
    assert found.change < 0


def test_a_what_if_that_changes_nothing_changes_no_digit() -> None:
    found = what_if(leverage.portfolio())
    assert found.change == 0
    assert simulation_document(found) == {
        "simulacao": True,
        "metodo": "MP-2023.2.0",
        "declarado": agent_document(leverage.computed()),
        "simulado": agent_document(leverage.computed()),
        "variacao": "0.000000000000",
    }


def test_a_what_if_without_equity_has_no_change() -> None:
    broke = leverage.portfolio(equity=NetEquity(leverage.AT.date(), Decimal(0)))
    found = what_if(broke)
    assert found.change is None
    assert simulation_document(found)["variacao"] is None


def test_a_what_if_is_about_the_same_company_and_week() -> None:
    with pytest.raises(ValueError, match="same company"):
        what_if(leverage.portfolio(company="00000000000191"))
    with pytest.raises(ValueError, match="another week"):
        what_if(leverage.portfolio(event="202303002"))


def test_neither_a_result_nor_a_what_if_shows_a_number_by_accident() -> None:
    found = what_if(leverage.portfolio())
    for shown in (repr(found), repr(found.declared), repr(found.declared.months)):
        assert "Decimal" not in shown
