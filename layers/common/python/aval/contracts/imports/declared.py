"""Amounts that a file tells hour by hour or by load level, and whether they add up to the average."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import Final

from aval.contracts.imports.documents import Node
from aval.contracts.imports.findings import Findings, Readers
from aval.contracts.imports.values import (
    bare,
    hours_of_day,
    level_unit,
    mark,
    month,
    quantity,
    remembered,
    whole_number,
    words,
)
from aval.contracts.model import HOUR, LevelUnit, LoadLevels, Period
from aval.contracts.timeline import mean_of
from aval.moments import SAO_PAULO, spelled_out

MOST_HOURS: Final = 366 * 24 + 1
"""Of one stretch declared by the hour: a year, with the hour that the end of summer time gives back."""
TOLERANCE_MW: Final = Decimal("0.0001")
_DIGITS: Final = 60  # room for a year of hours of 28 digits each

_DAY: Final[Readers] = {
    "dia": ("day", remembered(whole_number(1, 31))),
}
_HOUR: Final[Readers] = {
    "hora": ("hour", bare(words(3))),
    "montanteHorario": ("amount", quantity),
    "montanteMaximoHorario": ("amount", quantity),
}
LEVELS: Final[Readers] = {
    "unidadePatamar": ("unit", remembered(level_unit)),
    "patamarLeve": ("light", quantity),
    "patamarMedio": ("middle", quantity),
    "patamarPesado": ("heavy", quantity),
}
_LEVELS_TOLD: Final = frozenset({"light", "middle", "heavy"})
_MONTH: Final[Readers] = {
    "mesAno": ("month", remembered(month)),
    "validarMontante": ("validates", remembered(mark)),
    "montanteMaximoModulacao": ("ceiling", quantity),
}


class _Hours:
    """The hours of a stretch as they are filled in."""

    def __init__(self, period: Period, found: Findings) -> None:
        self.amounts: list[Decimal | None] = [None] * period.hours
        self._period = period
        self._found = found

    def take_month(self, node: Node, where: str) -> None:
        whole = self._found.attributes(node[1], _MONTH, where).get("month")
        if not isinstance(whole, Period):
            self._found.complain("obrigatorio", f"{where}/mesAno", "informe o mês como MM/AAAA")
            return
        first = whole.begins.astimezone(SAO_PAULO).date()
        for child in node[2]:
            if child[0] == "Dia":
                self._take_day(child, first, where)
            else:
                self._found.ignore_element(child[0], where)

    def _take_day(self, node: Node, month: date, where: str) -> None:
        number = self._found.attributes(node[1], _DAY, f"{where}/Dia").get("day")
        if not isinstance(number, int):
            self._found.complain("obrigatorio", f"{where}/Dia", "informe o dia, de 1 a 31")
            return
        try:
            labels = hours_of_day(month.replace(day=number))
        except ValueError:
            self._found.complain("formato", f"{where}/Dia", f"o mês não tem dia {number}")
            return
        place = f"{where}/Dia[{number:02d}]/Hora"
        for _, attributes, _ in node[2]:
            told = self._found.attributes(attributes, _HOUR, place)
            self._take_hour(str(told.get("hour", "")), told.get("amount"), labels, place)

    def _take_hour(self, label: str, amount: object, labels: dict[str, datetime], where: str) -> None:
        moment = labels.get(label) or labels.get(f"0{label}")
        where = f"{where}[{label}]"
        if not isinstance(amount, Decimal):
            self._found.complain("obrigatorio", where, "informe hora e montanteHorario")
        elif moment is None:
            detail = f"esse dia não tem essa hora: ele tem {len(labels)}, de {min(labels)} a {max(labels)}"
            self._found.complain("horas", where, detail)
        elif not self._period.begins <= moment < self._period.ends:
            self._found.complain("horas", where, "a hora está fora do período do montante")
        else:
            place = (moment - self._period.begins) // HOUR
            if self.amounts[place] is not None:
                self._found.complain("horas", where, "a hora aparece duas vezes; deixe uma só")
            self.amounts[place] = amount


def hourly_amounts(
    months: Sequence[tuple[str, Node]], period: Period, where: str, found: Findings
) -> tuple[Decimal, ...]:
    """One amount for each hour of `period`, or an empty tuple and the faults that say why not."""
    if period.hours > MOST_HOURS:
        found.complain("horas", where, "declare por hora no máximo um ano em cada MontanteMedio; divida-o")
        return ()
    faults_before = len(found.faults)
    hours = _Hours(period, found)
    for place, node in months:
        hours.take_month(node, place)
    if len(found.faults) > faults_before:
        return ()
    if missing := hours.amounts.count(None):
        first = period.begins + hours.amounts.index(None) * HOUR
        detail = f"faltam {missing} horas do período; a primeira começa em {spelled_out(first)}"
        found.complain("horas", where, detail)
        return ()
    return tuple(one for one in hours.amounts if one is not None)


def load_levels(values: dict[str, object], where: str, found: Findings) -> LoadLevels | None:
    """The levels among an element's attributes, None where it has none; a level that is left out is zero."""
    if _LEVELS_TOLD.isdisjoint(values):
        return None
    told = [values.get(name) for name in ("light", "middle", "heavy")]
    unit = values.get("unit")
    if not isinstance(unit, LevelUnit):
        found.complain("obrigatorio", f"{where}/unidadePatamar", "informe 0 para MWh ou 1 para MW médios")
        return None
    light, middle, heavy = (one if isinstance(one, Decimal) else Decimal(0) for one in told)
    return LoadLevels(unit, light, middle, heavy)


