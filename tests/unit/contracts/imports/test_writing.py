import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.imports.reading import read
from aval.contracts.imports.rows import (
    Adjustment,
    Closing,
    Closure,
    Demand,
    Registration,
    Row,
    TermsChange,
    Unreadable,
    Validation,
)
from aval.contracts.imports.values import common_part, month
from aval.contracts.imports.writing import write
from aval.contracts.model import (
    HOUR,
    ContractCode,
    ContractKind,
    Energy,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    Terms,
    local_hour,
)
from aval.contracts.timeline import mean_of
from aval.errors import Fault, FaultsFound
from aval.moments import SAO_PAULO
from aval.registry.model import Submarket
from tests.support.contracts import JANUARY, YEAR, energy, registration, terms

# Two changes of the clocks lie in it: 17 February and 4 November 2018.
FIRST, LAST = local_hour(2018, 1, 20), local_hour(2018, 12, 10)
HOURS = (LAST - FIRST) // HOUR
QUANTITIES = st.decimals(0, 10**6, places=6)
CODES = st.integers(1, 999_999_999)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=30)


def is_between_equal_hours(place: int) -> bool:
    return bool((FIRST + place * HOUR).astimezone(SAO_PAULO).fold)


PLACES = st.integers(0, HOURS).filter(lambda place: not is_between_equal_hours(place))


@st.composite
def periods(draw: st.DrawFn, *, longest: int = HOURS) -> Period:
    first = draw(PLACES.filter(lambda place: place < HOURS))
    last = draw(
        st.integers(first + 1, min(first + longest, HOURS)).filter(
            lambda place: not is_between_equal_hours(place)
        )
    )
    return Period(FIRST + first * HOUR, FIRST + last * HOUR)


@st.composite
def energies(draw: st.DrawFn) -> Energy:
    shape = draw(st.sampled_from(["plain", "hours", "levels"]))
    limits = draw(st.none() | st.tuples(QUANTITIES, QUANTITIES).map(lambda pair: (min(pair), max(pair))))
    parcels = tuple(ParcelCode(code) for code in draw(st.lists(CODES, min_size=1, max_size=2, unique=True)))
    if shape == "hours":
        period = draw(periods(longest=60))
        hourly = tuple(draw(st.lists(QUANTITIES, min_size=period.hours, max_size=period.hours)))
        mean = mean_of(hourly, period.hours)
        return Energy(period, mean, ModulationKind.DECLARED, limits, parcels, hourly)
    period = draw(periods())
    if shape == "levels":
        levels = tuple(draw(QUANTITIES) for _ in range(3))
        unit = draw(st.sampled_from(LevelUnit))
        mean = mean_of(levels, period.hours if unit is LevelUnit.MWH else 3)
        told = LoadLevels(unit, *levels)
        return Energy(period, mean, ModulationKind.DECLARED, limits, parcels, levels=told)
    kind = draw(st.sampled_from([ModulationKind(letter) for letter in "FGCM"]))
    return Energy(period, draw(QUANTITIES), kind, limits, parcels)


@st.composite
def ceilings(draw: st.DrawFn, contract: Period | None) -> Energy:
    number = draw(st.integers(2, 11))
    whole = month(f"{number:02d}/2018")
    period = whole if contract is None else common_part(whole, contract)
    return Energy(period, draw(QUANTITIES), ModulationKind.CEILING, None, (ParcelCode(draw(CODES)),))


