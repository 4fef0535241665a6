from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.bus import Acting, RowStatus
from aval.contracts.imports.book import Book
from aval.contracts.imports.rows import Validation
from aval.contracts.model import (
    HOUR,
    AmountSituation,
    Contract,
    ContractAct,
    ContractCode,
    ContractSituation,
    Period,
    local_hour,
)
from tests.support.contracts import FEBRUARY, JANUARY, NOW, YEAR, amount, contract, terms
from tests.support.import_books import AS_BOTH, AS_BUYER, AS_SELLER, AS_STRANGER, book, judged

CODE = ContractCode(1)
MONTHS = tuple(
    Period(local_hour(2026, number, 1), local_hour(2026 + number // 12, number % 12 + 1, 1))
    for number in range(1, 13)
)
PENDING = contract(amounts=tuple(amount(month) for month in MONTHS))


def asking(*begins: datetime) -> Validation:
    return Validation(CODE, begins)


def refusal(demand: Validation, standing: Contract | Book, who: Acting = AS_BUYER, **changes: Any) -> str:
    found = judged(demand, standing if isinstance(standing, Book) else book(standing), who, **changes)
    assert (found.result.status, found.change) == (RowStatus.REFUSED, None)
    return found.result.description


def test_a_year_of_months_is_agreed_to_at_once_and_is_one_line_of_history() -> None:
    found = judged(asking(*(month.begins for month in MONTHS)), book(PENDING), AS_BUYER)
    assert found.change is not None
    assert found.change.after.situation is ContractSituation.VALIDATED
    assert [(told.act, told.period) for told in found.change.transitions] == [
        (ContractAct.AMOUNT_VALIDATED, YEAR),
        (ContractAct.VALIDATED, None),
    ]
    assert found.result.description == "montantes validados: 12"


def test_a_contract_is_validated_when_all_of_its_amounts_are() -> None:
    standing = book(contract(amounts=(amount(JANUARY), amount(FEBRUARY))))
    first = judged(asking(JANUARY.begins), standing, AS_BUYER).change
    assert first is not None
    assert (first.after.situation, first.after.version) == (ContractSituation.NOT_VALIDATED, 2)
    second = judged(asking(FEBRUARY.begins), standing, AS_BUYER).change
    assert second is not None
    assert (second.after.situation, second.after.version) == (ContractSituation.VALIDATED, 3)


def test_what_is_validated_already_is_a_warning_and_no_transition() -> None:
    standing = book(PENDING)
    assert judged(asking(JANUARY.begins), standing, AS_BUYER).change is not None
    again = judged(asking(JANUARY.begins), standing, AS_BUYER)
    assert (again.result.status, again.change, again.result.contract) == (RowStatus.WARNED, None, CODE)
    assert "já estavam validados" in again.result.description


def test_of_several_amounts_only_those_that_were_pending_are_told() -> None:
    standing = book(PENDING)
    judged(asking(JANUARY.begins), standing, AS_BUYER)
    found = judged(asking(JANUARY.begins, FEBRUARY.begins), standing, AS_BUYER)
    assert found.change is not None
    assert [told.period for told in found.change.transitions] == [FEBRUARY]
    assert (found.result.status, found.result.description) == (
        RowStatus.WARNED,
        "montantes validados: 1; já estavam validados: 1",
    )


def test_amounts_in_different_situations_are_told_apart() -> None:
    standing = contract(amounts=(amount(JANUARY), amount(FEBRUARY, AmountSituation.ADJUSTED)))
    found = judged(asking(JANUARY.begins, FEBRUARY.begins), book(standing), AS_BUYER)
    assert found.change is not None
    assert [told.before for told in found.change.transitions] == [
        "INSERIDO_NAO_VALIDADO",
        "AJUSTADO_NAO_VALIDADO",
        "NAO_VALIDADO",
    ]


def test_only_the_buyer_validates() -> None:
    assert "só o comprador valida" in refusal(asking(JANUARY.begins), PENDING, AS_SELLER)
    assert "não há contrato 1" in refusal(asking(JANUARY.begins), PENDING, AS_STRANGER)
    assert judged(asking(JANUARY.begins), book(PENDING), AS_BOTH).change is not None


def test_an_amount_is_named_by_its_very_beginning_and_one_that_is_not_there_spoils_the_row() -> None:
    told = refusal(asking(JANUARY.begins, JANUARY.begins + HOUR), PENDING)
    assert "vigenciaDeInicio: não há montante que comece em 01/01/2026 01" in told


@pytest.mark.parametrize(
    ("situation", "is_taken"),
    [
        (ContractSituation.DRAFT, False),
        (ContractSituation.NOT_VALIDATED, True),
        (ContractSituation.FINISHING, True),
        (ContractSituation.FINISHED, False),
        (ContractSituation.CANCELLING, True),
        (ContractSituation.CANCELLED, False),
    ],
)
def test_a_contract_takes_validations_until_its_end_is_agreed_to(
    situation: ContractSituation, *, is_taken: bool
) -> None:
    standing = replace(contract(), situation=situation)
    found = judged(asking(YEAR.begins), book(standing), AS_BUYER)
    assert (found.change is not None) is is_taken
    if situation is not ContractSituation.NOT_VALIDATED and found.change is not None:
        assert found.change.after.situation is situation
        assert [told.act for told in found.change.transitions] == [ContractAct.AMOUNT_VALIDATED]


def test_a_draft_is_not_there_for_the_buyer_that_it_names() -> None:
    draft = contract(situation=ContractSituation.DRAFT)
    assert "não há contrato 1" in refusal(asking(YEAR.begins), draft)
    assert "é um rascunho" in refusal(asking(YEAR.begins), draft, AS_SELLER)


def test_the_window_of_each_amounts_first_month_counts() -> None:
    long = Period(local_hour(2025, 11, 1), FEBRUARY.ends)
    amounts = tuple(amount(period) for period in (Period(long.begins, JANUARY.begins), JANUARY, FEBRUARY))
    standing = contract(terms=terms(period=long), amounts=amounts)
    told = refusal(asking(*(one.period.begins for one in amounts)), standing)
    assert "validar montantes de 11/2025 terminou" in told
    assert "validar montantes de 02/2026 abre" in told
    assert judged(asking(JANUARY.begins), book(standing), AS_BUYER).change is not None


@pytest.mark.parametrize(("count", "is_taken"), [(40, True), (41, False)])
def test_a_row_validates_a_limited_number_of_separate_stretches(count: int, *, is_taken: bool) -> None:
    hours = [Period(YEAR.begins + 2 * n * HOUR, YEAR.begins + (2 * n + 1) * HOUR) for n in range(count + 1)]
    standing = contract(amounts=tuple(amount(hour) for hour in hours))
    demand = asking(*(hour.begins for hour in hours[:-1]))
    if is_taken:
        assert judged(demand, book(standing), AS_BUYER).change is not None
    else:
        assert "divida-a" in refusal(demand, standing)


@given(st.lists(st.lists(st.sampled_from(MONTHS), min_size=1, max_size=5), max_size=6))
def test_validating_twice_is_validating_once(asked: list[list[Period]]) -> None:
    standing = book(PENDING)
    agreed: set[Period] = set()
    for months in asked:
        demand = asking(*(month.begins for month in months))
        judged(demand, standing, AS_BUYER, at=NOW)
        once = standing.contracts[CODE]
        assert judged(demand, standing, AS_BUYER, at=NOW).change is None
        assert standing.contracts[CODE] == once
        agreed |= set(months)
    found = standing.contracts[CODE]
    assert {one.period for one in found.amounts if one.is_validated} == agreed
    assert (found.situation is ContractSituation.VALIDATED) == (agreed == set(MONTHS))
