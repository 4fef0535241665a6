"""The bus over our own SOAP services: a whole life of a contract, lists, an answer that is lost."""

from datetime import timedelta
from typing import Any

import pytest

from aval.adapters.ccee.calls import Operation
from aval.contracts.bus import (
    AmountQuery,
    AssetQuery,
    ContractQuery,
    FreeAmount,
    ParcelQuery,
    ParticipantQuery,
    ProfileQuery,
    RowStatus,
    Submission,
)
from aval.contracts.imports.reception import digest_of
from aval.contracts.model import (
    AmountKind,
    AmountSituation,
    ContractCode,
    ContractSituation,
    Market,
    Period,
    RegulatedContract,
    Side,
)
from aval.contracts.paging import CursorRequest, PageRequest
from aval.contracts.refusals import NothingFound, ProfileForbidden
from aval.moments import utc_now
from aval.registry.model import AssetKind
from tests.support.agents import ANA, AURORA, BOLT, VENTO, Person
from tests.support.bus_files import (
    BUYER,
    FIRST,
    LAST,
    SELLER,
    STRANGER,
    WHOLE,
    YEAR,
    awaited,
    hours,
    imported,
    of_contract,
    read,
    registered,
    row,
)
from tests.support.contract_agents import Month
from tests.support.contracts import amount_xml, file_xml
from tests.support.stack import Stack
from tests.support.systems import System
from tests.support.wire import wire_to

ROWS, WRONG = 100, {10: "99999", 50: "idSubMerEntrega", 90: "10060"}


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def seller(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, VENTO, SELLER, tmp_path_factory.mktemp("vento"))


@pytest.fixture(scope="module")
def buyer(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, BOLT, BUYER, tmp_path_factory.mktemp("bolt"))


@pytest.fixture(scope="module")
def stranger(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, AURORA, STRANGER, tmp_path_factory.mktemp("aurora"))


@pytest.fixture(scope="module")
def contract(seller: System) -> ContractCode:
    """Registered for a year from next month, and to be validated yet."""
    return registered(seller, file_xml([row()]))[0]


@pytest.fixture(scope="module")
def codes(seller: System) -> list[ContractCode]:
    """Of the rows that were taken; three of the hundred are not, each for its reason."""
    wrong = {
        10: row(10, idComprador=99999),
        50: row(50, idSubMerEntrega=9),
        90: row(90, idVendedor=10060),
    }
    outcome = imported(seller, file_xml(wrong.get(place, row(place)) for place in range(1, ROWS + 1)))
    assert (outcome.processing.total_rows, outcome.processing.failed_rows) == (ROWS, len(WRONG))
    refused = {one.row: one.description for one in outcome.results.rows if one.status is RowStatus.REFUSED}
    assert set(refused) == set(WRONG)
    for place, word in WRONG.items():
        assert word in refused[place]
    return [one.contract for one in outcome.results.rows if one.contract is not None]


def test_a_hundred_rows_become_ninety_seven_contracts(codes: list[ContractCode]) -> None:
    assert len(set(codes)) == ROWS - len(WRONG)


def test_a_contract_lives_from_its_registration_to_its_end(
    seller: System, buyer: System, codes: list[ContractCode]
) -> None:
    code = codes[0]
    assert code in waiting(buyer)
    assert read(buyer, code).situation is ContractSituation.NOT_VALIDATED
    assert validated(buyer, code) is RowStatus.DONE
    assert read(seller, code).situation is ContractSituation.VALIDATED
    assert code not in waiting(buyer)

    second, third = Month.ahead(2), Month.ahead(3)
    adjusted = amount_xml("12.500000", **hours(second, third))
    [one] = imported(seller, of_contract(code, adjusted, generation=16)).results.rows
    assert one.status is RowStatus.DONE, one
    assert [(one.period, one.situation) for one in read(buyer, code).amounts] == [
        (Period(FIRST.instant, second.instant), AmountSituation.VALIDATED),
        (Period(second.instant, third.instant), AmountSituation.ADJUSTED),
        (Period(third.instant, LAST.instant), AmountSituation.VALIDATED),
    ]
    assert code in waiting(buyer)
    assert validated(buyer, code, second) is RowStatus.DONE
    assert code not in waiting(buyer)

    end = FIRST.instant + timedelta(days=14)
    finish = of_contract(code, generation=25, dataFinalizacao=f"{end:%d/%m/%Y %H}")
    [one] = imported(seller, finish).results.rows
    assert one.status is RowStatus.DONE, one
    asked = read(buyer, code)
    assert (asked.situation, asked.closing_asked_by) == (ContractSituation.FINISHING, Side.SELLER)
    [one] = imported(buyer, of_contract(code, generation=25, validarFinalizacao="X")).results.rows
    assert one.status is RowStatus.DONE, one
    ended = read(seller, code)
    assert (ended.situation, ended.closing_at) == (ContractSituation.FINISHED, end)
    assert validated(buyer, code) is not RowStatus.DONE


