from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from aval.contracts.bus import Acting, RowStatus
from aval.contracts.imports.book import Book, Judged
from aval.contracts.imports.rows import Adjustment, Closing, Closure, Validation
from aval.contracts.model import (
    HOUR,
    AmountSituation,
    Contract,
    ContractAct,
    ContractCode,
    ContractSituation,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    Period,
    Side,
    local_hour,
)
from tests.support.contracts import FEBRUARY, JANUARY, YEAR, amount, contract, energy
from tests.support.import_books import AS_BOTH, AS_BUYER, AS_SELLER, AS_STRANGER, acting, book, judged

CODE = ContractCode(1)
END = local_hour(2026, 1, 20)
FINISHING = contract(
    situation=ContractSituation.FINISHING, closing_at=END, closing_asked_by=Side.SELLER, version=4
)
CANCELLING = contract(
    situation=ContractSituation.CANCELLING, closing_at=YEAR.begins, closing_asked_by=Side.BUYER, version=4
)


def asked(act: Closing, standing: Contract | Book, who: Acting, at: datetime | None = None) -> Judged:
    return judged(Closure(CODE, act, at), standing if isinstance(standing, Book) else book(standing), who)


def after(found: Judged) -> Contract:
    assert found.change is not None, found.result.description
    return found.change.after


def refusal(found: Judged) -> str:
    assert (found.result.status, found.change) == (RowStatus.REFUSED, None)
    return found.result.description


@pytest.mark.parametrize(("who", "side"), [(AS_SELLER, Side.SELLER), (AS_BUYER, Side.BUYER)])
def test_either_party_asks_for_an_end(who: Acting, side: Side) -> None:
    found = asked(Closing.FINISH, contract(), who, END)
    ending = after(found)
    assert (ending.situation, ending.closing_at, ending.closing_asked_by, ending.version) == (
        ContractSituation.FINISHING,
        END,
        side,
        2,
    )
    assert ending.amounts == contract().amounts
    assert found.change is not None
    [told] = found.change.transitions
    assert (told.act, told.period) == (ContractAct.FINISHED, Period(YEAR.begins, END))


def test_the_other_party_agrees_and_what_lies_beyond_is_cut() -> None:
    found = asked(Closing.VALIDATE_FINISH, FINISHING, AS_BUYER)
    ended = after(found)
    assert (ended.situation, ended.version) == (ContractSituation.FINISHED, 5)
    assert [(one.period, one.situation) for one in ended.amounts] == [
        (Period(YEAR.begins, END), AmountSituation.INSERTED)
    ]
    assert found.change is not None
    assert [told.act for told in found.change.transitions] == [ContractAct.FINISH_VALIDATED]


@pytest.mark.parametrize("act", [Closing.VALIDATE_FINISH, Closing.VALIDATE_CANCELLATION])
def test_who_asked_does_not_agree_in_the_others_place(act: Closing) -> None:
    standing, who = (FINISHING, AS_SELLER) if act is Closing.VALIDATE_FINISH else (CANCELLING, AS_BUYER)
    assert "a validação é da outra parte" in refusal(asked(act, standing, who))


def test_who_holds_both_sides_asks_and_agrees() -> None:
    standing = book(contract())
    asked_for = asked(Closing.FINISH, standing, AS_BOTH, END)
    assert after(asked_for).closing_asked_by is Side.SELLER
    assert after(asked(Closing.VALIDATE_FINISH, standing, AS_BOTH)).situation is ContractSituation.FINISHED


def test_a_represented_party_asks_by_the_side_that_is_visible() -> None:
    operator = acting(AS_STRANGER.author.profile, AS_BUYER.author.profile)
    assert after(asked(Closing.FINISH, contract(), operator, END)).closing_asked_by is Side.BUYER


@pytest.mark.parametrize(
    ("at", "is_taken"),
    [(YEAR.begins, False), (YEAR.begins + HOUR, True), (YEAR.ends - HOUR, False), (YEAR.ends, False)],
)
def test_an_end_lies_inside_the_contract_and_in_an_open_month(at: datetime, *, is_taken: bool) -> None:
    assert (asked(Closing.FINISH, contract(), AS_SELLER, at).change is not None) is is_taken


def test_the_month_of_an_end_is_that_of_its_last_hour() -> None:
    assert after(asked(Closing.FINISH, contract(), AS_SELLER, JANUARY.ends))
    told = refusal(asked(Closing.FINISH, contract(), AS_SELLER, JANUARY.ends + HOUR))
    assert "finalizar ou cancelar contratos de 02/2026 abre em" in told


def test_an_end_needs_a_date() -> None:
    assert "dataFinalizacao: informe" in refusal(asked(Closing.FINISH, contract(), AS_SELLER))