@st.composite
def registrations(draw: st.DrawFn) -> Registration:
    kind = draw(st.sampled_from([ContractKind.CCEAL, ContractKind.CBR]))
    is_cceal = kind is ContractKind.CCEAL
    origin = draw(st.sampled_from(Submarket)) if is_cceal else None
    whole = Period(FIRST, LAST)
    found = Terms(
        seller=ProfileCode(draw(CODES)),
        buyer=ProfileCode(draw(CODES)),
        period=whole,
        delivery_submarket=draw(st.sampled_from(Submarket)),
        origin_submarket=origin,
        cceal_type=1 if is_cceal else None,
        cbr_type=None if is_cceal else draw(st.integers(1, 9)),
        reference=draw(WORDS),
        remark=draw(WORDS),
        relieves_exposure=is_cceal and draw(st.booleans()),
        ballast=draw(st.sampled_from(["", "G", "E", "D"])) if is_cceal else "",
        ballast_parcels=()
        if is_cceal
        else tuple(ParcelCode(code) for code in draw(st.lists(CODES, max_size=2, unique=True))),
        assigned_from=ContractCode(draw(CODES)) if is_cceal and draw(st.booleans()) else None,
    )
    if found.cbr_type == 8:
        return Registration(kind, found, tuple(draw(st.lists(ceilings(whole), min_size=1, max_size=3))))
    is_draft = draw(st.booleans())
    amounts = draw(st.lists(energies(), min_size=0 if is_draft else 1, max_size=3))
    return Registration(kind, found, tuple(amounts), is_draft)


@st.composite
def adjustments(draw: st.DrawFn) -> Adjustment:
    change = TermsChange(
        buyer=draw(st.none() | CODES.map(ProfileCode)),
        period=draw(st.none() | periods()),
        delivery_submarket=draw(st.none() | st.sampled_from(Submarket)),
        origin_submarket=draw(st.none() | st.sampled_from(Submarket)),
        reference=draw(st.none() | WORDS.filter(bool)),
        remark=draw(st.none() | WORDS.filter(bool)),
        relieves_exposure=draw(st.none() | st.booleans()),
        ballast=draw(st.none() | st.sampled_from("GED")),
    )
    named = st.lists(energies(), min_size=1, max_size=3)
    if change.period is None:
        named |= st.lists(ceilings(None), min_size=1, max_size=3)
    return Adjustment(
        ContractCode(draw(CODES)),
        tuple(draw(named)),
        None if change == TermsChange() else change,
        completes=draw(st.booleans()),
    )


BEGINS = PLACES.map(lambda place: FIRST + place * HOUR)
VALIDATIONS = st.builds(
    Validation, CODES.map(ContractCode), st.lists(BEGINS, min_size=1, max_size=4).map(tuple)
)
CLOSURES = st.builds(
    Closure, CODES.map(ContractCode), st.sampled_from([Closing.FINISH, Closing.VALIDATE_FINISH]), BEGINS
) | st.builds(
    Closure, CODES.map(ContractCode), st.sampled_from([one for one in Closing if one is not Closing.FINISH])
)
DEMANDS = registrations() | adjustments() | VALIDATIONS | CLOSURES


def read_back(text: str) -> list[Row]:
    return list(read(io.BytesIO(text.encode()))[1])


@given(DEMANDS, st.sampled_from([ContractKind.CCEAL, ContractKind.CBR]))
def test_what_is_written_is_read_back_the_same(demand: Demand, kind: ContractKind) -> None:
    assert read_back(write([("1", demand)], kind=kind)) == [Row(1, "1", demand)]


@given(st.lists(adjustments() | VALIDATIONS | CLOSURES, min_size=1, max_size=5))
def test_rows_of_several_acts_are_read_back_in_their_order(demands: list[Demand]) -> None:
    rows = [(str(number), demand) for number, demand in enumerate(demands, 1)]
    expected = [Row(number, str(number), demand) for number, demand in enumerate(demands, 1)]
    assert read_back(write(rows)) == expected


