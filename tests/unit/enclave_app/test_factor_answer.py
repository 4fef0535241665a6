import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from aval.prudential.counterparties import read_counterparties
from aval.prudential.factor_standing import Facts, facts_of
from aval.prudential.portfolio_json import read_portfolio
from aval.sealing.journal import Entry
from aval.sealing.journal_step import step_of
from enclave_app.enclave.factor_answer import Computed, computed, counterparties_told, inputs_of
from enclave_app.enclave.week_engine import week_engine
from tests.support import journals
from tests.support.enclave import EVENT
from tests.support.journals import COMPANY, digest_of
from tests.support.week_agents import FACTOR, counterparties, parameters, portfolio

WEEK = week_engine(parameters(), EVENT)
NAME = digest_of("calculation")


def of(**equity: Any) -> Computed:
    told = portfolio()
    told["patrimonioLiquido"] |= equity
    return computed(WEEK, read_portfolio(json.dumps(told).encode()))


def test_the_number_that_may_be_sent_is_the_one_that_readers_are_told() -> None:
    found = of()
    assert found.result(NAME).number == found.document["fa"] == FACTOR
    assert (found.result(NAME).identity, found.result(NAME).reason) == (NAME, "")


@pytest.mark.parametrize("equity", ["0", "-5"])
def test_where_there_is_no_number_the_reason_may_be_sent(equity: str) -> None:
    result = of(valor=equity, deducoes=[]).result(NAME)
    assert (result.number, result.reason) == (None, of(valor=equity, deducoes=[]).document["motivo"])


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        (datetime(2023, 12, 31, 12, tzinfo=UTC), []),
        # Still the 31st in São Paulo.
        (datetime(2024, 1, 1, 2, tzinfo=UTC), []),
        (datetime(2024, 1, 1, 4, tzinfo=UTC), ["data-base-antiga"]),
    ],
    ids=str,
)
def test_a_base_date_is_as_old_as_the_day_in_sao_paulo_says(at: datetime, rules: list[str]) -> None:
    told: Any = of().told(at=at)
    assert [one["regra"] for one in told["avisos"]] == rules


@pytest.mark.parametrize(
    ("equity", "share"),
    [(None, None), (Decimal(0), None), (Decimal(-1), None), (Decimal(16_000_000), "0.250000000000")],
    ids=str,
)
def test_an_exposure_has_a_share_of_a_positive_equity_alone(
    equity: Decimal | None, share: str | None
) -> None:
    told = counterparties_told(read_counterparties(json.dumps(counterparties()).encode()), equity)
    assert told["exposicoes"] == [{"ordem": 1, "exposicao": "4000000.000000", "participacao": share}]


def test_a_receipt_names_counterparties_where_they_count() -> None:
    one, other = journals.portfolio(), journals.counterparties()
    readers = journals.counterparties(readers=digest_of("other readers"))
    told = {
        name: list(inputs_of(facts(one, second))) for name, second in (("same", other), ("others", readers))
    }
    assert told == {"same": ["PORTFOLIO", "CONTRAPARTES"], "others": ["PORTFOLIO"]}


def facts(*entries: Entry) -> Facts:
    steps = [step_of(counter, entry) for counter, entry in enumerate(entries, start=1)]
    return facts_of(COMPANY, steps, WEEK.in_force)


def test_neither_portfolio_nor_factor_is_in_a_representation() -> None:
    assert repr(of()) == "Computed()"
