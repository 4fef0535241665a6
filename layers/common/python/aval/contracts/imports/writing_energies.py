"""The elements of an import file that tell energy, in the strict form."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import quoteattr

from aval.contracts.imports import values
from aval.contracts.imports.declared import TOLERANCE_MW
from aval.contracts.model import HOUR, ContractKind, Energy, ModulationKind, Period
from aval.contracts.timeline import mean_of
from aval.moments import SAO_PAULO

_AVERAGES: Final = {
    ContractKind.CCEAL: "MontanteMedioContratoCCEALFirme",
    ContractKind.CBR: "MontanteMedioContratoCBR",
}


class NotWritable(Exception):
    """What the layout has no way to say; `pointer` is inside the row."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


def element(name: str, attributes: Mapping[str, str], content: str = "") -> str:
    """Blank attributes are left out, which means the same."""
    told = "".join(f" {key}={quoteattr(text)}" for key, text in attributes.items() if text)
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def begin_told(moment: datetime) -> str:
    local = moment.astimezone(SAO_PAULO)
    if local.fold:
        raise NotWritable("um período não pode começar entre as duas horas iguais do fim do horário de verão")
    return f"{local:%d/%m/%Y %H}"


def end_told(moment: datetime) -> str:
    """The last hour; 00 would be read as the end of the day before, and is told with its last second."""
    last = (moment - HOUR).astimezone(SAO_PAULO)
    if not last.fold and moment.astimezone(SAO_PAULO).fold:
        raise NotWritable("um período não pode acabar entre as duas horas iguais do fim do horário de verão")
    return f"{last:%d/%m/%Y %H}" + (":59:59" if last.hour == 0 else "")


def stretch_xml(energy: Energy, kind: ContractKind, pointer: str) -> str:
    is_declared = bool(energy.hourly_mwh) or energy.levels is not None
    if is_declared is not (energy.modulation is ModulationKind.DECLARED):
        detail = (
            "a modulação declarada (D) tem horas ou patamares, e só ela; informe-os, ou mude tipoModulacao"
        )
        raise NotWritable(detail, f"{pointer}/tipoModulacao")
    attributes = {
        "dataDeInicio": begin_told(energy.period.begins),
        "dataDeFim": end_told(energy.period.ends),
        **_levels(energy),
    }
    parts = [element(_AVERAGES[kind], {"montanteMedio": _amount(energy.average_mw)})]
    if not is_declared:
        parts.append(element("TipoModulacao", {"tipoModulacao": energy.modulation.value}))
    if energy.limits is not None:
        lowest, highest = (_amount(limit) for limit in energy.limits)
        limits = {"limiteMinimoModulacao": lowest, "limiteMaximoModulacao": highest}
        parts.append(element("LimiteModulacao", limits))
    parts += _parcels(energy)
    if energy.hourly_mwh:
        parts += _months(energy, pointer, "montanteHorario")
    return element("MontanteMedio", attributes, "".join(parts))


def ceilings_xml(energies: Sequence[Energy], contract: Period | None) -> str:
    """The months of a contract of Law 13.182/2015, each whole but where the contract begins or ends in it."""
    parts = [_ceiling(energy, contract, f"/montantes/{index}") for index, energy in enumerate(energies)]
    return element("MontanteMaximoModulacao", {}, "".join(parts))


def _ceiling(energy: Energy, contract: Period | None, pointer: str) -> str:
    month = f"{energy.period.begins.astimezone(SAO_PAULO):%m/%Y}"
    whole = values.month(month)
    if contract is not None and whole.overlaps(contract):
        whole = values.common_part(whole, contract)
    if energy.period != whole:
        raise NotWritable(
            "um limite da Lei 13.182 é de um mês inteiro do contrato", f"{pointer}/dataDeInicio"
        )
    if energy.limits is not None or energy.levels is not None:
        raise NotWritable("um limite da Lei 13.182 não tem limites de modulação nem patamares", pointer)
    if not energy.hourly_mwh:
        told = {"mesAno": month, "montanteMaximoModulacao": _amount(energy.average_mw)}
        return element("MesAno", told, "".join(_parcels(energy)))
    if abs(mean_of(energy.hourly_mwh, energy.period.hours) - energy.average_mw) > TOLERANCE_MW:
        detail = "montanteMedio deve ser a média das horas, com diferença de até 0,0001"
        raise NotWritable(detail, f"{pointer}/montanteMedio")
    (days,) = _days_by_month(energy, pointer, "montanteMaximoHorario").values()
    return element("MesAno", {"mesAno": month}, "".join((*_parcels(energy), *days)))


def _levels(energy: Energy) -> dict[str, str]:
    levels = energy.levels
    if levels is None:
        return {}
    return {
        "unidadePatamar": levels.unit.value,
        "patamarLeve": _amount(levels.light),
        "patamarMedio": _amount(levels.middle),
        "patamarPesado": _amount(levels.heavy),
    }


def _parcels(energy: Energy) -> list[str]:
    return [
        element("AtivoAssociadoModulacao", {"idAtivoAssociadoModulacao": str(parcel)})
        for parcel in energy.parcels
    ]


def _months(energy: Energy, pointer: str, attribute: str) -> Iterator[str]:
    for month, days in _days_by_month(energy, pointer, attribute).items():
        yield element("MesAno", {"mesAno": month}, "".join(days))


def _days_by_month(energy: Energy, pointer: str, attribute: str) -> dict[str, list[str]]:
    if len(energy.hourly_mwh) != energy.period.hours:
        detail = f"informe um valor para cada uma das {energy.period.hours} horas do período"
        raise NotWritable(detail, f"{pointer}/montantesHorarios")
    hours: dict[tuple[str, int], list[str]] = {}
    for place, amount in enumerate(energy.hourly_mwh):
        local = (energy.period.begins + place * HOUR).astimezone(SAO_PAULO)
        told = {"hora": f"{local:%H}" + "*" * local.fold, attribute: _amount(amount)}
        hours.setdefault((f"{local:%m/%Y}", local.day), []).append(element("Hora", told))
    months: dict[str, list[str]] = {}
    for (month, day), told_hours in hours.items():
        months.setdefault(month, []).append(element("Dia", {"dia": f"{day:02d}"}, "".join(told_hours)))
    return months


def _amount(amount: Decimal) -> str:
    """Six decimals and a point: the layout's decimal(28,6)."""
    return f"{amount:.6f}"
