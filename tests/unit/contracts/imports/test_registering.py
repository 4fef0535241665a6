from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aval.contracts.bus import RowStatus
from aval.contracts.imports.book import Book
from aval.contracts.imports.rows import Registration
from aval.contracts.model import (
    HOUR,
    ContractCode,
    ContractKind,
    ContractSituation,
    Energy,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    local_hour,
)
from aval.registry.model import Validity
from tests.support.contracts import (
    BUYER,
    FEBRUARY,
    JANUARY,
    NOW,
    SELLER,
    STRANGER,
    YEAR,
    contract,
    energy,
    registration,
    terms,
)
from tests.support.import_books import (
    AS_BUYER,
    AS_SELLER,
    LOAD,
    NEW_CODE,
    PLANT,
    acting,
    book,
    judged,
    parcel,
    profile,
)


def refusal(demand: Registration, standing: Book | None = None, **changes: Any) -> str:
    result = judged(demand, standing or book(), **changes).result
    assert (result.status, result.contract) == (RowStatus.REFUSED, None), result
    return result.description


def test_the_contract_stands_as_it_was_asked_for() -> None:
    standing = book()
    found = judged(registration(energy(FEBRUARY), energy(JANUARY)), standing)
    expected = contract(NEW_CODE, registered_at=NOW, changed_at=NOW)
    assert found.change is not None
    after = found.change.after
    assert [one.energy for one in after.amounts] == [energy(JANUARY), energy(FEBRUARY)]
    assert replace(after, amounts=expected.amounts) == expected
    assert standing.contracts[NEW_CODE] is after


def test_a_represented_profile_sells_as_well_as_the_one_that_acts() -> None:
    assert judged(registration(), book(), acting(STRANGER, SELLER)).result.status is RowStatus.DONE


def test_only_the_seller_registers() -> None:
    assert (
        f"idVendedor: só o vendedor registra, e a empresa não possui nem representa o perfil {SELLER}"
        in refusal(registration(), who=AS_BUYER)
    )


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"buyer": SELLER}, "idComprador: comprador e vendedor devem ser perfis diferentes"),
        ({"buyer": ProfileCode(777)}, "idComprador: não há perfil 777 vigente"),
        ({"ballast_parcels": (ParcelCode(1),)}, "idAtivoAssociadoLastro: não há parcela de ativo 1 vigente"),
        ({"assigned_from": ContractCode(9)}, "idContratoCessao: não há contrato 9 da empresa"),
        ({"period": JANUARY}, "fica fora do período do contrato"),
    ],
)
def test_terms_that_do_not_hold_beside_the_registry_are_refused(changes: dict[str, Any], part: str) -> None:
    assert part in refusal(registration(terms=terms(**changes)))


@pytest.mark.parametrize(("last", "is_taken"), [(date(2026, 1, 5), True), (date(2026, 1, 4), False)])
def test_a_profile_stands_to_its_last_day(last: date, *, is_taken: bool) -> None:
    standing = book()
    ended = profile(BUYER, validity=Validity(date(2020, 1, 1), last))
    standing.profiles = {**standing.profiles, BUYER: ended}
    assert (judged(registration(), standing).change is not None) is is_taken


def test_every_fault_is_told_together() -> None:
    told = refusal(
        registration(energy(Period(YEAR.begins, YEAR.ends + HOUR)), terms=terms(buyer=ProfileCode(777))),
        book(months=()),
        who=AS_BUYER,
    )
    for part in ("só o vendedor", "perfil 777", "fora do período", "calendário operacional"):
        assert part in told


@pytest.mark.parametrize(
    ("kind", "code", "is_taken"),
    [
        (ModulationKind.GENERATION, PLANT, True),
        (ModulationKind.GENERATION, LOAD, False),
        (ModulationKind.LOAD, LOAD, True),
        (ModulationKind.LOAD, PLANT, False),
    ],
)
def test_the_sellers_plant_or_the_buyers_load_modulates(
    kind: ModulationKind, code: ParcelCode, *, is_taken: bool
) -> None:
    demand = registration(energy(modulation=kind, parcels=(code,)))
    if is_taken:
        assert judged(demand, book()).change is not None
    else:
        assert f"a parcela {code} não é do perfil" in refusal(demand)