def test_asking_again_is_a_warning_and_another_date_takes_the_place_of_the_first() -> None:
    again = asked(Closing.FINISH, FINISHING, AS_SELLER, END)
    assert (again.result.status, again.change) == (RowStatus.WARNED, None)
    later = after(asked(Closing.FINISH, FINISHING, AS_SELLER, END + HOUR))
    assert (later.closing_at, later.situation) == (END + HOUR, ContractSituation.FINISHING)


def test_the_other_party_agrees_to_the_date_or_to_none() -> None:
    told = refusal(asked(Closing.FINISH, FINISHING, AS_BUYER, END + HOUR))
    assert "a outra parte já pediu a finalização em 20/01/2026 00" in told
    assert after(asked(Closing.VALIDATE_FINISH, FINISHING, AS_BUYER, END))
    told = refusal(asked(Closing.VALIDATE_FINISH, FINISHING, AS_BUYER, END + HOUR))
    assert "a finalização pedida é em 20/01/2026 00" in told


def test_agreeing_to_a_date_that_nobody_asked_for_asks_for_it() -> None:
    found = after(asked(Closing.VALIDATE_FINISH, contract(), AS_BUYER, END))
    assert (found.situation, found.closing_asked_by) == (ContractSituation.FINISHING, Side.BUYER)
    assert "não há finalização a validar" in refusal(asked(Closing.VALIDATE_FINISH, contract(), AS_BUYER))


def test_an_end_does_not_cut_energies_by_level() -> None:
    levels = LoadLevels(LevelUnit.MWH, Decimal(1), Decimal(1), Decimal(1))
    standing = contract(amounts=(amount(modulation=ModulationKind.DECLARED, levels=levels),))
    assert "MWh por patamar" in refusal(asked(Closing.FINISH, standing, AS_SELLER, END))


def test_a_cancellation_is_asked_for_and_agreed_to() -> None:
    standing = book(contract())
    cancelling = after(asked(Closing.CANCEL, standing, AS_BUYER))
    assert (cancelling.situation, cancelling.closing_at, cancelling.closing_asked_by) == (
        ContractSituation.CANCELLING,
        YEAR.begins,
        Side.BUYER,
    )
    found = asked(Closing.VALIDATE_CANCELLATION, standing, AS_SELLER)
    assert after(found).situation is ContractSituation.CANCELLED
    assert found.change is not None
    assert [told.act for told in found.change.transitions] == [ContractAct.CANCELLATION_VALIDATED]


def test_a_draft_is_cancelled_by_its_seller_and_remains_its_alone() -> None:
    standing = book(contract(situation=ContractSituation.DRAFT))
    assert "não aceita finalização" in refusal(asked(Closing.FINISH, standing, AS_SELLER, END))
    assert "não há contrato 1" in refusal(asked(Closing.CANCEL, standing, AS_BUYER))
    discarded = after(asked(Closing.CANCEL, standing, AS_SELLER))
    assert (discarded.situation, discarded.discarded) == (ContractSituation.CANCELLED, True)
    assert "não há contrato 1" in refusal(asked(Closing.VALIDATE_CANCELLATION, standing, AS_BUYER))


def test_who_holds_both_sides_cancels_a_draft_as_its_seller() -> None:
    draft = contract(situation=ContractSituation.DRAFT)
    as_buyer_too = acting(AS_BUYER.author.profile, AS_SELLER.author.profile)
    assert "só o vendedor cancela um rascunho" in refusal(asked(Closing.CANCEL, draft, as_buyer_too))


@pytest.mark.parametrize(
    ("standing", "asker", "other"), [(FINISHING, AS_SELLER, AS_BUYER), (CANCELLING, AS_BUYER, AS_SELLER)]
)
def test_who_asked_for_an_end_withdraws_it_and_nobody_else(
    standing: Contract, asker: Acting, other: Acting
) -> None:
    assert "só quem pediu retira o pedido" in refusal(asked(Closing.WITHDRAW, standing, other))
    found = asked(Closing.WITHDRAW, standing, asker)
    assert after(found) == replace(
        standing,
        situation=ContractSituation.NOT_VALIDATED,
        closing_at=None,
        closing_asked_by=None,
        version=5,
        changed_at=after(found).changed_at,
    )
    assert found.change is not None
    [told] = found.change.transitions
    assert (told.act, told.before, told.after) == (
        ContractAct.UPDATED,
        standing.situation,
        ContractSituation.NOT_VALIDATED,
    )


def test_a_withdrawal_needs_no_window_and_a_second_one_is_a_warning() -> None:
    standing = book(FINISHING, months=())
    after(asked(Closing.WITHDRAW, standing, AS_SELLER))
    again = asked(Closing.WITHDRAW, standing, AS_SELLER)
    assert (again.result.status, again.change) == (RowStatus.WARNED, None)
    draft = contract(situation=ContractSituation.DRAFT)
    assert "não há pedido a retirar" in refusal(asked(Closing.WITHDRAW, draft, AS_SELLER))


