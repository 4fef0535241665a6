"""Rows of every kind that replies tell, drawn with whatever text people write."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from aval.contracts.bus import (
    ContractLink,
    FreeAmount,
    LinkedParcel,
    ListedProfile,
    Processing,
    ProcessingCode,
    ProcessingState,
    RowResult,
    RowStatus,
)
from aval.contracts.model import (
    Amount,
    AmountKind,
    AmountSituation,
    Contract,
    ContractCode,
    ContractKind,
    ContractSituation,
    Energy,
    LevelUnit,
    LoadLevels,
    Market,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    RegulatedAmount,
    RegulatedContract,
    Side,
    Terms,
)
from aval.registry.model import (
    Asset,
    AssetKind,
    Parcel,
    Participant,
    ParticipantClass,
    Profile,
    Situation,
    Submarket,
    Validity,
)
from tests.support.contracts import BUYING

texts = st.text(max_size=30)
codes = st.integers(1, 10**9)
moments = st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
quantities = st.decimals(0, 10**9, places=6)
validities = st.builds(
    lambda begins, days: Validity(begins, None if days is None else begins + timedelta(days=days)),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.none() | st.integers(0, 9000),
) | st.just(Validity(date(2020, 1, 1), date.max))
periods = st.builds(
    lambda begins, hours: Period(begins, begins + timedelta(hours=hours)), moments, st.integers(1, 9000)
)
situations = st.builds(Situation, st.integers(1, 9999), texts)
submarkets = st.sampled_from(Submarket)
classes = st.sampled_from(ParticipantClass)

participants = st.builds(Participant, st.just(BUYING), codes, texts, texts, classes, situations, validities)
profiles = st.builds(
    ListedProfile,
    st.builds(
        Profile,
        codes,
        st.just(BUYING),
        texts,
        classes,
        submarkets,
        situations,
        validities,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    codes,
)
assets = st.builds(Asset, codes, texts, st.sampled_from(AssetKind), submarkets, situations, validities)
parcels = st.builds(
    Parcel,
    codes,
    codes,
    codes,
    st.just(BUYING),
    texts,
    texts,
    submarkets,
    quantities,
    st.none() | quantities,
    situations,
    validities,
)
terms = st.builds(
    Terms,
    codes.map(ProfileCode),
    codes.map(ProfileCode),
    periods,
    submarkets,
    st.none() | submarkets,
    st.none() | st.integers(1, 4),
    st.none() | st.integers(1, 4),
    texts,
    texts,
    st.booleans(),
    st.sampled_from(["", "G", "E", "D"]),
    st.lists(codes.map(ParcelCode), max_size=3).map(tuple),
    st.none() | codes.map(ContractCode),
)
energies = st.builds(
    Energy,
    periods,
    quantities,
    st.sampled_from(ModulationKind),
    st.none() | st.tuples(quantities, quantities),
    st.lists(codes.map(ParcelCode), max_size=3).map(tuple),
    st.lists(quantities, max_size=30).map(tuple),
    st.none() | st.builds(LoadLevels, st.sampled_from(LevelUnit), quantities, quantities, quantities),
)
amounts_of_contract = st.builds(Amount, energies, st.sampled_from(AmountSituation))
contracts = st.builds(
    Contract,
    codes.map(ContractCode),
    st.sampled_from([ContractKind.CCEAL, ContractKind.CBR]),
    terms,
    st.sampled_from(ContractSituation),
    st.lists(amounts_of_contract, max_size=2).map(tuple),
    moments,
    moments,
    st.integers(1, 1000),
    st.none() | moments,
    st.none() | st.sampled_from(Side),
)
regulated_contracts = st.builds(
    RegulatedContract,
    codes.map(ContractCode),
    codes.map(ProfileCode),
    codes.map(ProfileCode),
    periods,
    submarkets,
    texts,
)
free_amounts = st.builds(
    FreeAmount,
    codes.map(ContractCode),
    st.sampled_from([kind for kind in AmountKind if kind.market is Market.FREE]),
    amounts_of_contract,
)
regulated_amounts = st.builds(
    RegulatedAmount,
    codes.map(ContractCode),
    st.sampled_from([kind for kind in AmountKind if kind.market is Market.REGULATED]),
    periods,
    quantities,
)
linked_parcels = st.builds(
    LinkedParcel,
    codes.map(ParcelCode),
    st.lists(
        st.builds(ContractLink, codes.map(ContractCode), periods, st.sampled_from(ModulationKind)),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
results = st.builds(
    RowResult,
    st.integers(0, 10**6),
    texts,
    st.sampled_from(RowStatus),
    texts,
    st.none() | codes.map(ContractCode),
)
processings = st.builds(
    Processing,
    codes.map(ProcessingCode),
    st.sampled_from(ProcessingState),
    moments,
    st.none() | st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)


def some(rows: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(rows, min_size=1, max_size=4).map(tuple)
