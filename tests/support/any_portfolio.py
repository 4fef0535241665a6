"""Portfolios and parameters drawn at random, lawful in sign and size; sums of shares are not the engine's."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

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
from tests.support import leverage

AMOUNTS = st.just(Decimal(0)) | st.decimals(0, 5000, places=6)
SHARES = st.just(Decimal(0)) | st.decimals(-5000, 5000, places=6)
PRICES = st.decimals(0, 2000, places=2)
SPREADS = st.decimals(-200, 200, places=2)
LEGS = st.builds(Leg, AMOUNTS, PRICES)
SPREAD_LEGS = st.builds(Leg, AMOUNTS, SPREADS)
BY_SUBMARKET = st.fixed_dictionaries(dict.fromkeys(Submarket, SHARES))
EQUITIES = st.builds(
    NetEquity,
    st.just(date(2022, 12, 31)),
    st.decimals("1000000.00", "900000000.00", places=2),
    st.lists(st.builds(Deduction, st.just("I"), st.decimals(0, 100000, places=2)), max_size=8).map(tuple),
)


def portfolio_months(label: str) -> st.SearchStrategy[PortfolioMonth]:
    return st.builds(
        PortfolioMonth,
        st.just(label),
        st.builds(
            FixedPrice,
            BY_SUBMARKET,
            st.fixed_dictionaries(dict.fromkeys(EnergyType, SHARES)),
            LEGS,
            LEGS,
        ),
        AMOUNTS,
        AMOUNTS,
        st.builds(VariablePrice, SPREAD_LEGS, SPREAD_LEGS),
        st.builds(Derivatives, BY_SUBMARKET, LEGS, LEGS),
        st.decimals(-1000000, 1000000, places=2),
    )


PORTFOLIOS: st.SearchStrategy[Portfolio] = st.builds(
    Portfolio,
    st.just(leverage.EVENT),
    st.just(leverage.COMPANY),
    EQUITIES,
    st.tuples(*(portfolio_months(label) for label in MONTHS)),
)


def month_parameters(month: int) -> st.SearchStrategy[MonthParameters]:
    return st.builds(
        MonthParameters,
        st.just(MONTHS[month]),
        st.just(leverage.NAMES[month]),
        st.sampled_from([Decimal(672), Decimal(720), Decimal(744)]),
        st.decimals(0, 1, places=6),
        PRICES,
        st.fixed_dictionaries(dict.fromkeys(Submarket, SPREADS)),
        st.fixed_dictionaries(dict.fromkeys(EnergyType, SPREADS)),
        PRICES,
        PRICES,
    )


PARAMETERS: st.SearchStrategy[ParameterSet] = st.builds(
    leverage.parameters,
    months=st.tuples(*(month_parameters(month) for month in range(7))),
    correlation=st.sampled_from([leverage.ALL_ALIKE, leverage.decaying()]),
    confidence=st.sampled_from([Decimal("0.95"), Decimal("0.99"), Decimal("0.999")]),
    settlement_days=st.integers(1, 30),
    theta=st.sampled_from([Decimal(0), Decimal("0.5")]),
)
