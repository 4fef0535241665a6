"""MontanteMedio: stretches of a contract, by period, month or week, with their energy or validation."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from aval.contracts.imports import declared, values
from aval.contracts.imports.documents import Node
from aval.contracts.imports.findings import Findings, Readers
from aval.contracts.imports.values import Misread
from aval.contracts.model import Energy, LoadLevels, ModulationKind, ParcelCode, Period

_BY_PARCEL: Final = (ModulationKind.GENERATION, ModulationKind.LOAD)

MOST_PARCELS: Final = 100

_STRETCH: Final[Readers] = {
    "dataDeInicio": ("begins", values.remembered(values.begin)),
    "vigenciaDeInicio": ("begins", values.remembered(values.begin)),
    "dataDeFim": ("ends", values.remembered(values.end)),
    "vigenciaDeFim": ("ends", values.remembered(values.end)),
    "validarMontante": ("validates", values.remembered(values.mark)),
    **declared.LEVELS,
}
_PART: Final[Readers] = {
    "mesAno": ("month", values.remembered(values.month)),
    "semana": ("week", values.remembered(values.whole_number(1, 60))),
    "validarMontante": ("validates", values.remembered(values.mark)),
    **declared.LEVELS,
}
_AVERAGE: Final[Readers] = {
    "montanteMedio": ("average", values.quantity),
}
_MODULATION: Final[Readers] = {
    "tipoModulacao": ("kind", values.remembered(values.modulation)),
}
_LIMITS: Final[Readers] = {
    "limiteMinimoModulacao": ("lowest", values.quantity),
    "limiteMaximoModulacao": ("highest", values.quantity),
}
_PARCEL: Final[Readers] = {
    "idAtivoAssociadoModulacao": ("parcel", values.remembered(values.code)),
    "excluirAtivoAssociadoModulacao": ("leaves", values.remembered(values.mark)),
}


class _Content:
    """What stands directly inside a stretch."""

    average: Decimal | None = None
    has_average = False
    modulation: ModulationKind | None = None
    limits: tuple[Decimal, Decimal] | None = None

    def __init__(self) -> None:
        self.parcels: list[ParcelCode] = []
        self.parts: list[tuple[str, Node]] = []

    def take_average(self, node: Node, where: str, found: Findings) -> None:
        self.has_average = True
        average = found.attributes(node[1], _AVERAGE, where).get("average")
        if isinstance(average, Decimal):
            self.average = average
        elif not found.faults:
            found.complain("obrigatorio", f"{where}/montanteMedio", "informe o montante em MW médios")
        if node[0] == "MontanteMedioContratoCBR":
            found.has_cbr_elements = True

    def take_modulation(self, node: Node, where: str, found: Findings) -> None:
        kind = found.attributes(node[1], _MODULATION, where).get("kind")
        self.modulation = kind if isinstance(kind, ModulationKind) else None

    def take_parcel(self, node: Node, where: str, found: Findings) -> None:
        self.parcels += parcel_of(node, where, found)

    def take_limits(self, node: Node, where: str, found: Findings) -> None:
        self.limits = _limits_of(node, where, found)

    def take_part(self, node: Node, where: str, _: Findings) -> None:
        self.parts.append((f"{where}/{node[0]}[{len(self.parts) + 1}]", node))


_TAKERS: Final = {
    "MontanteMedioContratoCCEALFirme": _Content.take_average,
    "MontanteMedioContratoCBR": _Content.take_average,
    "TipoModulacao": _Content.take_modulation,
    "AtivoAssociadoModulacao": _Content.take_parcel,
    "LimiteModulacao": _Content.take_limits,
    "MesAno": _Content.take_part,
    "Semana": _Content.take_part,
}


def read_stretch(node: Node, where: str, contract: Period | None, found: Findings) -> None:
    """Put what `node` asks for into `found`; without dates of its own it is about the whole `contract`."""
    told = found.attributes(node[1], _STRETCH, where)
    begins, ends = told.get("begins"), told.get("ends")
    period = contract if begins is None and ends is None else None
    if isinstance(begins, datetime) and isinstance(ends, datetime):
        try:
            period = values.period(begins, ends)
        except Misread as misread:
            found.complain("periodo", f"{where}/dataDeFim", misread.detail)
    _read(node, told, period, where, found)


def _read(node: Node, told: dict[str, object], period: Period | None, where: str, found: Findings) -> None:
    content = _content_of(node, where, found)
    if content.has_average:
        if "validates" in told:
            found.asks_for_validation = True
        if content.average is not None and period is not None:
            _add_energy(content, told, period, where, found)
        elif not found.faults:
            found.complain("obrigatorio", where, "informe o início e o fim deste montante")
    elif content.parts:
        for place, part in content.parts:
            _read_part(part, period, place, found)
    elif "validates" in told:
        _add_validation(told, period, where, found)
    elif not found.faults:
        found.complain(
            "obrigatorio", where, 'informe montanteMedio, ou validarMontante="X" para validar o montante'
        )


def _content_of(node: Node, where: str, found: Findings) -> _Content:
    content = _Content()
    for child in node[2]:
        name = child[0]
        if take := _TAKERS.get(name):
            take(content, child, where, found)
        elif name.startswith("MontanteMedioContrato"):
            found.complain("tipo", where, f"{name} não é aceito por este serviço: só CCEAL firme e CBR")
        else:
            found.ignore_element(name, where)
    return content


def parcel_of(node: Node, where: str, found: Findings) -> list[ParcelCode]:
    """The parcel that an AtivoAssociadoModulacao names, unless it is blank or named to be left out."""
    told = found.attributes(node[1], _PARCEL, where)
    parcel = told.get("parcel")
    return [ParcelCode(parcel)] if isinstance(parcel, int) and "leaves" not in told else []


def parcels_told(parcels: list[ParcelCode], where: str, found: Findings) -> tuple[ParcelCode, ...]:
    """Each once, however often it is named."""
    told = tuple(dict.fromkeys(parcels))
    if len(told) > MOST_PARCELS:
        found.complain("parcelas", where, f"informe no máximo {MOST_PARCELS} parcelas de ativo")
    return told


def _limits_of(node: Node, where: str, found: Findings) -> tuple[Decimal, Decimal] | None:
    told = found.attributes(node[1], _LIMITS, where)
    lowest, highest = told.get("lowest"), told.get("highest")
    if lowest is None and highest is None:
        return None
    if not isinstance(lowest, Decimal) or not isinstance(highest, Decimal):
        found.complain("obrigatorio", f"{where}/LimiteModulacao", "informe os dois limites, ou nenhum")
        return None
    if lowest > highest:
        found.complain("limites", f"{where}/LimiteModulacao", "o limite mínimo não pode passar do máximo")
    return lowest, highest


def _read_part(part: Node, whole: Period | None, where: str, found: Findings) -> None:
    told = found.attributes(part[1], _PART, where)
    if (period := _period_of_part(told, whole, where, found)) is not None:
        _read(part, told, period, where, found)


def _period_of_part(
    told: dict[str, object], whole: Period | None, where: str, found: Findings
) -> Period | None:
    """The month or week that a part names, as far as it lies in `whole`."""
    month, week = told.get("month"), told.get("week")
    try:
        if isinstance(month, Period):
            return values.common_part(month, whole) if whole is not None else month
        if isinstance(week, int) and whole is not None:
            return values.week(week, whole)
    except Misread as misread:
        found.complain("periodo", where, misread.detail)
        return None
    found.complain("obrigatorio", where, "informe mesAno ou semana, e o início e o fim do MontanteMedio")
    return None


def _add_validation(told: dict[str, object], period: Period | None, where: str, found: Findings) -> None:
    begins = told.get("begins")
    if isinstance(begins, datetime):
        found.validated.append(begins)
    elif period is not None:
        found.validated.append(period.begins)
    elif not found.faults:
        found.complain("obrigatorio", f"{where}/vigenciaDeInicio", "informe o início do montante que valida")


def _add_energy(
    content: _Content, told: dict[str, object], period: Period, where: str, found: Findings
) -> None:
    average = content.average
    if average is None:
        raise ValueError("an energy without its average")
    kind = content.modulation or ModulationKind.FLAT
    if kind in _BY_PARCEL and not content.parcels:
        found.complain(
            "obrigatorio",
            f"{where}/AtivoAssociadoModulacao",
            "a modulação por geração (G) ou carga (C) pede idAtivoAssociadoModulacao",
        )
    parcels = parcels_told(content.parcels, where, found) if content.parcels else ()
    levels = declared.load_levels(told, where, found)
    if not content.parts and levels is None:
        found.energies.append(Energy(period, average, kind, content.limits, parcels))
    elif content.modulation not in (None, ModulationKind.REALLOCATION):
        found.complain(
            "modulacao",
            f"{where}/tipoModulacao",
            "retire tipoModulacao onde horas ou patamares são declarados",
        )
    elif levels is not None:
        declared.require_levels_to_add_up([(levels, period)], average, period, where, found)
        found.energies.append(_declared(content, period, average, levels=levels))
    elif any(child[0] == "Dia" for _, part in content.parts for child in part[2]):
        hourly = declared.hourly_amounts(content.parts, period, where, found)
        if hourly:
            declared.require_hours_to_add_up(hourly, average, period, where, found)
            found.energies.append(_declared(content, period, average, hourly=hourly))
    else:
        _add_levels_of_parts(content, average, period, where, found)


def _declared(
    content: _Content,
    period: Period,
    average: Decimal,
    *,
    hourly: tuple[Decimal, ...] = (),
    levels: LoadLevels | None = None,
) -> Energy:
    parcels = tuple(dict.fromkeys(content.parcels))
    return Energy(period, average, ModulationKind.DECLARED, content.limits, parcels, hourly, levels)


def _add_levels_of_parts(
    content: _Content, average: Decimal, period: Period, where: str, found: Findings
) -> None:
    """Months and weeks with load levels under one average: each becomes a stretch of its own."""
    stretches = _levels_of(content.parts, period, {}, found)
    if not stretches:
        if not found.faults:
            found.complain("obrigatorio", where, "informe Dia e Hora, ou os patamares, de cada mês ou semana")
        return
    declared.require_levels_to_add_up(stretches, average, period, where, found)
    for levels, stretch in stretches:
        mean = declared.average_of_levels(levels, stretch, otherwise=average)
        found.energies.append(_declared(content, stretch, mean, levels=levels))


def _levels_of(
    parts: Sequence[tuple[str, Node]], whole: Period, inherited: dict[str, object], found: Findings
) -> list[tuple[LoadLevels, Period]]:
    stretches: list[tuple[LoadLevels, Period]] = []
    for where, part in parts:
        told = {**inherited, **found.attributes(part[1], _PART, where)}
        period = _period_of_part(told, whole, where, found)
        if period is None:
            continue
        levels = declared.load_levels(told, where, found)
        smaller = [(f"{where}/{child[0]}[{n}]", child) for n, child in enumerate(part[2], 1)]
        if levels is not None:
            stretches.append((levels, period))
        elif smaller:
            stretches += _levels_of(smaller, period, {"unit": told.get("unit")}, found)
    return stretches
