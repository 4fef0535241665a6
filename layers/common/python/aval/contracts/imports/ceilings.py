"""MontanteMaximoModulacao: what a contract of Law 13.182/2015, article 5, may take, by month or by hour."""

from decimal import Decimal
from typing import Final

from aval.contracts.imports import declared, values
from aval.contracts.imports.documents import Node
from aval.contracts.imports.findings import Findings, Readers
from aval.contracts.imports.stretches import parcel_of, parcels_told
from aval.contracts.imports.values import Misread
from aval.contracts.model import Energy, ModulationKind, ParcelCode, Period
from aval.contracts.timeline import mean_of

LAW_13182: Final = 8
"""tipoCBR of these contracts."""

_MONTH: Final[Readers] = {
    "mesAno": ("month", values.remembered(values.month)),
    "montanteMaximoModulacao": ("ceiling", values.quantity),
    "validarMontante": ("validates", values.remembered(values.mark)),
}


def read_ceilings(node: Node, where: str, contract: Period | None, found: Findings) -> None:
    """A stretch for each month, cut by the `contract`; its average is the ceiling, in average MW."""
    found.has_cbr_elements = found.has_ceilings = True
    found.attributes(node[1], {}, where)
    for number, part in enumerate(node[2], 1):
        place = f"{where}/MesAno[{number}]"
        if part[0] != "MesAno":
            found.ignore_element(part[0], where)
        else:
            _read_month(part, place, contract, found)
    if not node[2]:
        found.complain("obrigatorio", where, "informe um MesAno para cada mês")


def _read_month(node: Node, where: str, contract: Period | None, found: Findings) -> None:
    told = found.attributes(node[1], _MONTH, where)
    period = _period(told.get("month"), where, contract, found)
    if period is None:
        return
    if "validates" in told:
        if "ceiling" not in told and not node[2]:
            found.validated.append(period.begins)
            return
        found.asks_for_validation = True
    ceiling, hourly = _ceiling_of(node, told.get("ceiling"), period, where, found)
    if ceiling is None:
        return
    named: list[ParcelCode] = []
    for child in node[2]:
        if child[0] == "AtivoAssociadoModulacao":
            named += parcel_of(child, where, found)
    parcels = parcels_told(named, where, found)
    found.energies.append(Energy(period, ceiling, ModulationKind.CEILING, None, parcels, hourly))


def _period(month: object, where: str, contract: Period | None, found: Findings) -> Period | None:
    if not isinstance(month, Period):
        found.complain("obrigatorio", f"{where}/mesAno", "informe o mês como MM/AAAA")
        return None
    try:
        return month if contract is None else values.common_part(month, contract)
    except Misread as misread:
        found.complain("periodo", f"{where}/mesAno", misread.detail)
        return None


def _ceiling_of(
    node: Node, told: object, period: Period, where: str, found: Findings
) -> tuple[Decimal | None, tuple[Decimal, ...]]:
    if days := [child for child in node[2] if child[0] == "Dia"]:
        hourly = declared.hourly_amounts([(where, ("MesAno", node[1], days))], period, where, found)
        return mean_of(hourly, period.hours) if hourly else None, hourly
    if isinstance(told, Decimal):
        return told, ()
    found.complain("obrigatorio", where, "informe montanteMaximoModulacao, ou Dia e Hora")
    return None, ()
