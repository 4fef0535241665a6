"""Our own tables behind the port of the contract services, with real judging and a registry in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import pytest

from aval.adapters.contract_bus import NativeRooms, contract_bus
from aval.adapters.dynamodb.contracts import DynamoDbContracts
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.adapters.native_bus import NativeContractBus
from aval.contracts.bus import (
    Acting,
    AmountQuery,
    ContractBus,
    ContractLink,
    ContractQuery,
    FreeAmount,
    KindFilter,
    LinkedParcel,
    Onlooker,
    ParcelQuery,
    ParticipantQuery,
    ProcessingCode,
    ProcessingState,
    ProfileQuery,
    RowResult,
    RowStatus,
    Submission,
    UploadRequest,
)
from aval.contracts.imports.judging import Change
from aval.contracts.imports.reception import Reception
from aval.contracts.imports.row_work import Rules
from aval.contracts.model import (
    Amount,
    AmountKind,
    AmountSituation,
    Contract,
    ContractAct,
    ContractCode,
    ContractSituation,
    Market,
    ModulationKind,
    ParcelCode,
    Period,
    Side,
    local_hour,
)
from aval.contracts.paging import CursorRequest, PageRequest
from aval.contracts.refusals import CursorUnreadable, NothingFound, ProviderFailed
from aval.settings import Settings, Variable
from tests.support import registry
from tests.support.contracts import (
    BUYER,
    FEBRUARY,
    JANUARY,
    NOW,
    SELLER,
    STRANGER,
    YEAR,
    amount,
    buyer,
    contract,
    seller,
    terms,
    transition,
)
from tests.support.directory import MemoryDirectory
from tests.support.dynamodb import CONTRACTS_TABLE, empty_contracts_table
from tests.support.import_memory import Memory, MemoryFiles
from tests.support.registry import AURORA

FIRST = PageRequest()
AS_SELLER = Acting(seller(), frozenset({SELLER}))
AS_BUYER = Acting(buyer("Ana"), frozenset({BUYER}))
AS_STRANGER = Onlooker(frozenset({STRANGER}), frozenset({registry.participant()["cnpj"]}))
YEAR_2030 = Period(local_hour(2030, 1, 1), local_hour(2031, 1, 1))
OPEN = {"abertura": "2026-01-01T00:00", "prazo": "2026-02-11T18:00"}
DIRECTORY = MemoryDirectory.of(
    participantes=[registry.participant(), registry.aurora()],
    perfis=[registry.profile(), registry.profile(codigo=10020, cnpj=AURORA, sigla="AURORA")],
    ativos=[registry.asset()],
    parcelas=[registry.parcel(), registry.parcel(codigo=7002)],
    calendario=[{"tipo": "VALIDACAO_MONTANTE", "competencia": "2026-01", **OPEN}],
    contratosRegulados=[registry.regulated_contract(comprador=10020)],
    montantesRegulados=[registry.regulated_amount()],
)


@dataclass
class Rooms:
    contracts: DynamoDbContracts
    imports: DynamoDbImports
    directory: MemoryDirectory

    @cached_property
    def reception(self) -> Reception:
        return Reception(self.imports, MemoryFiles(Memory()))

    @property
    def rules(self) -> Rules:
        return NativeRooms(Settings({})).rules


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    with empty_contracts_table() as client:
        yield Rooms(
            DynamoDbContracts(client, CONTRACTS_TABLE), DynamoDbImports(client, CONTRACTS_TABLE), DIRECTORY
        )


@pytest.fixture
def bus(rooms: Rooms) -> ContractBus:
    return NativeContractBus(rooms, pause=lambda _: None)


@pytest.fixture
def given(rooms: Rooms) -> Callable[..., Contract]:
    def register(code: int = 1, **changes: Any) -> Contract:
        made = contract(code, **changes)
        by_seller = transition(
            contract=made.code, act=ContractAct.REGISTERED, author=seller("Sofia"), period=None
        )
        rooms.contracts.apply(Change(None, made, (by_seller,)))
        return made

    return register


def query(**changes: Any) -> ContractQuery:
    return replace(ContractQuery(Market.FREE, YEAR, frozenset()), **changes)


def amounts_of(*codes: int, kind: AmountKind = AmountKind.AVERAGE, **changes: Any) -> AmountQuery:
    asked = AmountQuery(Market.FREE, kind, YEAR, frozenset(map(ContractCode, codes)))
    return replace(asked, **changes)


def test_both_parties_list_a_contract_and_nobody_else(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    made = given()
    for acting in (AS_SELLER, AS_BUYER):
        page = bus.contracts(query(), FIRST, acting)
        assert (page.rows, page.total) == ((made,), 1)
        assert bus.contract(made.code, None, None, acting) == made
    with pytest.raises(NothingFound):
        bus.contracts(query(), FIRST, AS_STRANGER)
    with pytest.raises(NothingFound):
        bus.contract(made.code, Market.FREE, None, AS_STRANGER)


def test_a_named_profile_is_looked_for_and_one_that_is_not_visible_gives_nothing(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    given()
    assert bus.contracts(query(profiles=frozenset({SELLER})), FIRST, AS_SELLER).total == 1
    with pytest.raises(NothingFound):
        bus.contracts(query(profiles=frozenset({SELLER})), FIRST, AS_BUYER)


def test_lists_are_filtered_by_side_and_kind(bus: ContractBus, given: Callable[..., Contract]) -> None:
    given()
    firm, other = KindFilter(type_id=10185, subtype_id=10777), KindFilter(type_code="CBR")
    assert bus.contracts(query(side=Side.SELLER, kinds=(firm,)), FIRST, AS_SELLER).total == 1
    for refused in (query(side=Side.BUYER), query(kinds=(other,)), query(kinds=(KindFilter(1),))):
        with pytest.raises(NothingFound):
            bus.contracts(refused, FIRST, AS_SELLER)


def test_a_page_past_the_end_is_nothing_and_a_stretch_is_empty(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    made = [given(code) for code in (1, 2, 3)]
    second = bus.contracts(query(), PageRequest(2, 2), AS_SELLER)
    assert (second.rows, second.total_pages) == ((made[2],), 2)
    with pytest.raises(NothingFound, match=r"página 3 .* última é a 2"):
        bus.contracts(query(), PageRequest(3, 2), AS_SELLER)
    first = bus.contracts_from(query(), CursorRequest(None, 2), AS_SELLER)
    assert (first.rows, first.next_cursor) == ((made[0], made[1]), "2")
    rest = bus.contracts_from(query(), CursorRequest(first.next_cursor, 2), AS_SELLER)
    assert (rest.rows, rest.next_cursor) == ((made[2],), None)
    assert bus.contracts_from(query(), CursorRequest("3", 2), AS_SELLER).rows == ()


@pytest.mark.parametrize("cursor", ["", "-1", "x", "²", "1" * 13])
def test_a_cursor_that_no_list_gave_is_refused(bus: ContractBus, cursor: str) -> None:
    with pytest.raises(CursorUnreadable):
        bus.contracts_from(query(), CursorRequest(cursor), AS_SELLER)


def test_a_contract_is_read_for_a_period_only_when_it_touches_it(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    made = given()
    assert bus.contract(made.code, Market.FREE, JANUARY, AS_SELLER) == made
    with pytest.raises(NothingFound):
        bus.contract(made.code, Market.FREE, YEAR_2030, AS_SELLER)


def test_regulated_contracts_are_everybody_s(bus: ContractBus) -> None:
    regulated = DIRECTORY.all_regulated_contracts()[0]
    asked = query(market=Market.REGULATED)
    assert bus.contracts(asked, FIRST, AS_STRANGER).rows == (regulated,)
    assert bus.contracts_from(asked, CursorRequest(), AS_STRANGER).rows == (regulated,)
    for market in (Market.REGULATED, None):
        assert bus.contract(regulated.code, market, None, AS_STRANGER) == regulated
    amounts = amounts_of(kind=AmountKind.YEARLY, market=Market.REGULATED)
    assert bus.amounts(amounts, FIRST, AS_STRANGER).rows == DIRECTORY.all_regulated_amounts()


TWO = (
    amount(JANUARY, AmountSituation.VALIDATED),
    amount(FEBRUARY, modulation=ModulationKind.DECLARED),
)


@pytest.mark.parametrize("market", [None, Market.FREE])
def test_a_contract_of_others_is_told_as_one_that_is_not_there(
    bus: ContractBus, given: Callable[..., Contract], market: Market | None
) -> None:
    for code in (given().code, ContractCode(9_999_999)):
        with pytest.raises(NothingFound, match=f"o contrato {code} não existe ou não é de quem consulta"):
            bus.contract(code, market, None, AS_STRANGER)
        with pytest.raises(NothingFound, match=f"o contrato {code} não existe neste período ou"):
            bus.contract(code, market, YEAR, AS_STRANGER)


@pytest.mark.parametrize("named", [(), (1, 2, 99)])
def test_amounts_are_the_same_whether_their_contracts_are_named_or_not(
    bus: ContractBus, given: Callable[..., Contract], named: tuple[int, ...]
) -> None:
    def free(code: int, one: Amount, kind: AmountKind = AmountKind.AVERAGE) -> FreeAmount:
        return FreeAmount(ContractCode(code), kind, one)

    given(1, amounts=TWO)
    given(2, amounts=TWO[:1])
    given(3, amounts=TWO, terms=terms(seller=STRANGER, buyer=STRANGER))
    january, february = TWO
    whole = bus.amounts(amounts_of(*named), FIRST, AS_SELLER)
    assert whole.rows == (free(1, january), free(1, february), free(2, january))
    last = bus.amounts(amounts_of(*named), PageRequest(2, 2), AS_SELLER)
    assert (last.rows, last.total) == ((free(2, january),), 3)
    pending = amounts_of(*named, only_not_validated=True)
    assert bus.amounts(pending, FIRST, AS_BUYER).rows == (free(1, february),)
    declared = amounts_of(*named, kind=AmountKind.MODULATED)
    assert bus.amounts(declared, FIRST, AS_SELLER).rows == (free(1, february, AmountKind.MODULATED),)
    with pytest.raises(NothingFound):
        bus.amounts(amounts_of(*named, period=YEAR_2030), FIRST, AS_SELLER)
    with pytest.raises(NothingFound):
        bus.amounts(amounts_of(1), FIRST, AS_STRANGER)


ALONE: tuple[dict[str, Any], ...] = (
    {"situation": ContractSituation.DRAFT},
    {"situation": ContractSituation.CANCELLED, "discarded": True},
)


@pytest.mark.parametrize("changes", ALONE)
def test_a_draft_is_its_seller_s_alone_also_when_it_was_discarded(
    bus: ContractBus, given: Callable[..., Contract], changes: dict[str, Any]
) -> None:
    modulated = amount(modulation=ModulationKind.LOAD, parcels=(ParcelCode(7001),))
    draft = given(1, amounts=(modulated,), **changes)
    shared = given(2, amounts=(modulated,))
    assert bus.contracts(query(), FIRST, AS_SELLER).rows == (draft, shared)
    assert bus.contract(draft.code, Market.FREE, None, AS_SELLER) == draft
    for asked in (query(), query(side=Side.BUYER), query(only_not_validated=True)):
        page = bus.contracts(asked, FIRST, AS_BUYER)
        assert (page.rows, page.total) == ((shared,), 1)
        assert bus.contracts_from(asked, CursorRequest(), AS_BUYER).rows == (shared,)
    for named in ((), (1, 2)):
        assert {one.contract for one in bus.amounts(amounts_of(*named), FIRST, AS_BUYER).rows} == {2}
    (linked,) = bus.linked_parcels(ParcelQuery(), FIRST, AS_BUYER).rows
    assert [link.contract for link in linked.links] == [2]
    with pytest.raises(NothingFound):
        bus.contract(draft.code, None, None, AS_BUYER)
    with pytest.raises(NothingFound):
        bus.history(draft.code, CursorRequest(), AS_BUYER)
    with pytest.raises(NothingFound):
        validate(bus, draft)


@pytest.mark.parametrize("changes", ALONE)
def test_what_waits_for_validation_are_no_drafts(
    bus: ContractBus, given: Callable[..., Contract], changes: dict[str, Any]
) -> None:
    given(1, **changes)
    shared = given(2)
    assert bus.contracts(query(only_not_validated=True), FIRST, AS_SELLER).rows == (shared,)
    for named in ((), (1, 2)):
        pending = amounts_of(*named, only_not_validated=True)
        assert {one.contract for one in bus.amounts(pending, FIRST, AS_SELLER).rows} == {2}


def test_a_completed_draft_is_the_buyer_s_too(
    bus: ContractBus, rooms: Rooms, given: Callable[..., Contract]
) -> None:
    draft = given(situation=ContractSituation.DRAFT)
    completed = replace(draft, situation=ContractSituation.NOT_VALIDATED, version=2)
    rooms.contracts.apply(Change(draft, completed, (transition(contract=draft.code),)))
    assert bus.contracts(query(only_not_validated=True), FIRST, AS_BUYER).rows == (completed,)
    assert len(bus.history(draft.code, CursorRequest(), AS_BUYER).rows) == 2


def test_history_names_one_s_own_people_and_not_the_other_party_s(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    made = given()
    [own] = bus.history(made.code, CursorRequest(), AS_SELLER).rows
    [other] = bus.history(made.code, CursorRequest(), AS_BUYER).rows
    assert (own.author, other.author) == (seller("Sofia"), seller(None))
    with pytest.raises(NothingFound):
        bus.history(made.code, CursorRequest(), AS_STRANGER)


def validate(bus: ContractBus, made: Contract, *, at: datetime = NOW, acting: Acting = AS_BUYER) -> RowResult:
    return bus.validate(made.code, frozenset({YEAR.begins}), acting, at=at)


def test_the_buyer_validates_and_a_second_time_changes_nothing(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    made = given()
    assert validate(bus, made).status is RowStatus.DONE
    after = bus.contract(made.code, Market.FREE, None, AS_BUYER)
    assert isinstance(after, Contract)
    assert (after.situation, after.has_amounts_not_validated) == (ContractSituation.VALIDATED, False)
    told = bus.history(made.code, CursorRequest(), AS_BUYER)
    assert validate(bus, made).status is RowStatus.WARNED
    assert bus.history(made.code, CursorRequest(), AS_BUYER) == told
    assert bus.contract(made.code, Market.FREE, None, AS_BUYER) == after


def test_the_seller_does_not_validate(bus: ContractBus, given: Callable[..., Contract]) -> None:
    made = given()
    assert validate(bus, made, acting=AS_SELLER).status is RowStatus.REFUSED
    assert bus.contract(made.code, Market.FREE, None, AS_SELLER) == made


def test_a_stranger_does_not_learn_that_a_contract_exists_by_validating_it(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    stranger = replace(AS_BUYER, visible=frozenset({STRANGER}))
    made = given()
    with pytest.raises(NothingFound):
        validate(bus, made, acting=stranger)


def test_of_two_buyer_s_people_at_once_one_makes_the_transition(
    rooms: Rooms, given: Callable[..., Contract]
) -> None:
    made, other = given(), NativeContractBus(rooms, pause=lambda _: None)
    slow = replace(rooms, contracts=_Overtaken(rooms.contracts, lambda: validate(other, made)))
    result = validate(NativeContractBus(slow, pause=lambda _: None), made)
    assert result.status is RowStatus.WARNED
    acts = [one.act for one in other.history(made.code, CursorRequest(), AS_BUYER).rows]
    assert acts.count(ContractAct.AMOUNT_VALIDATED) == 1


def test_a_contract_that_never_stands_still_is_said_to_be_busy(
    rooms: Rooms, given: Callable[..., Contract]
) -> None:
    made, versions = given(), iter(range(100))

    def change() -> None:
        before = rooms.contracts.read([made.code])[made.code]
        after = replace(before, version=before.version + 1, terms=terms(remark=str(next(versions))))
        rooms.contracts.apply(Change(before, after, ()))

    busy = replace(rooms, contracts=_Overtaken(rooms.contracts, change))
    with pytest.raises(ProviderFailed, match="tente de novo"):
        validate(NativeContractBus(busy, pause=lambda _: None), made)


class _Overtaken(DynamoDbContracts):
    """Somebody else is always faster."""

    def __init__(self, store: DynamoDbContracts, other: Callable[[], object]) -> None:
        super().__init__(store.client, store.table_name)
        object.__setattr__(self, "other", other)

    def apply(self, change: Change) -> None:
        self.other()  # type: ignore[attr-defined]
        super().apply(change)


def test_parcels_are_told_with_the_contracts_that_they_modulate(
    bus: ContractBus, given: Callable[..., Contract]
) -> None:
    by_both = amount(
        JANUARY, modulation=ModulationKind.GENERATION, parcels=(ParcelCode(7001), ParcelCode(7002))
    )
    given(1, amounts=(by_both,))
    given(2, amounts=(by_both, TWO[1]))
    links = tuple(ContractLink(ContractCode(code), JANUARY, ModulationKind.GENERATION) for code in (1, 2))
    both = (LinkedParcel(ParcelCode(7001), links), LinkedParcel(ParcelCode(7002), links))
    assert bus.linked_parcels(ParcelQuery(), FIRST, AS_SELLER).rows == both
    assert bus.linked_parcels(ParcelQuery(), PageRequest(2, 1), AS_SELLER).rows == both[1:]
    one = ParcelQuery(codes=frozenset({ParcelCode(7001)}))
    assert bus.linked_parcels(one, FIRST, AS_SELLER).rows == both[:1]
    with pytest.raises(NothingFound):
        bus.linked_parcels(ParcelQuery(at=FEBRUARY.begins), FIRST, AS_SELLER)
    with pytest.raises(NothingFound):
        bus.linked_parcels(ParcelQuery(), FIRST, AS_STRANGER)


def test_an_outcome_is_the_submitting_company_s(bus: ContractBus) -> None:
    code = bus.submit(Submission(AS_SELLER, "<x/>"), at=NOW)
    outcome = bus.outcome(code, FIRST, AS_SELLER)
    assert (outcome.processing.state, outcome.results.rows) == (ProcessingState.RECEIVED, ())
    for looking in (AS_BUYER, AS_STRANGER):
        with pytest.raises(NothingFound):
            bus.outcome(code, FIRST, looking)
    with pytest.raises(NothingFound):
        bus.outcome(ProcessingCode(99), FIRST, AS_SELLER)


def test_imports_are_listed_to_the_companies_that_submitted_them(bus: ContractBus) -> None:
    codes = [bus.submit(Submission(AS_SELLER, f"<x{n}/>"), at=NOW) for n in range(3)]
    first = bus.submitted_from(CursorRequest(size=2), AS_SELLER)
    assert [one.processing.code for one in first.rows] == [codes[2], codes[1]]
    assert {one.author for one in first.rows} == {AS_SELLER.author}
    assert {(one.processing.received_at, one.moved_at) for one in first.rows} == {(NOW, NOW)}
    rest = bus.submitted_from(CursorRequest(first.next_cursor, size=2), AS_SELLER)
    assert ([one.processing.code for one in rest.rows], rest.next_cursor) == ([codes[0]], None)
    assert bus.submitted_from(CursorRequest(), AS_BUYER).rows == ()
    with pytest.raises(CursorUnreadable):
        bus.submitted_from(CursorRequest("of another list"), AS_SELLER)


def test_a_page_of_results_may_still_come_until_the_import_is_over(bus: ContractBus) -> None:
    code, second = bus.submit(Submission(AS_SELLER, "<x/>"), at=NOW), PageRequest(2, 10)
    assert bus.outcome(code, second, AS_SELLER).results.rows == ()
    assert isinstance(bus, NativeContractBus)
    record = bus.rooms.imports.record(code)
    assert record is not None
    bus.rooms.imports.refuse(record, reason="ilegível", at=NOW)
    with pytest.raises(NothingFound, match="página 2"):
        bus.outcome(code, second, AS_SELLER)


def test_uploads_and_lost_answers_are_the_reception_s(bus: ContractBus) -> None:
    ticket = bus.prepare_upload(UploadRequest(AS_SELLER, 5, "0" * 64), at=NOW)
    assert bus.latest_submission("0" * 64, AS_SELLER) == ticket.code


def test_public_lists_are_the_registry_s(bus: ContractBus) -> None:
    assert bus.participants(ParticipantQuery(), FIRST).rows == DIRECTORY.all_participants()
    assert [one.profile for one in bus.profiles(ProfileQuery(), FIRST).rows] == list(DIRECTORY.all_profiles())
    assert bus.parcels(ParcelQuery(), FIRST).rows == DIRECTORY.all_parcels()


def test_the_settings_choose_who_answers() -> None:
    native = contract_bus(Settings({Variable.CONTRACT_BUS: "NATIVO"}))
    assert isinstance(native, NativeContractBus)
