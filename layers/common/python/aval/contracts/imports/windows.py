"""The operational calendar: when an act may be done for a month, and what to say when it may not."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from aval.contracts.imports.book import Book
from aval.contracts.model import HOUR, Period
from aval.errors import Fault
from aval.moments import SAO_PAULO, spelled_out
from aval.registry.model import CalendarKind

_ACTS: Final = {
    CalendarKind.REGISTRO_CONTRATO: "registrar contratos",
    CalendarKind.AJUSTE_MONTANTE: "ajustar montantes",
    CalendarKind.VALIDACAO_MONTANTE: "validar montantes",
    CalendarKind.FINALIZACAO_CONTRATO: "finalizar ou cancelar contratos",
}


@lru_cache(maxsize=4096)
def competence_of(moment: datetime) -> str:
    """The month of São Paulo in which `moment` lies, YYYY-MM."""
    return f"{moment.astimezone(SAO_PAULO):%Y-%m}"


def last_competence_before(moment: datetime) -> str:
    return competence_of(moment - HOUR)


def window_fault(
    book: Book, kind: CalendarKind, month: str, *, at: datetime, first_month: str | None = None
) -> Fault | None:
    """Why `kind` may not be done for `month` at the moment `at`, or None.

    A month whose window has not opened yet goes with the contract's `first_month`, while that is open: so a
    year can be agreed to at once. A month of the future that the calendar does not have yet counts as one.
    """
    entry = book.calendar.get((kind, month))
    if entry is not None and entry.opening <= at <= entry.deadline:
        return None
    is_ahead = entry.opening > at if entry is not None else month > competence_of(at)
    if first_month is not None and first_month < month and is_ahead:
        leading = book.calendar.get((kind, first_month))
        if leading is not None and leading.opening <= at <= leading.deadline:
            return None
    told = f"{month[5:]}/{month[:4]}"
    if entry is None:
        detail = f"o calendário operacional não tem prazo para {_ACTS[kind]} de {told}; consulte a CCEE"
    elif is_ahead:
        detail = (
            f"o prazo para {_ACTS[kind]} de {told} abre em {spelled_out(entry.opening)};"
            " envie a linha a partir daí"
        )
    else:
        detail = (
            f"o prazo para {_ACTS[kind]} de {told} terminou em {spelled_out(entry.deadline)};"
            " essa competência não muda mais por este serviço"
        )
    return Fault("prazo", detail, "calendario")


def registration_fault(book: Book, period: Period, at: datetime) -> Fault | None:
    """As `window_fault`, of a contract's first month; remembered in `book`."""
    month = competence_of(period.begins)
    try:
        return book.registering[month, at]
    except KeyError:
        fault = window_fault(book, CalendarKind.REGISTRO_CONTRATO, month, at=at)
        book.registering[month, at] = fault
        return fault
