import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest

from aval.contracts.imports.reading import read
from aval.contracts.imports.rows import Adjustment, Registration, Unreadable
from aval.contracts.model import (
    HOUR,
    Energy,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    ParcelCode,
    Period,
    local_hour,
)
from aval.moments import SAO_PAULO
from tests.support.contracts import contract_xml, file_xml

FEBRUARY_2018 = Period(
    local_hour(2018, 2, 1), local_hour(2018, 3, 1)
)  # 673 hours: summer time ended on the 18th
NOVEMBER_2018 = Period(local_hour(2018, 11, 1), local_hour(2018, 12, 1))  # 719 hours: it began on the 4th
YEAR_2017 = Period(local_hour(2017, 1, 1), local_hour(2018, 1, 1))


def hours_xml(period: Period, amount: str = "10", *, attribute: str = "montanteHorario") -> str:
    """The MesAno elements that declare `amount` for every hour of `period`."""
    text, month, day = "", "", 0
    for moment in hours_of(period):
        local = moment.astimezone(SAO_PAULO)
        if f"{local:%m/%Y}" != month:
            text += (
                f"{'</Dia></MesAno>' if month else ''}<MesAno mesAno='{local:%m/%Y}'><Dia dia='{local:%d}'>"
            )
        elif local.day != day:
            text += f"</Dia><Dia dia='{local:%d}'>"
        month, day = f"{local:%m/%Y}", local.day
        text += f"<Hora hora='{local:%H}{'*' * local.fold}' {attribute}='{amount}'/>"
    return f"{text}</Dia></MesAno>"


def hours_of(period: Period) -> Iterator[datetime]:
    moment = period.begins
    while moment < period.ends:
        yield moment
        moment += HOUR


def stretch_xml(period: Period, inside: str, average: str = "10", attributes: str = "") -> str:
    begins, last = (moment.astimezone(SAO_PAULO) for moment in (period.begins, period.ends - HOUR))
    return (
        f"<MontanteMedio dataDeInicio='{begins:%d/%m/%Y %H}' dataDeFim='{last:%d/%m/%Y %H}' {attributes}>"
        f"<MontanteMedioContratoCCEALFirme montanteMedio='{average}'/>{inside}</MontanteMedio>"
    )


def demand_of(amounts: str, *, root: str = "ContratosCCEAL", years: str = "2017 2018") -> object:
    first, last = years.split()
    row = contract_xml(amounts=amounts, dataDeInicio=f"01/01/{first} 00", dataDeFim=f"31/12/{last} 23")
    (found,) = read(io.BytesIO(file_xml([row], root=root).encode()))[1]
    return found.demand


def energies_of(
    amounts: str, *, root: str = "ContratosCCEAL", years: str = "2017 2018"
) -> tuple[Energy, ...]:
    demand = demand_of(amounts, root=root, years=years)
    assert isinstance(demand, Registration | Adjustment), demand
    return demand.energies


def fault_of(amounts: str, *, root: str = "ContratosCCEAL") -> str:
    demand = demand_of(amounts, root=root)
    assert isinstance(demand, Unreadable), demand
    return "; ".join(fault.detail for fault in demand.faults)


@pytest.mark.parametrize(("period", "hours"), [(FEBRUARY_2018, 673), (NOVEMBER_2018, 719), (YEAR_2017, 8760)])
def test_every_hour_that_passed_is_declared_once(period: Period, hours: int) -> None:
    (found,) = energies_of(stretch_xml(period, hours_xml(period)))
    assert found.hourly_mwh == (Decimal(10),) * hours
    assert (found.modulation, found.period) == (ModulationKind.DECLARED, period)


def test_hours_lie_where_their_labels_say() -> None:
    text = hours_xml(FEBRUARY_2018).replace(
        "hora='23*' montanteHorario='10'", "hora='23*' montanteHorario='10.01'"
    )
    (found,) = energies_of(stretch_xml(FEBRUARY_2018, text))
    assert found.hourly_mwh.index(Decimal("10.01")) == 17 * 24


def test_hours_may_be_told_by_one_digit() -> None:
    text = hours_xml(NOVEMBER_2018).replace("hora='0", "hora='")
    assert len(energies_of(stretch_xml(NOVEMBER_2018, text))[0].hourly_mwh) == 719


