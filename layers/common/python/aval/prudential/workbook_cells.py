"""Single cells of a sheet, read as what their column is for; each refusal says what the cell holds."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Final

from aval.errors import DomainError
from aval.identifiers import Cnpj, EventCode
from aval.prudential.figures import CONTEXT, MOST_PLACES, FigureInvalid, parse_decimal
from aval.prudential.json_document import told

Value = int | float | str | bool | time | date | datetime | timedelta

_MOST_KNOWN: Final = 100_000
_SMALLEST: Final = Decimal(1).scaleb(-MOST_PLACES)
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{2})/([0-9]{2})/([0-9]{4})")


class CellRefused(ValueError):
    """A cell that cannot be read, with the rule that it breaks; whoever knows its place makes it a fault."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail


class KnownFigures(dict[Value, Decimal]):
    """Figures of one file by their cells: most are in it many times over, zero before all.

    `KeyError` for an empty cell or no figure. To a dictionary VERDADEIRO is 1: never ask for it.
    """

    __slots__ = ()

    def __missing__(self, cell: Value) -> Decimal:
        try:
            if is_blank(cell):
                raise KeyError
            figure = read_figure(cell)
        except CellRefused:
            raise KeyError from None
        if len(self) < _MOST_KNOWN:
            self[cell] = figure
        return figure


def cell_name(row: int, column: int) -> str:
    """`E12` for row 11 and column 4: both count from zero here, and end before column Z."""
    return f"{chr(ord('A') + column)}{row + 1}"


def is_blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()


def read_label(value: Value) -> str:
    """What a heading or a name says; empty for anything but text."""
    return value.strip() if isinstance(value, str) else ""


def read_figure(value: Value) -> Decimal:
    """A number cell counts with the 15 digits that a spreadsheet shows of it, a text with all of its own."""
    match value:
        case bool():
            raise _no_figure(value)
        case int() | float():
            return _of_number(value)
        case str():
            return _of_text(value)
    raise _no_figure(value)


def read_company(value: Value) -> Cnpj:
    """Only from text: a number has lost its leading zeros, and letters may have become an exponent."""
    if not isinstance(value, str):
        detail = f"escreva o CNPJ como texto, com todos os zeros; veio {found(value)}"
        raise CellRefused("cnpj", detail)
    try:
        return Cnpj.parse(value)
    except DomainError as refusal:
        raise CellRefused("cnpj", f"{refusal.detail}; veio {told(value)}") from None


def read_event(value: Value) -> EventCode:
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        value = f"{value:.0f}"
    try:
        return EventCode.parse(value.strip() if isinstance(value, str) else "")
    except DomainError as refusal:
        raise CellRefused("evento", f"{refusal.detail}; veio {found(value)}") from None


def read_day(value: Value) -> date:
    """A date cell, or text as AAAA-MM-DD or DD/MM/AAAA."""
    if isinstance(value, datetime):
        if value.time() == time(0):
            return value.date()
    elif isinstance(value, date):
        return value
    elif isinstance(value, str) and (parts := _DAY.fullmatch(value.strip())):
        year, month, number = parts.group(1, 2, 3) if parts[1] else parts.group(6, 5, 4)
        try:
            return date(int(year), int(month), int(number))
        except ValueError:
            pass
    detail = f"informe um dia que exista, como 2022-12-31 ou 31/12/2022; veio {found(value)}"
    raise CellRefused("data", detail)


def found(value: Value) -> str:
    match value:
        case datetime() | date():
            return f"a data {value:%d/%m/%Y}"
        case time() | timedelta():
            return "uma hora"
        case bool():
            return "VERDADEIRO" if value else "FALSO"
        case float():
            return f"{value:.15g}".replace(".", ",")
    return told(value) if not is_blank(value) else "uma célula vazia"


def _of_number(value: float) -> Decimal:
    if not isfinite(value) or abs(value) >= 1e20:
        raise _no_figure(value)
    # What is entered as 1.1 is saved as 1.1000000000000001, and what is reckoned drags its last bits along.
    text = f"{value:.15g}"
    shown = Decimal(text)
    # What is so short has neither an exponent to write out nor places to cut off.
    if "e" in text or len(text) > MOST_PLACES:
        shown = shown.quantize(_SMALLEST, context=CONTEXT)
    return shown or shown.copy_abs()


def _of_text(text: str) -> Decimal:
    plain = text.strip()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        return parse_decimal(plain)
    except FigureInvalid:
        raise _no_figure(text) from None


def _no_figure(value: Value) -> CellRefused:
    detail = "informe um número, com vírgula ou ponto decimal e sem separador de milhar"
    return CellRefused("numero", f"{detail}: até 20 algarismos antes e 12 depois; veio {found(value)}")
