"""An operational calendar for the demo: true of any day, since its months are counted from today."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from aval.registry.model import CalendarKind

_MONTHS_BACK: Final = 14
_MONTHS_AHEAD: Final = 24
# A month opens when the one before it begins, and closes on a day of the one after it. The chamber's own
# calendar counts working days; the demo wants dates that are easily told.
_CLOSING_DAY: Final = {
    CalendarKind.REGISTRO_CONTRATO: 9,
    CalendarKind.AJUSTE_MONTANTE: 10,
    CalendarKind.VALIDACAO_MONTANTE: 11,
    CalendarKind.FINALIZACAO_CONTRATO: 11,
}


def entries(today: date) -> list[dict[str, str]]:
    """Rows of the dataset `calendario`; the same on every day of a month."""
    return list(_entries(today.year * 12 + today.month - 1))


def _entries(current: int) -> Iterator[dict[str, str]]:
    for month in range(current - _MONTHS_BACK, current + _MONTHS_AHEAD + 1):
        for kind, day in _CLOSING_DAY.items():
            yield {
                "tipo": kind,
                "competencia": _named(month),
                "abertura": f"{_named(month - 1)}-01T00:00",
                "prazo": f"{_named(month + 1)}-{day:02d}T18:00",
            }


def _named(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
