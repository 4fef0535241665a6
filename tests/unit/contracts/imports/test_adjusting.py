from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.bus import Acting, RowStatus
from aval.contracts.imports.book import Book
from aval.contracts.imports.rows import Adjustment, TermsChange
from aval.contracts.model import (
    HOUR,
    AmountSituation,
    Contract,
    ContractAct,
    ContractCode,
    ContractSituation,
    Energy,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    Period,
    ProfileCode,
    local_hour,
)
from tests.support.contracts import (
    BUYER,
    FEBRUARY,
    JANUARY,
    NOW,
    STRANGER,
    YEAR,
    amount,
    contract,
    energy,
    terms,
)
from tests.support.import_books import AS_BUYER, AS_SELLER, AS_STRANGER, book, judged

CODE = ContractCode(1)
VALIDATED = contract(
    situation=ContractSituation.VALIDATED, amounts=(amount(situation=AmountSituation.VALIDATED),)
)
DRAFT = contract(situation=ContractSituation.DRAFT)


def adjusted(demand: Adjustment, standing: Contract, who: Acting = AS_SELLER, **changes: Any) -> Contract:
    found = judged(demand, book(standing), who, **changes)
    assert found.change is not None, found.result.description
    assert found.change.before == standing
    assert found.change.after.version == standing.version + 1
    return found.change.after


def refusal(demand: Adjustment, standing: Contract | Book, who: Acting = AS_SELLER) -> str:
    found = judged(demand, standing if isinstance(standing, Book) else book(standing), who)
    assert (found.result.status, found.change) == (RowStatus.REFUSED, None)
    return found.result.description


def test_the_stretch_that_is_named_is_to_be_validated_again_and_the_rest_is_not() -> None:
    after = adjusted(Adjustment(CODE, (energy(FEBRUARY, "12"),)), VALIDATED)
    assert after.situation is ContractSituation.NOT_VALIDATED
    assert [(one.period.hours, one.situation) for one in after.amounts] == [
        (744, AmountSituation.VALIDATED),
        (672, AmountSituation.ADJUSTED),
        (7344, AmountSituation.VALIDATED),
    ]


@pytest.mark.parametrize(
    ("situation", "part"),
    [
        (ContractSituation.FINISHED, "FINALIZADO e não aceita ajustes"),
        (ContractSituation.CANCELLED, "CANCELADO e não aceita ajustes"),
    ],
)
def test_a_contract_that_has_ended_takes_no_adjustment(situation: ContractSituation, part: str) -> None:
    assert part in refusal(Adjustment(CODE, (energy(FEBRUARY),)), contract(situation=situation))


@pytest.mark.parametrize("situation", [ContractSituation.FINISHING, ContractSituation.CANCELLING])
def test_an_end_that_was_asked_for_keeps_no_adjustment_out(situation: ContractSituation) -> None:
    found = judged(Adjustment(CODE, (energy(FEBRUARY, "12"),)), book(replace(VALIDATED, situation=situation)))
    assert found.change is not None
    assert found.change.after.situation is situation
    assert [one.situation for one in found.change.after.amounts] == [
        AmountSituation.VALIDATED,
        AmountSituation.ADJUSTED,
        AmountSituation.VALIDATED,
    ]
    assert [told.act for told in found.change.transitions] == [ContractAct.AMOUNT_ADJUSTED]


def test_a_draft_is_not_there_for_the_buyer_that_it_names() -> None:
    assert "não há contrato 1 dos perfis" in refusal(Adjustment(CODE, (energy(FEBRUARY),)), DRAFT, AS_BUYER)


def test_only_the_seller_adjusts_and_a_stranger_sees_nothing() -> None:
    demand = Adjustment(CODE, (energy(FEBRUARY, "12"),))
    assert "só o vendedor ajusta" in refusal(demand, VALIDATED, AS_BUYER)
    stranger = refusal(demand, VALIDATED, AS_STRANGER)
    assert stranger == refusal(demand, book(), AS_STRANGER)
    assert "não há contrato 1 dos perfis" in stranger


def test_asking_for_what_stands_already_is_a_warning_and_no_transition() -> None:
    found = judged(Adjustment(CODE, (energy(),)), book(VALIDATED))
    assert (found.result.status, found.change) == (RowStatus.WARNED, None)


def test_only_what_differs_is_told_in_the_history() -> None:
    standing = contract(amounts=(amount(JANUARY), amount(FEBRUARY)))
    demand = Adjustment(CODE, (energy(JANUARY), energy(FEBRUARY, "12")))
    found = judged(demand, book(standing))
    assert found.change is not None
    assert [(told.act, told.period) for told in found.change.transitions] == [
        (ContractAct.AMOUNT_ADJUSTED, FEBRUARY)
    ]


@pytest.mark.parametrize(
    ("stretch", "part"),
    [
        (Period(YEAR.begins - HOUR, YEAR.ends), "fora do período"),
        (Period(YEAR.begins, YEAR.ends + HOUR), "fora do período"),
    ],
)
def test_a_stretch_lies_in_the_contract(stretch: Period, part: str) -> None:
    assert part in refusal(Adjustment(CODE, (energy(stretch, "11"),)), VALIDATED)


