from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.adapters.dynamodb import contracts_items as items
from aval.adapters.dynamodb.contracts import FIRST_CONTRACT, DynamoDbContracts
from aval.adapters.frozen_documents import writer
from aval.contracts.bus import ContractLink
from aval.contracts.imports.judging import Change
from aval.contracts.model import (
    Amount,
    AmountSituation,
    Contract,
    ContractCode,
    ContractKind,
    ContractSituation,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    Side,
    local_hour,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest
from aval.contracts.refusals import CursorUnreadable
from aval.contracts.store import ContractTooLarge, Selection, WriteLost
from tests.support.contracts import (
    BUYER,
    FEBRUARY,
    JANUARY,
    SELLER,
    STRANGER,
    YEAR,
    amount,
    contract,
    terms,
    transition,
)
from tests.support.dynamodb import CONTRACTS_TABLE, empty_contracts_table

WHOLE = PageRequest(1, 1000)
ANYBODY = Selection(frozenset({SELLER, BUYER, STRANGER}))
NEXT_YEAR = Period(local_hour(2027, 1, 1), local_hour(2028, 1, 1))


@pytest.fixture
def store() -> Iterator[DynamoDbContracts]:
    with empty_contracts_table() as client:
        yield DynamoDbContracts(client, CONTRACTS_TABLE)


def registered(store: DynamoDbContracts, code: int = 1, **changes: Any) -> Contract:
    made = contract(code, **changes)
    store.apply(Change(None, made, (transition(contract=made.code),)))
    return made


def changed(store: DynamoDbContracts, before: Contract, **changes: Any) -> Contract:
    after = replace(before, version=before.version + 1, **changes)
    store.apply(Change(before, after, (transition(contract=before.code),)))
    return after


def hourly(years: int, *, digits: int) -> Amount:
    """Declared hours of as many years, each another number, so that nothing is saved by packing them."""
    period = Period(local_hour(2026, 1, 1), local_hour(2026 + years, 1, 1))
    numbers = (Decimal(pow(7, hour + digits, 10**digits)) for hour in count())
    declared = tuple(number for number, _ in zip(numbers, range(period.hours), strict=False))
    return amount(period, modulation=ModulationKind.DECLARED, hourly_mwh=declared)


def test_what_was_written_reads_back(store: DynamoDbContracts) -> None:
    made = registered(store)
    assert store.read([made.code, ContractCode(99)]) == {made.code: made}


def test_more_contracts_than_one_call_takes_are_read_together(store: DynamoDbContracts) -> None:
    made = {one.code: one for one in (registered(store, code) for code in range(1, 103))}
    assert store.read(made) == made


def test_a_contract_of_many_hours_lies_in_parts_and_reads_back_whole(store: DynamoDbContracts) -> None:
    made = registered(store, amounts=(hourly(6, digits=20),))
    keys = store.client.scan(TableName=CONTRACTS_TABLE, ProjectionExpression="sk")["Items"]
    assert sum("PARTE#" in key["sk"]["S"] for key in keys) >= 1
    assert store.read([made.code]) == {made.code: made}


def test_a_contract_that_shrinks_leaves_nothing_of_its_parts_behind_in_what_is_read(
    store: DynamoDbContracts,
) -> None:
    made = registered(store, amounts=(hourly(6, digits=20),))
    after = changed(store, made, amounts=(amount(),))
    assert store.read([made.code]) == {made.code: after}


def test_a_header_and_a_part_of_different_versions_are_no_contract(store: DynamoDbContracts) -> None:
    made = items.contract_items(contract(amounts=(hourly(6, digits=20),)))
    [part, *others] = made.parts
    older = {**part, "version": {"N": "0"}}
    assert items.read_contract(made.header, [older, *others]) is None
    assert items.read_contract(made.header, others) is None


def test_a_contract_that_no_transaction_holds_is_refused_whole(store: DynamoDbContracts) -> None:
    with pytest.raises(ContractTooLarge):
        registered(store, amounts=(hourly(40, digits=22),))
    assert store.client.scan(TableName=CONTRACTS_TABLE)["Items"] == []


def modulated_by_turns(months: int, parcels: int) -> tuple[Amount, ...]:
    """Each month by other parcels than its neighbours: as many links as parcels in it."""
    hours = timedelta(hours=730)
    return tuple(
        amount(
            Period(YEAR.begins + month * hours, YEAR.begins + (month + 1) * hours),
            average=str(month),
            modulation=ModulationKind.LOAD,
            parcels=tuple(ParcelCode(7_000_000 + 2 * one + month % 2) for one in range(parcels)),
        )
        for month in range(months)
    )


def test_what_the_indexes_carry_takes_room_from_the_header_of_a_long_contract(
    store: DynamoDbContracts,
) -> None:
    made = registered(store, amounts=(*modulated_by_turns(100, 22), hourly(6, digits=20)))
    assert store.read([made.code]) == {made.code: made}


def test_a_contract_with_more_links_than_an_item_holds_is_refused_whole(store: DynamoDbContracts) -> None:
    with pytest.raises(ContractTooLarge):
        registered(store, amounts=modulated_by_turns(100, 60))
    assert store.client.scan(TableName=CONTRACTS_TABLE)["Items"] == []


def test_a_code_is_registered_once(store: DynamoDbContracts) -> None:
    made = registered(store)
    with pytest.raises(WriteLost):
        registered(store, terms=terms(reference="another"))
    assert store.read([made.code]) == {made.code: made}


def test_of_two_changes_of_one_version_one_is_lost_with_its_history(store: DynamoDbContracts) -> None:
    made = registered(store)
    after = changed(store, made, amounts=(amount(situation=AmountSituation.VALIDATED),))
    with pytest.raises(WriteLost):
        changed(store, made, amounts=(amount(average="99"),))
    assert store.read([made.code]) == {made.code: after}
    assert len(store.history(made.code, CursorRequest()).rows) == 2


def test_codes_are_given_once(store: DynamoDbContracts) -> None:
    assert store.new_codes(3) == [FIRST_CONTRACT, FIRST_CONTRACT + 1, FIRST_CONTRACT + 2]
    assert store.new_codes(1) == [FIRST_CONTRACT + 3]


def test_contracts_are_listed_for_both_parties_each_once_by_code(store: DynamoDbContracts) -> None:
    for code in (12, 3, 7):
        registered(store, code)
    registered(store, 5, terms=terms(seller=BUYER, buyer=STRANGER))
    assert store.codes(ANYBODY, WHOLE).rows == (3, 5, 7, 12)
    assert store.codes(Selection(frozenset({SELLER})), WHOLE).rows == (3, 7, 12)
    assert store.codes(Selection(frozenset({BUYER})), WHOLE).rows == (3, 5, 7, 12)
    assert store.codes(Selection(frozenset({BUYER}), side=Side.SELLER), WHOLE).rows == (5,)
    assert store.codes(Selection(frozenset({BUYER}), side=Side.BUYER), WHOLE).rows == (3, 7, 12)
    assert store.codes(Selection(frozenset({ProfileCode(1)})), WHOLE).rows == ()
    assert store.codes(Selection(frozenset()), WHOLE).rows == ()


def test_contracts_are_chosen_by_period_shape_and_what_is_not_validated(store: DynamoDbContracts) -> None:
    validated = (amount(situation=AmountSituation.VALIDATED),)
    registered(store, 1, amounts=validated)
    registered(store, 2, terms=terms(period=NEXT_YEAR), amounts=(amount(NEXT_YEAR),))
    registered(store, 3, kind=ContractKind.CBR, terms=terms(cceal_type=None), amounts=validated)
    whole = replace(ANYBODY)
    assert store.codes(replace(whole, period=YEAR), WHOLE).rows == (1, 3)
    assert store.codes(replace(whole, period=NEXT_YEAR), WHOLE).rows == (2,)
    assert store.codes(replace(whole, only_not_validated=True), WHOLE).rows == (2,)
    firm, cbr = (ContractKind.CCEAL, 1), (ContractKind.CBR, None)
    assert store.codes(replace(whole, shapes=frozenset({firm})), WHOLE).rows == (1, 2)
    assert store.codes(replace(whole, shapes=frozenset({firm, cbr})), WHOLE).rows == (1, 2, 3)
    assert store.codes(replace(whole, shapes=frozenset()), WHOLE).rows == ()


@pytest.mark.parametrize(("begins", "ends", "found"), [(-1, 0, ()), (-1, 1, (1,)), (0, 1, (1,))])
def test_a_period_touches_a_contract_from_its_first_hour_on(
    store: DynamoDbContracts, begins: int, ends: int, found: tuple[int, ...]
) -> None:
    registered(store)
    first = YEAR.begins
    period = Period(first + timedelta(hours=begins), first + timedelta(hours=ends))
    assert store.codes(replace(ANYBODY, period=period), WHOLE).rows == found


@given(size=st.integers(1, 9))
@settings(max_examples=9, deadline=None)
def test_pages_by_number_and_by_cursor_add_up_to_the_whole_list(size: int) -> None:
    with empty_contracts_table() as client:
        store = DynamoDbContracts(client, CONTRACTS_TABLE)
        codes = tuple(registered(store, code).code for code in range(1, 18, 2))
        numbered: list[int] = []
        for number in count(1):
            page = store.codes(ANYBODY, PageRequest(number, size))
            assert (page.total, page.total_pages) == (len(codes), -(-len(codes) // size))
            if not page.rows:
                break
            numbered += page.rows
        followed: list[ContractCode] = []
        while part := store.codes_after(ANYBODY, followed[-1] if followed else None, limit=size):
            followed += part
    assert tuple(numbered) == tuple(followed) == codes


def test_amounts_are_found_by_their_own_period_and_situation(store: DynamoDbContracts) -> None:
    first = amount(JANUARY, AmountSituation.VALIDATED)
    second = amount(FEBRUARY, modulation=ModulationKind.DECLARED)
    registered(store, 2, amounts=(first, second))
    registered(store, 1, amounts=(first,))

    def keys(asked: Selection, page: PageRequest = WHOLE, **what: bool) -> Page[Any]:
        return store.amounts(asked, page, **{"only_declared": False, **what})

    january, february = JANUARY.begins, FEBRUARY.begins
    assert keys(ANYBODY).rows == ((1, january), (2, january), (2, february))
    assert keys(ANYBODY, PageRequest(2, 2)) == Page(((2, february),), PageRequest(2, 2), 3)
    assert keys(replace(ANYBODY, period=FEBRUARY)).rows == ((2, february),)
    assert keys(replace(ANYBODY, only_not_validated=True)).rows == ((2, february),)
    assert keys(ANYBODY, only_declared=True).rows == ((2, february),)
    assert keys(replace(ANYBODY, period=NEXT_YEAR)).rows == ()


def test_the_index_of_buyers_has_no_draft_until_it_is_completed(store: DynamoDbContracts) -> None:
    def of_the_buyer() -> tuple[ContractCode, ...]:
        return store.codes(Selection(frozenset({BUYER})), WHOLE).rows

    completed = registered(store, 1, situation=ContractSituation.DRAFT)
    discarded = registered(store, 2, situation=ContractSituation.DRAFT)
    assert of_the_buyer() == ()
    changed(store, completed, situation=ContractSituation.NOT_VALIDATED)
    changed(store, discarded, situation=ContractSituation.CANCELLED, discarded=True)
    assert of_the_buyer() == (1,)
    assert store.codes(Selection(frozenset({SELLER})), WHOLE).rows == (1, 2)


def test_parcels_are_linked_for_as_long_as_they_modulate_without_a_gap(store: DynamoDbContracts) -> None:
    amounts = tuple(
        amount(period, modulation=ModulationKind.GENERATION, parcels=(ParcelCode(7),))
        for period in (JANUARY, FEBRUARY)
    )
    registered(store, 1, amounts=amounts)
    registered(store, 2)
    registered(store, 3, amounts=amounts, situation=ContractSituation.CANCELLED)
    registered(store, 4, amounts=amounts, situation=ContractSituation.DRAFT)
    whole = Period(JANUARY.begins, FEBRUARY.ends)
    link = ContractLink(ContractCode(1), whole, ModulationKind.GENERATION)
    assert store.links(ANYBODY) == [(7, link)]


def test_history_is_told_newest_first_in_pages_that_add_up(store: DynamoDbContracts) -> None:
    made = contract()
    acts = tuple(transition(before=f"act {number}") for number in range(1_000))
    store.apply(Change(None, made, acts[:1]))
    store.apply(Change(made, replace(made, version=2), acts[1:]))
    told: list[Any] = []
    cursor: str | None = None
    while True:
        part = store.history(made.code, CursorRequest(cursor, 150))
        told += part.rows
        cursor = part.next_cursor
        if cursor is None:
            break
        assert len(part.rows) == 150
    assert tuple(reversed(told)) == acts


@pytest.mark.parametrize("cursor", ["", "1", "00000001.00.0", "00000001#00000#0", "x", "00000001.00000.0000"])
def test_a_cursor_that_no_history_gave_is_refused(store: DynamoDbContracts, cursor: str) -> None:
    registered(store)
    with pytest.raises(CursorUnreadable):
        store.history(ContractCode(1), CursorRequest(cursor))


def test_nothing_of_a_contract_lies_open_beside_what_lists_need(store: DynamoDbContracts) -> None:
    made = registered(store, terms=terms(remark="between ourselves"))
    header = store.client.get_item(TableName=CONTRACTS_TABLE, Key=items.header_key(made.code))["Item"]
    assert "between ourselves" not in str({**header, "body": None})
    assert writer(Contract)(made)["terms"]["remark"] == "between ourselves"
