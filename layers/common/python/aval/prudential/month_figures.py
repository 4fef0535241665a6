"""One month of the leverage factor: position, result in its four parts, value at risk alone, stress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final, NamedTuple, Self, TypeVar

from aval.prudential.figures import CONTEXT
from aval.prudential.parameters import EnergyType, MonthParameters, Submarket
from aval.prudential.portfolio import (
    NO_DERIVATIVES,
    NO_VARIABLE,
    Derivatives,
    FixedPrice,
    PortfolioMonth,
    VariablePrice,
)

_ZERO: Final = Decimal(0)
Key = TypeVar("Key")


class ResultParts(NamedTuple):
    """R$ of one month: position at market prices, contracts at theirs, variable price, regulated market."""

    mark_to_market: Decimal
    contracted: Decimal
    variable: Decimal
    regulated: Decimal

    @property
    def total(self) -> Decimal:
        with localcontext(CONTEXT):
            return self.mark_to_market + self.contracted + self.variable + self.regulated


@dataclass(frozen=True, slots=True)
class MonthWeights:
    """What one month's parameters make of an average MW, the same for every agent."""

    label: str
    hours: Decimal
    forward: Decimal
    submarket_price: Mapping[Submarket, Decimal]
    # Of the types that have one: most weeks no type has.
    source_premium: Mapping[EnergyType, Decimal]
    # R$ at risk for each average MW of net position, whichever its sign: z · σ · √D · |F| · h.
    risk: Decimal
    # R$ lost under stress for each average MW bought, and for each average MW sold.
    stress_long: Decimal
    stress_short: Decimal

    @classmethod
    def of(cls, month: MonthParameters, quantile_by_root_of_days: Decimal) -> Self:
        forward, hours = month.forward, month.hours
        return cls(
            label=month.label,
            hours=hours,
            forward=forward,
            submarket_price={one: forward + month.submarket_spread[one] for one in Submarket},
            source_premium={one: month.source_spread[one] for one in EnergyType if month.source_spread[one]},
            risk=quantile_by_root_of_days * month.volatility * abs(forward * hours),
            stress_long=hours * (forward - month.stress_long),
            stress_short=hours * (month.stress_short - forward),
        )


class MonthFigures(NamedTuple):
    label: str
    net: Decimal
    # NET · F: its sign is the month's where months are netted by sign.
    position: Decimal
    parts: ResultParts
    value_at_risk: Decimal
    stress: Decimal


def months_of(months: Sequence[PortfolioMonth], weights: Sequence[MonthWeights]) -> list[MonthFigures]:
    """Raise `ValueError` unless the months are the parameters', in order; reckons in the caller's context."""
    return [_figures(month, weight) for month, weight in zip(months, weights, strict=True)]


def _figures(month: PortfolioMonth, weights: MonthWeights) -> MonthFigures:
    if month.label != weights.label:
        raise ValueError("the months of the portfolio are not in the order of the parameters'")
    fixed, derivatives, hours = month.fixed, month.derivatives, weights.hours
    net = fixed.resource.amount + month.generation - fixed.requirement.amount - month.consumption
    market = _weighted(fixed.submarkets, weights.submarket_price)
    contracted = _contracted_value(month, weights.forward)
    # Most agents have no derivatives, and most weeks no premium.
    if derivatives is not NO_DERIVATIVES:
        derivative_net = derivatives.resource.amount - derivatives.requirement.amount
        net += derivative_net
        market += _weighted(derivatives.submarkets, weights.submarket_price)
        market += derivative_net * weights.source_premium.get(EnergyType.CONV, _ZERO)
        contracted += _sold_less_bought(derivatives)
    if weights.source_premium:
        market += _weighted(fixed.sources, weights.source_premium)
    return MonthFigures(
        label=month.label,
        net=net,
        position=net * weights.forward,
        parts=ResultParts(
            mark_to_market=hours * market,
            contracted=hours * contracted,
            variable=_ZERO if month.variable is NO_VARIABLE else hours * _sold_less_bought(month.variable),
            regulated=month.regulated,
        ),
        value_at_risk=abs(net) * weights.risk,
        stress=_stress(net, weights),
    )


def _weighted(amounts: Mapping[Key, Decimal], prices: Mapping[Key, Decimal]) -> Decimal:
    total = _ZERO
    for key, price in prices.items():
        if amount := amounts[key]:
            total += amount * price
    return total


def _contracted_value(month: PortfolioMonth, forward: Decimal) -> Decimal:
    """What the sales at fixed prices bring less what the purchases cost, per hour.

    Generation is taken at the mean price of the sales, consumption at that of the purchases, so that neither
    makes a profit out of nothing; without sales (purchases), at the forward price.
    """
    bought, sold = month.fixed.resource, month.fixed.requirement
    value = _sold_less_bought(month.fixed)
    if month.consumption:
        value += month.consumption * (bought.price if bought.amount else forward)
    if month.generation:
        value -= month.generation * (sold.price if sold.amount else forward)
    return value


def _sold_less_bought(block: FixedPrice | VariablePrice | Derivatives) -> Decimal:
    bought, sold = block.resource, block.requirement
    return sold.amount * sold.price - bought.amount * bought.price


def _stress(net: Decimal, weights: MonthWeights) -> Decimal:
    if net > 0:
        return max(_ZERO, net * weights.stress_long)
    return max(_ZERO, -net * weights.stress_short)