@pytest.mark.parametrize(
    ("average", "is_taken"), [("10.0001", True), ("9.9999", True), ("10.000101", False), ("9.999899", False)]
)
def test_the_hours_make_the_average_within_a_ten_thousandth(average: str, *, is_taken: bool) -> None:
    text = stretch_xml(FEBRUARY_2018, hours_xml(FEBRUARY_2018), average)
    if is_taken:
        assert energies_of(text)
    else:
        assert "673 horas" in fault_of(text)


def test_counting_a_25_hour_day_as_24_does_not_make_the_average() -> None:
    # 672 hours of 10 MWh and one of 0: an average of 10 over 672 hours, and 9.985 over those that passed.
    text = hours_xml(FEBRUARY_2018).replace(
        "hora='23*' montanteHorario='10'", "hora='23*' montanteHorario='0'"
    )
    assert "9.985141" in fault_of(stretch_xml(FEBRUARY_2018, text))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("<Hora hora='05' montanteHorario='10'/>", "", 1), "faltam 1 horas"),
        (("hora='05'", "hora='06'", 1), "duas vezes"),
        (("hora='23*'", "hora='22*'", 1), "não tem essa hora"),
        (("dia='28'", "dia='30'", 1), "não tem dia 30"),
        (("mesAno='02/2018'", "mesAno='03/2018'", 1), "fora do período"),
        (("montanteHorario='10'", "montanteHorario='-1'", 1), "zero em diante"),
        ((" dia='05'", "", 1), "informe o dia"),
        ((" mesAno='02/2018'", "", 1), "informe o mês"),
    ],
)
def test_an_hour_that_is_missing_or_misplaced_is_refused(change: tuple[str, str, int], part: str) -> None:
    assert part in fault_of(stretch_xml(FEBRUARY_2018, hours_xml(FEBRUARY_2018).replace(*change)))


def test_midnight_does_not_exist_on_the_day_that_summer_time_begins() -> None:
    text = hours_xml(NOVEMBER_2018).replace(
        "<Dia dia='04'>", "<Dia dia='04'><Hora hora='00' montanteHorario='0'/>"
    )
    assert "ele tem 23, de 01 a 23" in fault_of(stretch_xml(NOVEMBER_2018, text))


def test_hours_are_declared_for_a_year_at_most() -> None:
    two_years = Period(YEAR_2017.begins, local_hour(2019, 1, 1))
    assert "um ano" in fault_of(stretch_xml(two_years, hours_xml(FEBRUARY_2018)))


def test_hours_and_a_flat_modulation_contradict_each_other() -> None:
    inside = hours_xml(FEBRUARY_2018) + "<TipoModulacao tipoModulacao='F'/>"
    assert "retire tipoModulacao" in fault_of(stretch_xml(FEBRUARY_2018, inside))
    assert energies_of(stretch_xml(FEBRUARY_2018, inside.replace("'F'", "'M'")))


JANUARY_2018 = Period(local_hour(2018, 1, 1), local_hour(2018, 2, 1))
WEEK = "<semana semana='{}'><MontanteMedioContratoCCEALFirme montanteMedio='{}'/></semana>"


def whole_xml(period: Period, inside: str) -> str:
    return stretch_xml(period, inside).replace("<MontanteMedioContratoCCEALFirme montanteMedio='10'/>", "", 1)


def test_each_week_is_a_stretch() -> None:
    found = energies_of(whole_xml(JANUARY_2018, WEEK.format(1, "1") + WEEK.format(5, "2,5")))
    assert found == (
        Energy(Period(local_hour(2018, 1, 1), local_hour(2018, 1, 6)), Decimal(1)),
        Energy(Period(local_hour(2018, 1, 27), local_hour(2018, 2, 1)), Decimal("2.5")),
    )


def test_a_week_beyond_the_period_is_refused() -> None:
    assert "depois do fim" in fault_of(whole_xml(JANUARY_2018, WEEK.format(6, "1")))


def test_each_month_is_a_stretch_cut_by_the_period() -> None:
    part = "<MesAno mesAno='{}'><MontanteMedioContratoCCEALFirme montanteMedio='{}'/></MesAno>"
    period = Period(local_hour(2018, 1, 15), local_hour(2018, 3, 1))
    found = energies_of(whole_xml(period, part.format("01/2018", "1") + part.format("02/2018", "2")))
    assert found == (
        Energy(Period(period.begins, local_hour(2018, 2, 1)), Decimal(1)),
        Energy(FEBRUARY_2018, Decimal(2)),
    )
    assert "fora do período" in fault_of(whole_xml(period, part.format("03/2018", "1")))


