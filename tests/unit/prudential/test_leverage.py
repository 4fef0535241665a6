"""The leverage factor: the worked example to the last digit, each term by itself, and refusals."""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_UP, Context, Decimal, localcontext
from typing import Any

import pytest

from aval.prudential.figures import plain
from aval.prudential.leverage import Engine, Leverage
from aval.prudential.parameters import EnergyType, Netting, Submarket
from aval.prudential.portfolio import (
    Derivatives,
    FixedPrice,
    Leg,
    NetEquity,
    Portfolio,
    PortfolioMonth,
    VariablePrice,
)
from tests.support import leverage
from tests.support.leverage import NO_LEG, NO_SOURCES, NO_SUBMARKETS, computed


def factor(found: Leverage) -> str:
    assert found.factor is not None
    return plain(found.factor, 12)


def money(value: Decimal) -> str:
    return plain(value, 6)


def leg(amount: str, price: str) -> Leg:
    return Leg(Decimal(amount), Decimal(price))


def first_month(**changes: Any) -> Portfolio:
    """Nothing but what is told, in M+0."""
    return leverage.changed(leverage.idle(), 0, lambda month: replace(month, **changes))


def _netting_to(net: Decimal) -> Callable[[PortfolioMonth], PortfolioMonth]:
    zero = Decimal(0)
    return lambda month: replace(month, generation=max(net, zero), consumption=max(-net, zero))


def test_gives_every_number_of_the_worked_example() -> None:
    found = computed()
    assert money(found.result) == "-843251.520000"
    assert money(found.value_at_risk) == "2231467.146437"
    assert money(found.risk_weighted) == "2231467.146437"
    assert money(found.equity) == "18000000.000000"
    assert found.risk_factor is not None
    assert plain(found.risk_factor, 12) == "0.123970397024"
    assert factor(found) == "0.170817703691"
    assert found.reason == ""


@pytest.mark.parametrize(
    ("changes", "value_at_risk", "expected"),
    [
        ({"correlation": leverage.decaying()}, "1948681.387768", "0.155107383765"),
        ({"settlement_days": 1}, "997942.445798", "0.102288553655"),
        ({"confidence": Decimal("0.99")}, "3156006.569245", "0.222181004958"),
    ],
)
def test_gives_the_worked_example_under_other_parameters(
    changes: dict[str, Any], value_at_risk: str, expected: str
) -> None:
    found = computed(**changes)
    assert (money(found.value_at_risk), factor(found)) == (value_at_risk, expected)


def test_a_result_larger_than_the_risk_makes_the_factor_zero() -> None:
    found = computed(leverage.portfolio(leverage.SOLD_HIGH))
    assert money(found.result) == "2631948.480000"
    assert factor(found) == "0.000000000000"
    assert found.risk_factor is not None
    assert plain(found.risk_factor, 12) == "0.123970397024"


def test_does_not_depend_on_the_context_of_its_caller() -> None:
    with localcontext(Context(prec=6, rounding=ROUND_UP)):
        inside = computed()
    assert inside == computed()


def test_says_why_there_is_no_factor() -> None:
    for value, reason in (("2000000", "é zero"), ("1000000", "é negativo")):
        equity = replace(leverage.portfolio().equity, value=Decimal(value))
        found = computed(leverage.portfolio(equity=equity))
        assert (found.factor, found.risk_factor) == (None, None)
        assert found.reason == f"FA não calculável: o patrimônio líquido ajustado (PLA) {reason}"
        assert money(found.value_at_risk) == "2231467.146437"


def test_an_agent_without_a_position_has_no_risk_and_no_shares_of_it() -> None:
    found = computed(leverage.idle())
    assert found.value_at_risk == 0
    assert [month.euler for month in found.months] == [0] * 7
    assert factor(found) == "0.000000000000"


