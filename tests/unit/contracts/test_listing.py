from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.bus import (
    AmountQuery,
    AssetQuery,
    ContractQuery,
    KindFilter,
    ListedProfile,
    ParcelQuery,
    ParticipantQuery,
    ProfileQuery,
)
from aval.contracts.listing import PublicLists, page_of, stretch_of
from aval.contracts.model import AmountKind, ContractCode, Market, ParcelCode, Period, ProfileCode, Side
from aval.contracts.paging import CursorRequest, PageRequest
from aval.contracts.refusals import CursorUnreadable, NothingFound
from aval.identifiers import Cnpj
from aval.registry.model import Asset, AssetKind, Situation, Submarket, Validity
from tests.support.directory import MemoryDirectory
from tests.support.registry import (
    AURORA,
    BOLT,
    NOON,
    asset,
    aurora,
    parcel,
    participant,
    profile,
    regulated_amount,
    regulated_contract,
    second_profile,
)

FIRST = PageRequest()
ENDED = {"inicioVigencia": "2020-01-01", "fimVigencia": "2026-08-02"}
DIRECTORY = MemoryDirectory.of(
    participantes=[participant(razaoSocial="ÁGUA & LUZ Ltda."), aurora(codigo=9, classe=4, **ENDED)],
    perfis=[
        profile(),
        second_profile(**ENDED),
        profile(codigo=10020, cnpj=AURORA, sigla="AURORA", classe=4),
    ],
    ativos=[
        asset(nome="UHE SÃO JOÃO"),
        asset(codigo=5002, nome="EOL AURORA", submercado=3, **ENDED),
        asset(codigo=5003, nome="FÁBRICA", tipo="CARGA"),
    ],
    parcelas=[
        parcel(),
        parcel(codigo=7002, ativo=5002, perfil=10020, cnpj=AURORA),
        parcel(codigo=7003, ativo=5003, perfil=10011, **ENDED),
    ],
    contratosRegulados=[
        regulated_contract(),
        regulated_contract(codigo=800000, vendedor=10020, comprador=10010, inicio="2027-01-01"),
    ],
    montantesRegulados=[
        regulated_amount(),
        regulated_amount(inicio="2027-01-01", fim="2027-12-31"),
        regulated_amount(tipo="MONTANTE_ENERGIA_MENSAL", fim="2026-01-31", montante="744"),
        regulated_amount(contrato=800000, inicio="2027-01-01", fim="2027-12-31"),
    ],
)
LISTS = PublicLists(DIRECTORY)
YEAR_2026 = Period(datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC))
YEAR_2027 = Period(datetime(2027, 1, 1, 3, tzinfo=UTC), datetime(2028, 1, 1, 3, tzinfo=UTC))


def codes(list_rows: Callable[[Any, PageRequest], Any], query: object) -> list[int]:
    try:
        return [row.code for row in list_rows(query, FIRST).rows]
    except NothingFound:
        return []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ParticipantQuery(), [9, 1001]),
        (ParticipantQuery(codes=frozenset({9, 8})), [9]),
        (ParticipantQuery(cnpjs=frozenset({Cnpj(BOLT)})), [1001]),
        (ParticipantQuery(sigla="urora"), [9]),
        (ParticipantQuery(sigla=" aurora "), [9]),
        (ParticipantQuery(class_code=2), [1001]),
        (ParticipantQuery(legal_name="agua & luz"), [1001]),
        (ParticipantQuery(legal_name="ÁGUA"), [1001]),
        (ParticipantQuery(at=NOON), [1001]),
        (ParticipantQuery(at=NOON - timedelta(days=1)), [9, 1001]),
        (ParticipantQuery(sigla="aurora", class_code=2), []),
    ],
)
def test_finds_participants(query: ParticipantQuery, found: list[int]) -> None:
    assert codes(LISTS.participants, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ProfileQuery(), [10010, 10011, 10020]),
        (ProfileQuery(codes=frozenset({10011})), [10011]),
        (ProfileQuery(participant_codes=frozenset({9})), [10020]),
        (ProfileQuery(participant_codes=frozenset({8})), []),
        (ProfileQuery(cnpjs=frozenset({Cnpj(AURORA)})), [10020]),
        (ProfileQuery(sigla="i5"), [10011]),
        (ProfileQuery(class_code=4), [10020]),
        (ProfileQuery(at=NOON), [10010, 10020]),
    ],
)
def test_finds_profiles(query: ProfileQuery, found: list[int]) -> None:
    listed = LISTS.profiles(query, FIRST).rows if found else ()
    assert [one.profile.code for one in listed] == found
    if not found:
        with pytest.raises(NothingFound):
            LISTS.profiles(query, FIRST)