def levels_xml(unit: str, light: str, middle: str, heavy: str) -> str:
    return f"unidadePatamar='{unit}' patamarLeve='{light}' patamarMédio='{middle}' patamarPesado='{heavy}'"


def test_levels_in_mwh_make_the_average() -> None:
    attributes = levels_xml("0", "2440", "2500", "2500")  # 744 hours of 10 MW
    (found,) = energies_of(stretch_xml(JANUARY_2018, "", "10", attributes))
    assert found.levels == LoadLevels(LevelUnit.MWH, Decimal(2440), Decimal(2500), Decimal(2500))
    assert found.modulation is ModulationKind.DECLARED
    assert "montanteMedio" in fault_of(stretch_xml(JANUARY_2018, "", "11", attributes))


def test_levels_in_average_mw_lie_around_the_average() -> None:
    attributes = levels_xml("1", "8", "10", "12")
    (found,) = energies_of(stretch_xml(JANUARY_2018, "", "10.3", attributes))
    assert found.average_mw == Decimal("10.3")
    assert "menor e o maior" in fault_of(stretch_xml(JANUARY_2018, "", "12.1", attributes))


def test_levels_name_their_unit() -> None:
    assert "MWh ou 1" in fault_of(stretch_xml(JANUARY_2018, "", "10", "patamarLeve='1'"))


def test_levels_by_week_in_mwh_become_stretches_with_averages_of_their_own() -> None:
    weeks = "".join(
        f"<Semana semana='{number}' patamarLeve='0' patamarMedio='{energy}'/>"
        for number, energy in enumerate((1200, 1680, 1680, 1680, 1200), 1)
    )
    inside = f"<MesAno mesAno='01/2018' unidadePatamar='0'>{weeks}</MesAno>"
    found = energies_of(stretch_xml(JANUARY_2018, inside))
    assert [one.period.hours for one in found] == [120, 168, 168, 168, 120]
    assert {one.average_mw for one in found} == {Decimal(10)}


def test_levels_by_week_cover_the_whole_period() -> None:
    inside = "<Semana semana='1' unidadePatamar='0' patamarMedio='1200'/>"
    assert "cobrir" in fault_of(stretch_xml(JANUARY_2018, inside))


CEILINGS = (
    "<MontanteMaximoModulacao><MesAno mesAno='02/2018' {}>{}"
    "<AtivoAssociadoModulacao idAtivoAssociadoModulacao='7002'/></MesAno></MontanteMaximoModulacao>"
)


@pytest.mark.parametrize("generation", [13, 14, 15])
def test_a_monthly_ceiling_is_a_stretch_of_a_cbr_of_law_13182(generation: int) -> None:
    row = contract_xml(
        amounts=CEILINGS.format("montanteMaximoModulacao='22.5' validarMontante='X'", ""),
        dataDeInicio="01/02/2018 00",
        dataDeFim="28/02/2018 23",
    )
    text = file_xml([row], root="ContratosCBR", generation=generation, cceal_type=None)
    (found,) = read(io.BytesIO(text.encode()))[1]
    assert isinstance(found.demand, Registration)
    assert found.demand.terms.cbr_type == 8
    assert found.demand.energies == (
        Energy(FEBRUARY_2018, Decimal("22.5"), ModulationKind.CEILING, parcels=(ParcelCode(7002),)),
    )


def test_an_hourly_ceiling_has_an_amount_for_every_hour() -> None:
    text = hours_xml(FEBRUARY_2018, "3", attribute="montanteMaximoHorario")
    days = text.removeprefix("<MesAno mesAno='02/2018'>").removesuffix("</MesAno>")
    (found,) = energies_of(CEILINGS.format("", days), root="ContratosCBR")
    assert (found.average_mw, len(found.hourly_mwh)) == (Decimal(3), 673)


def test_ceilings_are_for_cbr_alone() -> None:
    assert "ContratosCBR" in fault_of(CEILINGS.format("montanteMaximoModulacao='1'", ""))


def test_a_month_without_a_ceiling_is_refused() -> None:
    assert "montanteMaximoModulacao" in fault_of(CEILINGS.format("", ""), root="ContratosCBR")