def test_a_spread_and_a_premium_are_paid_on_each_submarket_and_source() -> None:
    week = list(leverage.parameters().months)
    week[0] = leverage.month_parameters(
        0,
        submarket_spread=NO_SUBMARKETS | {Submarket.NE: Decimal("-12.5")},
        source_spread=NO_SOURCES | {EnergyType.I5: Decimal("30.25")},
    )
    held = first_month(
        fixed=FixedPrice(
            NO_SUBMARKETS | {Submarket.SE: Decimal(4), Submarket.NE: Decimal(6)},
            NO_SOURCES | {EnergyType.CONV: Decimal(3), EnergyType.I5: Decimal(7)},
            leg("10", "200"),
            NO_LEG,
        )
    )
    month = computed(held, months=tuple(week)).months[0]
    # 744 · (4 · 222.72 + 6 · (222.72 − 12.5) + 7 · 30.25)
    assert money(month.parts.mark_to_market) == "1758778.800000"
    assert money(month.parts.contracted) == "-1488000.000000"


def test_derivatives_count_as_conventional_and_enter_position_and_contracts() -> None:
    week = list(leverage.parameters().months)
    week[0] = leverage.month_parameters(
        0,
        submarket_spread=NO_SUBMARKETS | {Submarket.S: Decimal(10)},
        source_spread=NO_SOURCES | {EnergyType.CONV: Decimal(2)},
    )
    held = first_month(
        derivatives=Derivatives(
            NO_SUBMARKETS | {Submarket.S: Decimal(-5)}, leg("10", "210"), leg("15", "230")
        )
    )
    month = computed(held, months=tuple(week)).months[0]
    assert month.net == -5
    # 744 · (−5 · (222.72 + 10) − 5 · 2) and 744 · (15 · 230 − 10 · 210)
    assert money(month.parts.mark_to_market) == "-873158.400000"
    assert money(month.parts.contracted) == "1004400.000000"


@pytest.mark.parametrize(
    ("bought", "sold", "generation", "consumption", "expected"),
    [
        # Generation at the mean price of the sales: 744 · (20 · 225 − 20 · 225).
        (NO_LEG, leg("20", "225"), "20", "0", "0.000000"),
        # Consumption at the mean price of the purchases: 744 · (30 · 210 − 30 · 210).
        (leg("30", "210"), NO_LEG, "0", "30", "0.000000"),
        # Without sales or purchases at the forward price: 744 · 222.72 · (∓10).
        (NO_LEG, NO_LEG, "10", "0", "-1657036.800000"),
        (NO_LEG, NO_LEG, "0", "10", "1657036.800000"),
        # A price beside an amount of zero is nobody's price.
        (NO_LEG, leg("0", "500"), "10", "0", "-1657036.800000"),
    ],
)
def test_generation_and_consumption_make_no_profit_out_of_nothing(
    bought: Leg, sold: Leg, generation: str, consumption: str, expected: str
) -> None:
    held = first_month(
        fixed=FixedPrice(NO_SUBMARKETS, NO_SOURCES, bought, sold),
        generation=Decimal(generation),
        consumption=Decimal(consumption),
    )
    assert money(computed(held).months[0].parts.contracted) == expected


def test_generation_and_consumption_enter_the_position() -> None:
    held = first_month(generation=Decimal("7.5"), consumption=Decimal(3))
    assert computed(held).months[0].net == Decimal("4.5")


def test_variable_price_pays_its_spread_and_stays_out_of_the_position() -> None:
    held = first_month(variable=VariablePrice(leg("10", "-3"), leg("4", "12.5")))
    month = computed(held).months[0]
    assert month.net == 0
    assert money(month.parts.variable) == "59520.000000"  # 744 · (4 · 12.5 + 10 · 3)


def test_the_regulated_market_adds_to_the_result_as_it_is() -> None:
    found = computed(first_month(regulated=Decimal("-1234.56")))
    assert money(found.result) == "-1234.560000"