def test_the_strict_form_of_a_registration() -> None:
    assert write([("1", registration())]) == (
        '<ContratosCCEAL tipoGeracao="4" tipoCCEAL="1">\n'
        '<Contrato sequencialControle="1" tipoGravacao="C"'
        ' dataDeInicio="01/01/2026 00" dataDeFim="31/12/2026 23"'
        ' idComprador="10010" idVendedor="10020" idSubMerEntrega="1">'
        '<MontanteMedio dataDeInicio="01/01/2026 00" dataDeFim="31/12/2026 23">'
        '<MontanteMedioContratoCCEALFirme montanteMedio="10.000000"/><TipoModulacao tipoModulacao="F"/>'
        "</MontanteMedio></Contrato>\n</ContratosCCEAL>\n"
    )


@pytest.mark.parametrize(
    ("demand", "kind", "generation"),
    [
        (registration(is_draft=True), ContractKind.CCEAL, 1),
        (Validation(ContractCode(1), (YEAR.begins,)), ContractKind.CCEAL, 24),
        (Closure(ContractCode(1), Closing.CANCEL), ContractKind.CBR, 12),
        (Adjustment(ContractCode(1), (energy(),)), ContractKind.CBR, 9),
    ],
)
def test_the_file_names_its_act(demand: Demand, kind: ContractKind, generation: int) -> None:
    assert f'tipoGeracao="{generation}"' in write([("1", demand)], kind=kind)


@pytest.mark.parametrize(("is_hourly", "new", "edit"), [(True, 5, 16), (False, 6, 17)])
def test_declared_amounts_have_acts_of_their_own(*, is_hourly: bool, new: int, edit: int) -> None:
    levels = LoadLevels(LevelUnit.AVERAGE_MW, Decimal(10), Decimal(10), Decimal(10))
    declared = replace(
        energy(JANUARY),
        modulation=ModulationKind.DECLARED,
        hourly_mwh=(Decimal(10),) * 744 if is_hourly else (),
        levels=None if is_hourly else levels,
    )
    assert f'tipoGeracao="{new}"' in write([("1", registration(declared))])
    assert f'tipoGeracao="{edit}"' in write([("1", Adjustment(ContractCode(1), (declared,)))])


MIDDLE = local_hour(2018, 2, 17, 23, fold=1)


@pytest.mark.parametrize(
    ("demand", "pointer"),
    [
        (Validation(ContractCode(1), (MIDDLE,)), "/0"),
        (Closure(ContractCode(1), Closing.FINISH, MIDDLE), "/0"),
        (Unreadable((Fault("a", "b"),)), "/0"),
        (Adjustment(ContractCode(1), (), TermsChange(reference="")), "/0/referencia"),
        (registration(energy(modulation=ModulationKind.DECLARED)), "/0/montantes/0/tipoModulacao"),
        (registration(energy(hourly_mwh=(Decimal(1),))), "/0/montantes/0/tipoModulacao"),
        (
            registration(energy(modulation=ModulationKind.DECLARED, hourly_mwh=(Decimal(1),))),
            "/0/montantes/0/montantesHorarios",
        ),
        (registration(energy(modulation=ModulationKind.CEILING)), "/0/montantes/0/dataDeInicio"),
        (registration(energy(), energy(JANUARY, modulation=ModulationKind.CEILING)), "/0/montantes"),
    ],
)
def test_what_the_layout_cannot_say_is_refused_by_its_place(demand: Demand, pointer: str) -> None:
    with pytest.raises(FaultsFound) as refused:
        write([("1", demand)])
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_every_row_that_cannot_be_written_is_told() -> None:
    bad = Validation(ContractCode(1), (MIDDLE,))
    with pytest.raises(FaultsFound) as refused:
        write([("1", bad), ("2", registration()), ("3", bad)])
    assert [fault.pointer for fault in refused.value.faults] == ["/0", "/2"]


def test_contracts_of_two_kinds_do_not_share_a_file() -> None:
    cbr = registration(kind=ContractKind.CBR, terms=terms(cceal_type=None, cbr_type=1))
    with pytest.raises(FaultsFound):
        write([("1", registration()), ("2", cbr)])


def test_a_file_has_rows() -> None:
    with pytest.raises(FaultsFound):
        write([])