def require_hours_to_add_up(
    hourly: Sequence[Decimal], average: Decimal, period: Period, where: str, found: Findings
) -> None:
    """Complain unless the hours make `average` over the hours that really pass in `period`."""
    _require_energy(total_of(hourly), average, period.hours, where, found)


def require_levels_to_add_up(
    levels: Sequence[tuple[LoadLevels, Period]], average: Decimal, period: Period, where: str, found: Findings
) -> None:
    """As for hours where levels are energies; averages by level must at least lie around the average.

    How many hours each level has is told by no dataset of the registry.
    """
    if all(one.unit is LevelUnit.MWH for one, _ in levels):
        if sum(stretch.hours for _, stretch in levels) != period.hours:
            found.complain("patamares", where, "os patamares devem cobrir todo o período do montante")
            return
        total = total_of([amount for one, _ in levels for amount in (one.light, one.middle, one.heavy)])
        _require_energy(total, average, period.hours, where, found)
        return
    averages = [amount for one, _ in levels for amount in (one.light, one.middle, one.heavy)]
    if not min(averages) - TOLERANCE_MW <= average <= max(averages) + TOLERANCE_MW:
        found.complain(
            "energia", where, "montanteMedio deve ficar entre o menor e o maior patamar, em MW médios"
        )


def _require_energy(total: Decimal, average: Decimal, hours: int, where: str, found: Findings) -> None:
    with localcontext() as context:
        context.prec = _DIGITS
        reached = total / hours
        if abs(reached - average) > TOLERANCE_MW:
            found.complain(
                "energia",
                where,
                f"a soma declarada dividida pelas {hours} horas do período dá {reached:.6f} MW médios;"
                " ela deve ser montanteMedio, com diferença de até 0,0001",
            )


def total_of(amounts: Sequence[Decimal]) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        return sum(amounts, Decimal(0))


def average_of_levels(levels: LoadLevels, period: Period, *, otherwise: Decimal) -> Decimal:
    """Energies have a mean of their own; of averages by level it cannot be told without the levels' hours."""
    if levels.unit is LevelUnit.MWH:
        return mean_of([levels.light, levels.middle, levels.heavy], period.hours)
    return otherwise
