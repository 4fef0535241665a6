from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aval.contracts.bus import ContractQuery, Onlooker
from aval.contracts.model import Market, Period, Side, local_hour
from aval.edge.contract_requests import contract_query, period_asked
from aval.errors import Fault, FaultsFound
from tests.support.contracts import BUYER, BUYING, SELLER, YEAR

VIEWER = Onlooker(frozenset({BUYER, SELLER}), frozenset({BUYING}))


def query(viewer: Onlooker = VIEWER, **changes: Any) -> ContractQuery | None:
    asked: dict[str, Any] = {"market": Market.FREE, "side": None, "period": YEAR, "only_not_validated": False}
    return contract_query(viewer, **{**asked, **changes})


def test_without_a_profile_all_visible_ones_are_asked_for() -> None:
    assert query(side=Side.BUYER, only_not_validated=True) == ContractQuery(
        Market.FREE, YEAR, VIEWER.visible, Side.BUYER, only_not_validated=True
    )


def test_a_named_profile_is_asked_for_alone() -> None:
    asked = query(replace(VIEWER, profile=BUYER))
    assert asked is not None
    assert asked.profiles == {BUYER}


def test_a_caller_without_profiles_has_no_free_contracts_and_all_regulated_ones() -> None:
    nobody = Onlooker(frozenset(), frozenset())
    assert query(nobody) is None
    assert query(nobody, market=Market.REGULATED) == ContractQuery(Market.REGULATED, YEAR, frozenset())


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
