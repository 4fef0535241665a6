"""What holds of any portfolio under any parameters."""

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aval.prudential.figures import CONTEXT
from aval.prudential.leverage import Engine, Leverage
from aval.prudential.parameters import ParameterSet
from aval.prudential.portfolio import Leg, Portfolio, PortfolioMonth
from tests.support import leverage
from tests.support.any_portfolio import PARAMETERS, PORTFOLIOS
from tests.support.leverage_formula import month_by_hand

# Of fifty digits, what fewer than a thousand roundings may take.
CLOSE = Decimal("1e-45")
# A portfolio is some three hundred numbers: most of the time goes into drawing them.
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compute(held: Portfolio, given_parameters: ParameterSet) -> Leverage:
    return Engine.of(given_parameters).compute(held)


def require_close(found: Decimal, expected: Decimal, scale: Decimal) -> None:
    with localcontext(CONTEXT):
        assert abs(found - expected) <= CLOSE * max(abs(scale), Decimal(1))


@FEW
@given(PORTFOLIOS, PARAMETERS)
def test_every_part_of_a_month_is_what_the_formula_gives_in_fractions(
    held: Portfolio, week: ParameterSet
) -> None:
    for month, told, given_month in zip(compute(held, week).months, held.months, week.months, strict=True):
        by_hand = month_by_hand(told, given_month)
        assert Fraction(month.net) == by_hand.net
        assert Fraction(month.parts.mark_to_market) == by_hand.mark_to_market
        assert Fraction(month.parts.contracted) == by_hand.contracted
        assert Fraction(month.parts.variable) == by_hand.variable
        assert Fraction(month.stress) == by_hand.stress


@FEW
@given(PORTFOLIOS, PARAMETERS)
def test_contributions_add_up_to_the_value_at_risk(held: Portfolio, week: ParameterSet) -> None:
    found = compute(held, week)
    with localcontext(CONTEXT):
        total = sum((month.euler for month in found.months), Decimal(0))
    require_close(total, found.value_at_risk, found.value_at_risk)


@FEW
@given(PORTFOLIOS, PARAMETERS)
def test_with_months_all_alike_the_risks_just_add_up(held: Portfolio, week: ParameterSet) -> None:
    found = compute(held, replace(week, correlation=leverage.ALL_ALIKE))
    with localcontext(CONTEXT):
        total = sum((month.value_at_risk for month in found.months), Decimal(0))
    require_close(found.value_at_risk, total, total)


@FEW
@given(PORTFOLIOS, PARAMETERS)
def test_less_correlation_never_means_more_risk(held: Portfolio, week: ParameterSet) -> None:
    alike = compute(held, replace(week, correlation=leverage.ALL_ALIKE))
    apart = compute(held, replace(week, correlation=leverage.decaying()))
    with localcontext(CONTEXT):
        assert apart.value_at_risk <= alike.value_at_risk * (1 + CLOSE)


@FEW
@given(PORTFOLIOS, PARAMETERS, st.integers(1, 30))
def test_risk_grows_with_the_root_of_the_days(held: Portfolio, week: ParameterSet, days: int) -> None:
    one_day = compute(held, replace(week, settlement_days=1)).value_at_risk
    found = compute(held, replace(week, settlement_days=days)).value_at_risk
    with localcontext(CONTEXT):
        require_close(found, one_day * Decimal(days).sqrt(), found)


@FEW
@given(PORTFOLIOS, PARAMETERS, st.decimals("0.01", 100, places=2))
def test_an_agent_twice_as_large_in_everything_has_the_same_factor(
    held: Portfolio, week: ParameterSet, size: Decimal
) -> None:
    small, large = compute(held, week), compute(_sized(held, size), week)
    assert small.factor is not None
    assert large.factor is not None
    with localcontext(CONTEXT):
        # The factor is a difference of the two, and may be far smaller than they are.
        scale = (small.risk_weighted + abs(small.result)) / small.equity
        require_close(large.factor, small.factor, scale)
        require_close(large.value_at_risk, small.value_at_risk * size, large.value_at_risk)


@given(st.permutations(range(4)))
def test_the_order_of_the_agents_changes_nothing(order: list[int]) -> None:
    engine = Engine.of(leverage.parameters(correlation=leverage.decaying()))
    agents = [
        leverage.portfolio(),
        leverage.portfolio(leverage.SOLD_HIGH),
        leverage.idle(),
        _sized(leverage.portfolio(), Decimal("2.5")),
    ]
    alone = [Engine.of(engine.parameters).compute(one) for one in agents]
    assert [engine.compute(agents[place]) for place in order] == [alone[place] for place in order]


def _sized(held: Portfolio, size: Decimal) -> Portfolio:
    with localcontext(CONTEXT):
        equity = replace(
            held.equity,
            value=held.equity.value * size,
            deductions=tuple(replace(one, value=one.value * size) for one in held.equity.deductions),
        )
        return replace(held, equity=equity, months=tuple(_sized_month(one, size) for one in held.months))


def _sized_month(month: PortfolioMonth, size: Decimal) -> PortfolioMonth:
    def leg(one: Leg) -> Leg:
        return replace(one, amount=one.amount * size)

    fixed, variable, derived = month.fixed, month.variable, month.derivatives
    return replace(
        month,
        fixed=replace(
            fixed,
            submarkets={key: share * size for key, share in fixed.submarkets.items()},
            sources={key: share * size for key, share in fixed.sources.items()},
            resource=leg(fixed.resource),
            requirement=leg(fixed.requirement),
        ),
        generation=month.generation * size,
        consumption=month.consumption * size,
        variable=replace(variable, resource=leg(variable.resource), requirement=leg(variable.requirement)),
        derivatives=replace(
            derived,
            submarkets={key: share * size for key, share in derived.submarkets.items()},
            resource=leg(derived.resource),
            requirement=leg(derived.requirement),
        ),
        regulated=month.regulated * size,
    )