def test_a_profile_comes_with_its_participants_code() -> None:
    (listed,) = LISTS.profiles(ProfileQuery(codes=frozenset({10020})), FIRST).rows
    assert listed == ListedProfile(DIRECTORY.profiles({10020})[10020], 9)
    assert LISTS.profiles_from(ProfileQuery(codes=frozenset({10020})), CursorRequest()).rows == (listed,)


def test_a_profile_whose_participant_another_load_has_taken_is_left_out() -> None:
    lone = MemoryDirectory.of(perfis=[profile()])
    assert PublicLists(lone).profiles_from(ProfileQuery(), CursorRequest()).rows == ()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (AssetQuery(AssetKind.USINA, NOON), [5001]),
        (AssetQuery(AssetKind.USINA, NOON - timedelta(days=1)), [5001, 5002]),
        (AssetQuery(AssetKind.CARGA, NOON), [5003]),
        (AssetQuery(AssetKind.CARGA, NOON, codes=frozenset({5001})), []),
        (AssetQuery(AssetKind.USINA, NOON, name_part="sao j"), [5001]),
        (AssetQuery(AssetKind.USINA, NOON, profile=ProfileCode(10010)), [5001]),
        (AssetQuery(AssetKind.USINA, NOON, profile=ProfileCode(10011)), []),
        (AssetQuery(AssetKind.USINA, NOON, submarket=3), []),
        (AssetQuery(AssetKind.USINA, NOON, submarket=2), [5001]),
    ],
)
def test_finds_assets(query: AssetQuery, found: list[int]) -> None:
    assert codes(LISTS.assets, query) == found


def test_an_owner_is_who_owns_a_parcel_at_that_moment() -> None:
    query = AssetQuery(AssetKind.CARGA, NOON, profile=ProfileCode(10011))
    assert codes(LISTS.assets, query) == []
    before = AssetQuery(AssetKind.CARGA, NOON - timedelta(days=1), profile=ProfileCode(10011))
    assert codes(LISTS.assets, before) == [5003]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ParcelQuery(), [7001, 7002, 7003]),
        (ParcelQuery(at=NOON), [7001, 7002]),
        (ParcelQuery(codes=frozenset({ParcelCode(7003)})), [7003]),
        (ParcelQuery(profiles=frozenset({ProfileCode(10020)})), [7002]),
        (ParcelQuery(asset=5001), [7001]),
        (ParcelQuery(cnpj=Cnpj(AURORA)), [7002]),
        (ParcelQuery(asset=5001, cnpj=Cnpj(AURORA)), []),
    ],
)
def test_finds_parcels(query: ParcelQuery, found: list[int]) -> None:
    assert codes(LISTS.parcels, query) == found


def regulated(**fields: Any) -> ContractQuery:
    return ContractQuery(
        **{"market": Market.REGULATED, "period": YEAR_2027, "profiles": frozenset(), **fields}
    )


BOLT_PROFILE = frozenset({ProfileCode(10010)})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (regulated(), [800000, 900001]),
        (regulated(period=YEAR_2026), [900001]),
        (regulated(profiles=BOLT_PROFILE), [800000, 900001]),
        (regulated(profiles=BOLT_PROFILE, side=Side.SELLER), [900001]),
        (regulated(profiles=BOLT_PROFILE, side=Side.BUYER), [800000]),
        (regulated(profiles=frozenset({ProfileCode(10020)}), side=Side.BUYER), []),
        (regulated(kinds=(KindFilter(type_id=10186),)), [800000, 900001]),
        (regulated(kinds=(KindFilter(type_id=10185),)), []),
        (regulated(only_not_validated=True), []),
    ],
)
def test_finds_regulated_contracts(query: ContractQuery, found: list[int]) -> None:
    assert codes(LISTS.regulated_contracts, query) == found
    stretch = LISTS.regulated_contracts_from(query, CursorRequest())
    assert [one.code for one in stretch.rows] == found