def test_stress_is_told_by_month_and_weighs_by_theta_alone() -> None:
    found = computed()
    assert [money(month.stress) for month in found.months] == [
        "403620.000000",
        "357012.000000",
        "535620.480000",
        "0.000000",
        "688694.400000",
        "363905.280000",
        "0.000000",
    ]
    assert found.risk_weighted == found.value_at_risk
    weighed = computed(theta=Decimal("0.5"))
    assert money(weighed.stress) == "2348852.160000"
    assert money(weighed.risk_weighted) == "3405893.226437"


def test_a_stress_price_on_the_good_side_takes_nothing_off() -> None:
    week = list(leverage.parameters().months)
    week[0] = leverage.month_parameters(0, stress_long=Decimal(300))
    assert computed(months=tuple(week)).months[0].stress == 0


def test_netting_by_sign_lets_a_month_sold_offset_one_bought() -> None:
    found = computed(netting=Netting.COM_SINAL)
    # With ρ = 1: |447342.82 − 358045.03 + 513669.56 − 623045.34 + 289364.39|
    assert money(found.value_at_risk) == "269286.403811"
    assert money(found.months[1].euler) == "-358045.032261"
    assert found.method == "MP-2023.2.0+COM_SINAL"
    assert computed().method == "MP-2023.2.0"


def test_months_that_offset_to_nothing_leave_no_contributions_behind() -> None:
    week = list(leverage.parameters().months)
    held = leverage.idle()
    for place, amount in enumerate(("0.35", "72.98", "-73.33")):
        week[place] = replace(week[0], label=week[place].label)
        held = leverage.changed(held, place, _netting_to(Decimal(amount)))
    found = computed(held, months=tuple(week), netting=Netting.COM_SINAL)
    assert found.months[2].value_at_risk > 0
    assert found.value_at_risk == 0
    assert [month.euler for month in found.months] == [0] * 7


def test_a_root_of_a_square_just_below_zero_is_zero() -> None:
    # Rounded correlations may sum to a hair below zero: two equal positions at ρ = −1 − 1e-13.
    rho = [[Decimal(int(row == column)) for column in range(7)] for row in range(7)]
    rho[0][1] = rho[1][0] = Decimal("-1.0000000000001")
    week = list(leverage.parameters().months)
    week[1] = replace(week[0], label="M+1")
    held = leverage.idle()
    for place in (0, 1):
        held = leverage.changed(held, place, lambda month: replace(month, generation=Decimal(1)))
    found = computed(held, months=tuple(week), correlation=tuple(map(tuple, rho)))
    assert found.value_at_risk == 0
    assert [month.euler for month in found.months] == [0] * 7


def test_a_result_names_the_parameters_that_it_was_computed_with() -> None:
    assert computed().parameters == leverage.parameters().digest
    assert computed(version=2).parameters != computed().parameters


def test_refuses_a_portfolio_of_another_week() -> None:
    with pytest.raises(ValueError, match="another week"):
        computed(leverage.portfolio(event="202303002"))


def test_refuses_months_that_are_not_in_order() -> None:
    months = leverage.portfolio().months
    with pytest.raises(ValueError, match="order"):
        computed(leverage.portfolio(months=months[::-1]))
    with pytest.raises(ValueError, match="longer"):
        computed(leverage.portfolio(months=months[:6]))


@pytest.mark.parametrize("changes", [{"method": "MP-2024.1.0"}, {"k": Decimal(1)}])
def test_refuses_parameters_of_another_method(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"MP-2023\.2\.0"):
        Engine.of(leverage.parameters(**changes))


def test_equity_of_many_digits_is_not_rounded_on_the_way() -> None:
    equity = NetEquity(leverage.AT.date(), Decimal("99999999999999999999.999999999999"))
    found = computed(leverage.portfolio(equity=equity))
    assert plain(found.equity, 12) == "99999999999999999999.999999999999"