def test_the_window_is_that_of_the_stretchs_first_month() -> None:
    # On 5 January the window of November, in which the contract began, has ended; February's is to come.
    long = Period(local_hour(2025, 11, 1), YEAR.ends)
    standing = contract(terms=terms(period=long), amounts=(amount(long),))
    assert "02/2026 abre em 01/02/2026" in refusal(Adjustment(CODE, (energy(FEBRUARY, "12"),)), standing)
    assert "11/2025 terminou em" in refusal(Adjustment(CODE, (energy(long, "12"),)), standing)
    assert adjusted(Adjustment(CODE, (energy(JANUARY, "12"),)), standing)
    assert adjusted(Adjustment(CODE, (energy(FEBRUARY, "12"),)), standing, at=local_hour(2026, 2, 1))


def test_words_may_change_and_other_terms_only_in_a_draft() -> None:
    words = TermsChange(reference="B", remark="C")
    after = adjusted(Adjustment(CODE, (), words), VALIDATED)
    assert (after.terms.reference, after.terms.remark) == ("B", "C")
    assert after.situation is ContractSituation.VALIDATED
    other = TermsChange(buyer=STRANGER, period=JANUARY)
    told = refusal(Adjustment(CODE, (), other), VALIDATED)
    assert "idComprador: só muda enquanto" in told
    assert "dataDeInicio: só muda enquanto" in told
    same = TermsChange(buyer=BUYER, period=YEAR, reference="B")
    assert adjusted(Adjustment(CODE, (), same), VALIDATED).terms.reference == "B"


def test_a_draft_may_change_altogether_without_a_window() -> None:
    change = TermsChange(buyer=STRANGER, period=JANUARY)
    demand = Adjustment(CODE, (energy(JANUARY, "7"),), change, completes=False)
    standing = replace(DRAFT, amounts=())
    found = judged(demand, replace_calendar(book(standing)))
    assert found.change is not None, found.result
    after = found.change.after
    assert (after.situation, after.terms.buyer, after.terms.period) == (
        ContractSituation.DRAFT,
        STRANGER,
        JANUARY,
    )
    assert after.amounts == (amount(JANUARY, average="7"),)
    assert [told.act for told in found.change.transitions] == [ContractAct.UPDATED]


def replace_calendar(standing: Book) -> Book:
    standing.calendar = {}
    return standing


def test_a_draft_is_completed_within_the_window_of_registration() -> None:
    found = judged(Adjustment(CODE), book(DRAFT))
    assert found.change is not None
    assert found.change.after.situation is ContractSituation.NOT_VALIDATED
    assert [told.act for told in found.change.transitions] == [ContractAct.COMPLETED]
    assert "registrar contratos de 01/2026" in refusal(Adjustment(CODE), replace_calendar(book(DRAFT)))


def test_a_draft_without_amounts_is_not_completed() -> None:
    assert "tem montantes" in refusal(Adjustment(CODE), replace(DRAFT, amounts=()))


def test_a_drafts_amounts_lie_in_its_new_period() -> None:
    demand = Adjustment(CODE, (), TermsChange(period=JANUARY), completes=False)
    assert "fora do novo período" in refusal(demand, DRAFT)


def test_a_drafts_new_buyer_stands_in_the_registry_and_is_not_the_seller() -> None:
    def buyer(code: int) -> Adjustment:
        return Adjustment(CODE, (), TermsChange(buyer=ProfileCode(code)), completes=False)

    assert "não há perfil 777" in refusal(buyer(777), DRAFT)
    assert "perfis diferentes" in refusal(buyer(DRAFT.terms.seller), DRAFT)


def test_a_stretch_of_energies_by_level_is_not_cut() -> None:
    levels = LoadLevels(LevelUnit.MWH, Decimal(1), Decimal(1), Decimal(1))
    standing = contract(amounts=(amount(modulation=ModulationKind.DECLARED, levels=levels),))
    assert "MWh por patamar" in refusal(Adjustment(CODE, (energy(FEBRUARY),)), standing)


def hours(count: int) -> tuple[Energy, ...]:
    """Apart from each other: every second hour of January."""
    return tuple(
        energy(Period(YEAR.begins + 2 * place * HOUR, YEAR.begins + (2 * place + 1) * HOUR), "3")
        for place in range(count)
    )


@pytest.mark.parametrize(("count", "is_taken"), [(40, True), (41, False)])
def test_a_row_changes_a_limited_number_of_separate_stretches(count: int, *, is_taken: bool) -> None:
    standing = contract()
    if is_taken:
        assert adjusted(Adjustment(CODE, hours(count)), standing)
    else:
        assert "divida-a" in refusal(Adjustment(CODE, hours(count)), standing)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 9)), min_size=1, max_size=8))
def test_adjusting_twice_is_adjusting_once(asked: list[tuple[int, int]]) -> None:
    standing = book(VALIDATED)
    for month, average in asked:
        first = local_hour(2026, month + 1, 1)
        demand = Adjustment(CODE, (energy(Period(first, first + 24 * HOUR), str(average)),))
        judged(demand, standing, at=NOW)
        once = standing.contracts[CODE]
        assert judged(demand, standing, at=NOW).change is None
        assert standing.contracts[CODE] == once
        assert sum(one.period.hours for one in once.amounts) == YEAR.hours