def waiting(system: System) -> set[ContractCode]:
    """Contracts of which the buyer has amounts to validate."""
    query = ContractQuery(
        Market.FREE, YEAR, frozenset({system.profile}), side=Side.BUYER, only_not_validated=True
    )
    try:
        return {one.code for one in system.bus().contracts(query, WHOLE, system.acting).rows}
    except NothingFound:
        return set()


def validated(system: System, code: ContractCode, begins: Month = FIRST) -> RowStatus:
    moments = frozenset({begins.instant})
    return system.bus().validate(code, moments, system.acting, at=utc_now()).status


def test_the_wrong_party_changes_nothing(seller: System, codes: list[ContractCode]) -> None:
    before = read(seller, codes[1])
    assert validated(seller, codes[1]) is RowStatus.REFUSED
    assert read(seller, codes[1]) == before


def test_a_stranger_finds_nothing(stranger: System, codes: list[ContractCode]) -> None:
    with pytest.raises(NothingFound):
        read(stranger, codes[1])
    query = ContractQuery(Market.FREE, YEAR, frozenset({SELLER}))
    with pytest.raises(ProfileForbidden):
        stranger.bus().contracts(query, WHOLE, stranger.acting)


def test_pages_put_together_are_the_list(seller: System, codes: list[ContractCode]) -> None:
    query, bus = ContractQuery(Market.FREE, YEAR, frozenset({SELLER}), side=Side.SELLER), seller.bus()
    whole = bus.contracts(query, WHOLE, seller.acting)
    assert set(codes) <= {one.code for one in whole.rows}
    found: list[Any] = []
    cursor: str | None = None
    while True:
        part = bus.contracts_from(query, CursorRequest(cursor, 23), seller.acting)
        found, cursor = [*found, *part.rows], part.next_cursor
        if cursor is None:
            break
    assert tuple(found) == whole.rows
    with pytest.raises(NothingFound):
        bus.contracts(query, PageRequest(whole.total + 1, 1), seller.acting)


def test_amounts_and_links_are_told_as_domain_words(seller: System, contract: ContractCode) -> None:
    query = AmountQuery(Market.FREE, AmountKind.AVERAGE, YEAR, frozenset({contract}))
    [found] = seller.bus().amounts(query, WHOLE, seller.acting).rows
    assert isinstance(found, FreeAmount)
    assert (found.contract, found.amount) == (contract, read(seller, contract).amounts[0])


def test_regulated_contracts_are_public(stranger: System) -> None:
    ever = Period(Month.ahead(-240).instant, Month.ahead(360).instant)
    query = ContractQuery(Market.REGULATED, ever, frozenset())
    found = stranger.bus().contracts(query, WHOLE, stranger.acting)
    assert found.rows
    assert {type(one) for one in found.rows} == {RegulatedContract}


def test_the_registry_is_told_as_domain_words(seller: System) -> None:
    bus = seller.bus()
    participants = {one.cnpj: one for one in bus.participants(ParticipantQuery(), WHOLE).rows}
    assert participants[VENTO].legal_name == "VENTO LESTE PARQUES EÓLICOS LTDA."
    profiles = bus.profiles(ProfileQuery(), WHOLE).rows
    assert {one.profile.code: one.profile.participant for one in profiles}[SELLER] == VENTO
    assets = bus.assets(AssetQuery(AssetKind.CARGA, utc_now(), name_part="IRRIGAÇÃO"), WHOLE).rows
    assert [one.name for one in assets] == ["CAMPO CLARO IRRIGAÇÃO"]
    parcels = bus.parcels(ParcelQuery(profiles=frozenset({SELLER})), WHOLE).rows
    assert [one.short_name for one in parcels] == ["VLESTE1"]


def test_a_submission_whose_answer_was_cut_is_found_and_was_sent_once(
    seller: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(seller.url.rpartition(":")[2])
    text = file_xml([row(referencia="CORTE")])
    with wire_to(port) as wire:
        bus = seller.bus(url=f"https://localhost:{wire.port}")
        sending = bus.caller.ask

        def arming(operation: Operation, body: Any, **told: Any) -> Any:
            if operation is Operation.IMPORT_FILE:
                wire.is_armed.set()
            return sending(operation, body, **told)

        monkeypatch.setattr(bus.caller, "ask", arming)
        before = submissions(seller)
        code = bus.submit(Submission(seller.acting, text), at=utc_now())
        assert (wire.cuts, submissions(seller) - before) == (1, 1)
        [one] = awaited(seller, bus, code).results.rows
    assert one.status is RowStatus.DONE
    assert seller.bus().latest_submission(digest_of(text), seller.acting) == code


def submissions(system: System) -> int:
    """How many messages the importing function has answered."""
    log = system.stack.logs / "aval-soap-import-file.log"
    return log.read_text().count('"request answered"') if log.exists() else 0