def test_finds_one_regulated_contract_in_the_period_that_it_touches() -> None:
    assert LISTS.regulated_contract(ContractCode(800000), None).code == 800000
    assert LISTS.regulated_contract(ContractCode(800000), YEAR_2027).code == 800000
    for code, period in ((800000, YEAR_2026), (800001, None), (900002, None), (1, None)):
        with pytest.raises(NothingFound):
            LISTS.regulated_contract(ContractCode(code), period)


def amounts_of(**fields: Any) -> AmountQuery:
    return AmountQuery(
        **{"market": Market.REGULATED, "kind": AmountKind.YEARLY, "period": YEAR_2027, **fields}
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (amounts_of(), [800000, 900001]),
        (amounts_of(period=YEAR_2026), [900001]),
        (amounts_of(contracts=frozenset({ContractCode(800000)})), [800000]),
        (amounts_of(kind=AmountKind.MONTHLY, period=YEAR_2026), [900001]),
        (amounts_of(kind=AmountKind.DELIVERY_OBLIGATION), []),
        (amounts_of(only_not_validated=True), []),
    ],
)
def test_finds_regulated_amounts(query: AmountQuery, found: list[int]) -> None:
    if found:
        assert [amount.contract for amount in LISTS.regulated_amounts(query, FIRST).rows] == found
    else:
        with pytest.raises(NothingFound):
            LISTS.regulated_amounts(query, FIRST)


def asset_of_code(code: int) -> Asset:
    standing = Situation(1, "ATIVO"), Validity(date(2026, 1, 1))
    return Asset(code, f"UHE {code}", AssetKind.USINA, Submarket.S, *standing)


sorted_assets = st.sets(st.integers(1, 999_999_999), max_size=60).map(
    lambda found: [asset_of_code(code) for code in sorted(found)]
)


@given(sorted_assets, st.integers(1, 70))
def test_pages_add_up_to_the_whole_list_and_past_the_end_there_is_nothing(
    rows: list[Asset], size: int
) -> None:
    seen: list[Asset] = []
    number = 1
    while len(seen) < len(rows):
        page = page_of(rows, PageRequest(number, size))
        assert (page.total, page.total_pages) == (len(rows), -(-len(rows) // size))
        seen += page.rows
        number += 1
    assert seen == rows
    with pytest.raises(NothingFound):
        page_of(rows, PageRequest(number, size))


@given(sorted_assets, st.integers(1, 70))
def test_stretches_add_up_to_the_whole_list(rows: list[Asset], size: int) -> None:
    stretch = stretch_of(rows, CursorRequest(None, size))
    seen = list(stretch.rows)
    while stretch.next_cursor is not None:
        stretch = stretch_of(rows, CursorRequest(stretch.next_cursor, size))
        assert stretch.rows
        seen += stretch.rows
    assert seen == rows


def test_a_cursor_whose_row_has_gone_goes_on_behind_it() -> None:
    rows = [asset_of_code(code) for code in (1, 5, 9)]
    assert [row.code for row in stretch_of(rows, CursorRequest("4", 1)).rows] == [5]
    assert stretch_of(rows, CursorRequest("9", 1)).rows == ()


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "x", "\N{ARABIC-INDIC DIGIT ONE}", "1" * 10])
def test_refuses_a_cursor_that_no_list_gave(cursor: str) -> None:
    with pytest.raises(CursorUnreadable):
        stretch_of([asset_of_code(1)], CursorRequest(cursor))


def test_says_which_page_is_the_last() -> None:
    with pytest.raises(NothingFound, match="a página 3 não existe: a última é a 2"):
        page_of([asset_of_code(1), asset_of_code(2)], PageRequest(3, 1))
