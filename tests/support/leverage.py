"""The worked example of docs/leverage.md: an agent and a week whose numbers are told to the last digit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.prudential.leverage import Engine, Leverage
from aval.prudential.parameters import MONTHS, EnergyType, MonthParameters, ParameterSet, Submarket
from aval.prudential.portfolio import (
    Deduction,
    Derivatives,
    FixedPrice,
    Leg,
    NetEquity,
    Portfolio,
    PortfolioMonth,
    VariablePrice,
)

EVENT: Final = EventCode("202303001")
COMPANY: Final = Cnpj("33047509000149")
AT: Final = datetime(2023, 2, 27, 12, tzinfo=UTC)
ZERO: Final = Decimal(0)
NO_LEG: Final = Leg(ZERO, ZERO)
NO_SUBMARKETS: Final = dict.fromkeys(Submarket, ZERO)
NO_SOURCES: Final = dict.fromkeys(EnergyType, ZERO)

NAMES: Final = ("MAR/2023", "ABR/2023", "MAI/2023", "JUN/2023", "JUL/2023", "AGO/2023", "SET/2023")
VOLATILITIES: Final = ("0.0734", "0.11894", "0.10205", "0.08728", "0.067", "0.05623", "0.0486")
FORWARDS: Final = ("222.72", "227.35", "229.93", "263.05", "292.63", "313.43", "313.43")
HOURS: Final = ("744", "720", "744", "744", "720", "744", "720")
STRESS_LONG: Final = ("168.47", "134.86", "139.94", "173.77", "219.12", "231.91", "232.69")
STRESS_SHORT: Final = ("279.76", "326.52", "333.03", "365.56", "372.34", "395.11", "389.62")
BOUGHT: Final = ("30", "25", "28", "20", "18", "26", "20")
BOUGHT_AT: Final = ("210", "215", "220", "240", "255", "280", "285")
SOLD: Final = ("20", "30", "20", "20", "30", "20", "20")
SOLD_LOW: Final = ("205", "210", "212", "235", "250", "270", "275")
SOLD_HIGH: Final = ("225", "232", "240", "262", "285", "310", "312")

ALL_ALIKE: Final = ((Decimal(1),) * 7,) * 7


def decaying() -> tuple[tuple[Decimal, ...], ...]:
    """ρ = exp(−0.15·|i−j|), with the twelve places that a file carries."""
    rate = Decimal("-0.15")
    places = Decimal("1e-12")
    return tuple(
        tuple((rate * abs(row - column)).exp().quantize(places) for column in range(7)) for row in range(7)
    )


def month_parameters(month: int, **changes: Any) -> MonthParameters:
    told = MonthParameters(
        label=MONTHS[month],
        name=NAMES[month],
        hours=Decimal(HOURS[month]),
        volatility=Decimal(VOLATILITIES[month]),
        forward=Decimal(FORWARDS[month]),
        submarket_spread=NO_SUBMARKETS,
        source_spread=NO_SOURCES,
        stress_long=Decimal(STRESS_LONG[month]),
        stress_short=Decimal(STRESS_SHORT[month]),
    )
    return replace(told, **changes)


def parameters(**changes: Any) -> ParameterSet:
    told = ParameterSet(
        event=EVENT,
        version=1,
        operation_begins=AT - timedelta(days=24),
        operation_ends=AT + timedelta(days=4),
        opens=AT - timedelta(days=24),
        deadline=AT + timedelta(days=5),
        updated_at=AT,
        method="MP-2023.2.0",
        confidence=Decimal("0.95"),
        settlement_days=5,
        k=ZERO,
        theta=ZERO,
        price_floor=Decimal("57.31"),
        price_ceiling=Decimal("785.27"),
        months=tuple(month_parameters(month) for month in range(7)),
        correlation=ALL_ALIKE,
    )
    return replace(told, **changes)


def fixed_month(month: int, bought: Leg, sold: Leg) -> PortfolioMonth:
    """Only fixed price, only SE, only CONV."""
    net = bought.amount - sold.amount
    return PortfolioMonth(
        label=MONTHS[month],
        fixed=FixedPrice(
            NO_SUBMARKETS | {Submarket.SE: net}, NO_SOURCES | {EnergyType.CONV: net}, bought, sold
        ),
        generation=ZERO,
        consumption=ZERO,
        variable=VariablePrice(NO_LEG, NO_LEG),
        derivatives=Derivatives(NO_SUBMARKETS, NO_LEG, NO_LEG),
        regulated=ZERO,
    )


def portfolio(sold_at: Sequence[str] = SOLD_LOW, **changes: Any) -> Portfolio:
    months = tuple(
        fixed_month(
            month,
            Leg(Decimal(BOUGHT[month]), Decimal(BOUGHT_AT[month])),
            Leg(Decimal(SOLD[month]), Decimal(sold_at[month])),
        )
        for month in range(7)
    )
    equity = NetEquity(date(2022, 12, 31), Decimal("20000000.00"), (Deduction("I", Decimal("2000000.00")),))
    return replace(Portfolio(EVENT, COMPANY, equity, months), **changes)


def idle() -> Portfolio:
    """No contract at all."""
    return portfolio(months=tuple(fixed_month(month, NO_LEG, NO_LEG) for month in range(7)))


def changed(held: Portfolio, month: int, change: Callable[[PortfolioMonth], PortfolioMonth]) -> Portfolio:
    months = [change(one) if place == month else one for place, one in enumerate(held.months)]
    return replace(held, months=tuple(months))


def computed(held: Portfolio | None = None, **changes: Any) -> Leverage:
    return Engine.of(parameters(**changes)).compute(held or portfolio())
