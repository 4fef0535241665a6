from datetime import UTC, date, datetime

import pytest

from aval.contracts.bus import AmountQuery, AnyContract, Onlooker
from aval.contracts.model import AmountKind, ContractCode, Market, Period, local_hour
from aval.edge.contracts.requests import amount_query, period_asked, profiles_asked
from aval.errors import Fault, FaultsFound
from tests.support.contracts import BUYER, BUYING, SELLER, YEAR, contract, regulated

VIEWER = Onlooker(frozenset({BUYER, SELLER}), frozenset({BUYING}))


def test_without_a_profile_all_visible_ones_are_asked_for() -> None:
    assert profiles_asked(VIEWER, Market.FREE, None) == VIEWER.visible


@pytest.mark.parametrize("market", Market)
def test_a_named_profile_is_asked_for_alone(market: Market) -> None:
    assert profiles_asked(VIEWER, market, BUYER) == {BUYER}


def test_regulated_contracts_are_everybody_s_where_no_profile_is_named() -> None:
    assert profiles_asked(VIEWER, Market.REGULATED, None) == frozenset()


def test_amounts_are_the_average_ones_unless_another_kind_is_named() -> None:
    assert amount_query(contract(7), None, period=YEAR, only_not_validated=True) == AmountQuery(
        Market.FREE, AmountKind.AVERAGE, YEAR, frozenset({ContractCode(7)}), only_not_validated=True
    )


def test_a_regulated_contract_has_kinds_of_its_own() -> None:
    asked = amount_query(regulated(), AmountKind.YEARLY, period=YEAR, only_not_validated=False)
    assert (asked.market, asked.kind) == (Market.REGULATED, AmountKind.YEARLY)


@pytest.mark.parametrize(
    ("found", "kind", "names"),
    [
        (contract(7), AmountKind.YEARLY, "LIVRE: MONTANTE_MEDIO, MONTANTE_MODULARIZADO"),
        (
            regulated(),
            None,
            "REGULADO: MONTANTE_ENERGIA_ANUAL, MONTANTE_ENERGIA_MENSAL, MONTANTE_ANO_CONTRATUAL, "
            "MONTANTE_OBRIGACAO_ENTREGA",
        ),
    ],
)
def test_a_kind_of_the_other_market_is_refused_with_those_of_this_one(
    found: AnyContract, kind: AmountKind | None, names: str
) -> None:
    with pytest.raises(FaultsFound) as refused:
        amount_query(found, kind, period=YEAR, only_not_validated=False)
    assert refused.value.faults == (
        Fault("tipo", f"peça um tipo de montante do ambiente {names}", "query:tipo"),
    )


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), YEAR),
        (date(2026, 1, 1), date(2026, 1, 1), Period(local_hour(2026, 1, 1), local_hour(2026, 1, 2))),
        (
            date(2026, 1, 1),
            None,
            Period(local_hour(2026, 1, 1), datetime(2200, 1, 2, tzinfo=UTC)),
        ),
        (None, date(2026, 12, 31), Period(datetime(1900, 1, 1, tzinfo=UTC), local_hour(2027, 1, 1))),
        # The first and the last day that the wire takes.
        (date(1900, 1, 1), date(2199, 12, 31), Period(local_hour(1900, 1, 1), local_hour(2200, 1, 1))),
    ],
)
def test_days_are_whole_and_included(first: date | None, last: date | None, period: Period) -> None:
    assert period_asked(first, last) == period


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(FaultsFound) as refused:
        period_asked(date(2026, 1, 2), date(2026, 1, 1))
    assert refused.value.faults == (Fault("periodo", "o fim não pode ser antes do início", "query:fim"),)