@pytest.mark.parametrize("standing", [FINISHING, CANCELLING])
def test_a_contract_goes_on_while_an_end_waits_and_follows_its_amounts_after_a_withdrawal(
    standing: Contract,
) -> None:
    asker = AS_SELLER if standing is FINISHING else AS_BUYER
    going_on = book(standing)
    adjusted = after(judged(Adjustment(CODE, (energy(JANUARY, "12"),)), going_on, AS_SELLER))
    begins = tuple(one.period.begins for one in adjusted.amounts)
    validated = after(judged(Validation(CODE, begins), going_on, AS_BUYER))
    assert not validated.has_amounts_not_validated
    for one in (adjusted, validated):
        assert (one.situation, one.closing_at, one.closing_asked_by) == (
            standing.situation,
            standing.closing_at,
            standing.closing_asked_by,
        )
    assert after(asked(Closing.WITHDRAW, going_on, asker)).situation is ContractSituation.VALIDATED


def test_an_end_that_is_agreed_to_cuts_what_was_adjusted_meanwhile() -> None:
    standing = book(FINISHING)
    after(judged(Adjustment(CODE, (energy(JANUARY, "12"), energy(FEBRUARY, "13"))), standing, AS_SELLER))
    ended = after(asked(Closing.VALIDATE_FINISH, standing, AS_BUYER))
    assert [(one.period, one.energy.average_mw) for one in ended.amounts] == [
        (Period(YEAR.begins, END), Decimal(12))
    ]
    assert ended.situation is ContractSituation.FINISHED


@pytest.mark.parametrize(
    ("act", "standing", "who"),
    [
        (Closing.VALIDATE_FINISH, replace(FINISHING, situation=ContractSituation.FINISHED), AS_BUYER),
        (Closing.CANCEL, CANCELLING, AS_BUYER),
        (Closing.VALIDATE_CANCELLATION, contract(situation=ContractSituation.CANCELLED), AS_BUYER),
    ],
)
def test_what_is_so_already_is_a_warning(act: Closing, standing: Contract, who: Acting) -> None:
    found = asked(act, standing, who)
    assert (found.result.status, found.change) == (RowStatus.WARNED, None)


@pytest.mark.parametrize("act", Closing)
@pytest.mark.parametrize(
    "standing",
    [
        replace(FINISHING, situation=ContractSituation.FINISHED),
        contract(situation=ContractSituation.CANCELLED),
    ],
)
@pytest.mark.parametrize("who", [AS_SELLER, AS_BUYER])
def test_an_ended_contract_changes_no_more(act: Closing, standing: Contract, who: Acting) -> None:
    assert asked(act, standing, who, local_hour(2026, 1, 10)).change is None


@pytest.mark.parametrize(
    ("act", "standing", "part"),
    [
        (Closing.CANCEL, FINISHING, "não aceita cancelamento; valide o pedido pendente, ou"),
        (Closing.FINISH, CANCELLING, "não aceita finalização"),
        (Closing.VALIDATE_CANCELLATION, FINISHING, "não há cancelamento a validar"),
        (Closing.VALIDATE_FINISH, CANCELLING, "não há finalização a validar"),
    ],
)
def test_one_way_of_ending_is_not_another(act: Closing, standing: Contract, part: str) -> None:
    at = END if act is Closing.FINISH else None
    assert part in refusal(asked(act, standing, AS_SELLER, at))


def test_the_other_party_is_told_to_agree_to_a_cancellation_that_was_asked_for() -> None:
    assert "valide-o com validarCancelamento" in refusal(asked(Closing.CANCEL, CANCELLING, AS_SELLER))


@pytest.mark.parametrize(
    ("act", "standing", "who"),
    [
        (Closing.FINISH, contract(), AS_SELLER),
        (Closing.VALIDATE_FINISH, FINISHING, AS_BUYER),
        (Closing.CANCEL, contract(), AS_SELLER),
        (Closing.VALIDATE_CANCELLATION, CANCELLING, AS_SELLER),
    ],
)
def test_every_step_asks_for_its_window(act: Closing, standing: Contract, who: Acting) -> None:
    closed = book(standing, months=())
    at = END if act is Closing.FINISH else None
    told = refusal(asked(act, closed, who, at))
    assert "não tem prazo para finalizar ou cancelar contratos de 01/2026" in told


@pytest.mark.parametrize("act", Closing)
def test_a_stranger_sees_no_contract(act: Closing) -> None:
    assert "não há contrato 1" in refusal(asked(act, FINISHING, AS_STRANGER, END))