def test_a_parcel_that_ended_modulates_nothing() -> None:
    standing = book()
    ended = Validity(date(2020, 1, 1), date(2026, 1, 4))
    standing.parcels = {PLANT: parcel(PLANT, SELLER, validity=ended)}
    demand = registration(energy(modulation=ModulationKind.GENERATION, parcels=(PLANT,)))
    assert "não há parcela de ativo" in refusal(demand, standing)


def test_amounts_touch_and_do_not_overlap() -> None:
    assert judged(registration(energy(JANUARY), energy(FEBRUARY)), book()).change is not None
    overlapping = replace(JANUARY, ends=JANUARY.ends + HOUR)
    assert "coincide com outro da mesma linha" in refusal(registration(energy(overlapping), energy(FEBRUARY)))


@pytest.mark.parametrize(("years", "is_taken"), [(50, True), (51, False)])
def test_a_contract_lasts_fifty_years_at_most(years: int, *, is_taken: bool) -> None:
    whole = Period(YEAR.begins, local_hour(2026 + years, 1, 1))
    demand = registration(terms=terms(period=whole))
    if is_taken:
        assert judged(demand, book()).change is not None
    else:
        assert "50 anos" in refusal(demand)


def days(count: int) -> list[Energy]:
    first = local_hour(2026, 1, 1)
    return [energy(Period(first + day * 12 * HOUR, first + (day + 1) * 12 * HOUR)) for day in range(count)]


@pytest.mark.parametrize(("count", "is_taken"), [(366, True), (367, False)])
def test_a_year_has_as_many_stretches_as_days(count: int, *, is_taken: bool) -> None:
    demand = registration(*days(count))
    if is_taken:
        assert judged(demand, book()).change is not None
    else:
        assert "367 trechos em 2026" in refusal(demand)


def test_a_draft_needs_no_window_and_no_amounts() -> None:
    demand = Registration(ContractKind.CCEAL, terms(), (), is_draft=True)
    found = judged(demand, book(months=()))
    assert found.change is not None
    assert found.change.after.situation is ContractSituation.DRAFT
    assert found.change.transitions[0].after == "RASCUNHO"


def test_ceilings_and_law_13182_belong_together() -> None:
    law = terms(cceal_type=None, cbr_type=8)
    ceiling = energy(modulation=ModulationKind.CEILING, average_mw=Decimal(1))
    assert judged(registration(ceiling, kind=ContractKind.CBR, terms=law), book()).change is not None
    assert "Lei 13.182" in refusal(registration(energy(), kind=ContractKind.CBR, terms=law))
    other = terms(cceal_type=None, cbr_type=1)
    assert "Lei 13.182" in refusal(registration(ceiling, kind=ContractKind.CBR, terms=other))


def test_a_party_of_a_contract_may_assign_it() -> None:
    demand = registration(terms=terms(assigned_from=ContractCode(9)))
    assert judged(demand, book(contract(9)), AS_SELLER).change is not None
    foreign = contract(9, terms=terms(seller=STRANGER, buyer=BUYER))
    assert "não há contrato 9" in refusal(demand, book(foreign))


def test_the_buyer_that_a_draft_names_does_not_assign_it() -> None:
    demand = registration(terms=terms(assigned_from=ContractCode(9)))
    sides = terms(seller=STRANGER, buyer=SELLER)
    draft = contract(9, terms=sides, situation=ContractSituation.DRAFT)
    assert judged(demand, book(contract(9, terms=sides)), AS_SELLER).change is not None
    assert "não há contrato 9" in refusal(demand, book(draft))
