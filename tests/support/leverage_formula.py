"""The formulas of docs/leverage.md once more, in fractions and as plainly as they stand there: a second
opinion on everything but the quantile and the root."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from aval.prudential.parameters import EnergyType, MonthParameters, Submarket
from aval.prudential.portfolio import Leg, PortfolioMonth


@dataclass(frozen=True)
class MonthByHand:
    net: Fraction
    mark_to_market: Fraction
    contracted: Fraction
    variable: Fraction
    stress: Fraction


def month_by_hand(month: PortfolioMonth, given: MonthParameters) -> MonthByHand:
    forward, hours = Fraction(given.forward), Fraction(given.hours)
    fixed, derived, variable = month.fixed, month.derivatives, month.variable
    derivative_net = Fraction(derived.resource.amount) - Fraction(derived.requirement.amount)
    net = (
        Fraction(fixed.resource.amount)
        + Fraction(month.generation)
        - Fraction(fixed.requirement.amount)
        - Fraction(month.consumption)
        + derivative_net
    )
    market = Fraction(0)
    for submarket in Submarket:
        held = Fraction(fixed.submarkets[submarket]) + Fraction(derived.submarkets[submarket])
        market += held * (forward + Fraction(given.submarket_spread[submarket]))
    for source in EnergyType:
        held = Fraction(fixed.sources[source])
        if source is EnergyType.CONV:
            held += derivative_net
        market += held * Fraction(given.source_spread[source])
    sales = _worth(fixed.requirement) + _worth(derived.requirement)
    sales += Fraction(month.consumption) * _mean_price(fixed.resource, given.forward)
    purchases = _worth(fixed.resource) + _worth(derived.resource)
    purchases += Fraction(month.generation) * _mean_price(fixed.requirement, given.forward)
    stressed = Fraction(given.stress_long if net > 0 else given.stress_short)
    return MonthByHand(
        net=net,
        mark_to_market=hours * market,
        contracted=hours * (sales - purchases),
        variable=hours * (_worth(variable.requirement) - _worth(variable.resource)),
        stress=max(Fraction(0), net * hours * (forward - stressed)),
    )


def _worth(leg: Leg) -> Fraction:
    return Fraction(leg.amount) * Fraction(leg.price)


def _mean_price(leg: Leg, forward: Decimal) -> Fraction:
    return Fraction(leg.price) if leg.amount != 0 else Fraction(forward)
