from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.prudential.parameters import EnergyType, Submarket
from aval.prudential.portfolio import Deduction, Leg, NetEquity, Portfolio, PortfolioMonth
from aval.prudential.portfolio_json import read_portfolio
from aval.prudential.portfolio_rules import OLDEST_BASE_DATE_DAYS, TOLERANCE, faults_of, warnings_of
from tests.support import portfolio_files

LAWFUL = read_portfolio(portfolio_files.as_file(portfolio_files.portfolio()))
TODAY = LAWFUL.equity.base_date + timedelta(days=60)


def in_month(label: str, path: str) -> str:
    return f"{label}:{path}"


def with_month(month: PortfolioMonth, index: int = 3) -> Portfolio:
    return replace(LAWFUL, months=(*LAWFUL.months[:index], month, *LAWFUL.months[index + 1 :]))


def found(portfolio: Portfolio) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.rule) for fault in faults_of(portfolio, in_month)]


def test_a_lawful_portfolio_has_no_fault() -> None:
    assert found(LAWFUL) == []


@pytest.mark.parametrize(
    ("block", "member", "rule"),
    [
        ("fixed", "submarkets", "soma-submercados"),
        ("fixed", "sources", "soma-fontes"),
        ("derivatives", "submarkets", "soma-derivativos"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_shares_may_miss_the_net_by_the_tolerance_and_by_no_more(
    block: str, member: str, rule: str, sign: int
) -> None:
    def off_by(amount: Decimal) -> Portfolio:
        part = getattr(LAWFUL.months[3], block)
        shares = dict(getattr(part, member))
        first = next(iter(shares))
        shares[first] += sign * amount
        return with_month(replace(LAWFUL.months[3], **{block: replace(part, **{member: shares})}))

    wire = {"fixed": "precoFixo", "derivatives": "derivativos"}[block]
    path = {"submarkets": "submercados", "sources": "fontes"}[member]
    assert found(off_by(TOLERANCE)) == []
    assert found(off_by(TOLERANCE + Decimal("1e-12"))) == [(f"M+3:{wire}/{path}", rule)]


def test_tells_what_the_shares_and_what_the_net_add_up_to() -> None:
    fixed = replace(LAWFUL.months[0].fixed, submarkets=dict.fromkeys(Submarket, Decimal("2.5")))
    [fault] = faults_of(with_month(replace(LAWFUL.months[0], fixed=fixed), 0), in_month)
    assert fault.detail == (
        "os submercados do preço fixo somam 10 MW médios, e recurso + geração - requisito - consumo dá 13; "
        "a diferença passa de 0,0001: corrija as parcelas ou os totais"
    )


@pytest.mark.parametrize("field", ["generation", "consumption"])
def test_generation_and_consumption_count_in_the_net(field: str) -> None:
    month = replace(LAWFUL.months[3], **{field: getattr(LAWFUL.months[3], field) + 1})
    assert {rule for _, rule in found(with_month(month))} == {"soma-submercados", "soma-fontes"}


def test_what_has_no_sign_is_not_negative() -> None:
    below, least = Leg(Decimal(-1), Decimal(-2)), Decimal("-0.000000000001")
    month = LAWFUL.months[3]
    spoiled = replace(
        month,
        fixed=replace(month.fixed, resource=below, requirement=below),
        variable=replace(month.variable, resource=below, requirement=below),
        derivatives=replace(month.derivatives, resource=below, requirement=below),
        generation=least,
        consumption=least,
    )
    assert [place for place, rule in found(with_month(spoiled)) if rule == "nao-negativo"] == [
        f"M+3:{path}"
        for path in (
            "precoFixo/recurso/mwm",
            "precoFixo/recurso/preco",
            "precoFixo/requisito/mwm",
            "precoFixo/requisito/preco",
            "geracao",
            "consumo",
            "precoVariavel/recurso/mwm",
            "precoVariavel/requisito/mwm",
            "derivativos/recurso/mwm",
            "derivativos/recurso/preco",
            "derivativos/requisito/mwm",
            "derivativos/requisito/preco",
        )
    ]


def test_spreads_and_the_regulated_market_go_both_ways() -> None:
    month = LAWFUL.months[3]
    variable = replace(month.variable, requirement=Leg(Decimal(3), Decimal(-40)))
    assert found(with_month(replace(month, variable=variable, regulated=Decimal(-9)))) == []


def test_a_deduction_is_not_negative_and_is_told_by_its_item() -> None:
    equity = replace(LAWFUL.equity, deductions=(Deduction("I", Decimal(0)), Deduction("IV", Decimal(-1))))
    assert found(replace(LAWFUL, equity=equity)) == [(":patrimonioLiquido/deducoes/IV", "nao-negativo")]


@pytest.mark.parametrize("value", ["0", "-5", "2000000"])
def test_a_net_equity_of_zero_or_less_is_no_fault(value: str) -> None:
    assert found(replace(LAWFUL, equity=replace(LAWFUL.equity, value=Decimal(value)))) == []


def test_the_net_equity_is_adjusted_by_all_deductions_in_the_method_s_own_context() -> None:
    deductions = (Deduction("I", Decimal("0.000000000001")), Deduction("II", Decimal(1)))
    with localcontext() as narrow:
        narrow.prec = 3
        adjusted = NetEquity(date(2022, 12, 31), Decimal("9" * 20), deductions).adjusted
    assert adjusted == Decimal("9" * 19 + "7.999999999999")


@pytest.mark.parametrize(
    ("days", "warned"), [(0, False), (OLDEST_BASE_DATE_DAYS, False), (366, True), (-1, True)]
)
def test_warns_of_a_base_date_older_than_a_year_or_not_yet_come(days: int, warned: bool) -> None:
    today = LAWFUL.equity.base_date + timedelta(days=days)
    warnings = warnings_of(LAWFUL, in_month, today=today)
    expected = [("data-base-antiga", ":patrimonioLiquido/dataBase")] if warned else []
    assert [(warning.rule, warning.pointer) for warning in warnings] == expected


def test_a_base_date_still_to_come_is_told_as_such() -> None:
    [warning] = warnings_of(LAWFUL, in_month, today=LAWFUL.equity.base_date - timedelta(days=1))
    assert "31/12/2022, ainda não chegou;" in warning.detail


def test_the_age_that_is_too_old_is_configured() -> None:
    [warning] = warnings_of(LAWFUL, in_month, today=TODAY, oldest_days=59)
    assert warning.detail.startswith(
        "a data-base do patrimônio líquido, 31/12/2022, tem 60 dias, mais que 59;"
    )


amounts = st.decimals(0, 10**6, places=6)


@given(
    st.lists(amounts, min_size=4, max_size=4), st.lists(st.integers(-(10**9), 10**9), min_size=9, max_size=9)
)
def test_whatever_the_amounts_shares_that_add_up_are_lawful(net: list[Decimal], cut: list[int]) -> None:
    bought, sold, generated, consumed = net
    total = bought + generated - sold - consumed

    def shared(names: Any, parts: list[int]) -> dict[Any, Decimal]:
        first, *others = names
        shares = {name: Decimal(part).scaleb(-6) for name, part in zip(others, parts, strict=False)}
        return {first: total - sum(shares.values()), **shares}

    fixed = replace(
        LAWFUL.months[3].fixed,
        submarkets=shared(Submarket, cut[:3]),
        sources=shared(EnergyType, cut[3:]),
        resource=Leg(bought, Decimal(1)),
        requirement=Leg(sold, Decimal(1)),
    )
    month = replace(LAWFUL.months[3], fixed=fixed, generation=generated, consumption=consumed)
    assert found(with_month(month)) == []
