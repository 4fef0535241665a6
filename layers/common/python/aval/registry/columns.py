"""The kinds of field in a registry file: how each is read, and the one way in which it is written."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, Final

from aval.identifiers import IdentifierInvalid
from aval.moments import SAO_PAULO, for_people

Scalar = str | int | bool | None
"""What a cell of a file or an attribute of a row holds; a number with a point stays text, never a float."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_HIGHEST_CODE: Final = 999_999_999
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)
_QUANTITY: Final = re.compile(r"\d{1,9}([.,]\d{1,6})?", re.ASCII)
_DAY_LENGTH: Final = timedelta(days=1)
_FLAGS: Final = {"true": True, "false": False, "sim": True, "nao": False, "não": False}


class FieldInvalid(Exception):
    """A field that cannot be read; its detail never quotes what was found, which may be personal."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Column:
    """A field on the wire and the record's attribute (a path) that holds it.

    `read` raises `FieldInvalid` for what is not of its kind; `write` gives what `read` takes.
    """

    name: str
    attribute: str
    read: Callable[[Scalar], Any]
    write: Callable[[Any], Scalar] = lambda value: value
    is_required: bool = True


def text(name: str, attribute: str, *, longest: int) -> Column:
    def read(value: Scalar) -> str:
        bare = unicodedata.normalize("NFC", _as_text(value))
        if len(bare) > longest or not bare.isprintable():
            raise FieldInvalid(f"deve ter até {longest} caracteres, todos visíveis")
        return bare

    return Column(name, attribute, read)


def parsed(name: str, attribute: str, parse: Callable[[str], Any]) -> Column:
    def read(value: Scalar) -> Any:
        try:
            return parse(_as_text(value))
        except IdentifierInvalid as error:
            raise FieldInvalid(error.detail) from error

    return Column(name, attribute, read, str)


def code(name: str, attribute: str) -> Column:
    return Column(name, attribute, _read_code)


def coded(name: str, attribute: str, table: type[IntEnum]) -> Column:
    known = ", ".join(str(member.value) for member in table)

    def read(value: Scalar) -> IntEnum:
        number = _read_code(value)
        if number not in table.__members__.values():
            raise FieldInvalid(f"código desconhecido; os conhecidos são {known}")
        return table(number)

    return Column(name, attribute, read, int)


def one_of(name: str, attribute: str, *tables: Iterable[StrEnum]) -> Column:
    members = {member.value: member for table in tables for member in table}

    def read(value: Scalar) -> StrEnum:
        try:
            return members[_as_text(value)]
        except KeyError:
            raise FieldInvalid(f"deve ser um de {', '.join(members)}") from None

    return Column(name, attribute, read, str)


def day(name: str, attribute: str, *, is_required: bool = True) -> Column:
    return Column(name, attribute, _read_day, date.isoformat, is_required)


def first_day(name: str, attribute: str) -> Column:
    """A day that is held as the moment at which it begins in São Paulo."""
    return Column(name, attribute, lambda value: _midnight(_read_day(value)), _day_of)


def last_day(name: str, attribute: str) -> Column:
    """A day that is held as the moment at which it is over in São Paulo."""

    def read(value: Scalar) -> datetime:
        return _midnight(_read_day(value) + _DAY_LENGTH)

    return Column(name, attribute, read, lambda moment: _day_of(moment - timedelta(microseconds=1)))


def month(name: str, attribute: str) -> Column:
    def read(value: Scalar) -> str:
        bare = _as_text(value)
        if not _MONTH.fullmatch(bare) or not _FIRST_YEAR <= int(bare[:4]) <= _LAST_YEAR:
            raise FieldInvalid("deve ser um mês na forma AAAA-MM")
        return bare

    return Column(name, attribute, read)


def moment(name: str, attribute: str) -> Column:
    return Column(name, attribute, _read_moment, for_people)


def quantity(name: str, attribute: str, *, is_required: bool = True) -> Column:
    return Column(name, attribute, _read_quantity, lambda value: format(value, "f"), is_required)


def flag(name: str, attribute: str) -> Column:
    def read(value: Scalar) -> bool:
        if isinstance(value, bool):
            return value
        try:
            return _FLAGS[_as_text(value).lower()]
        except KeyError:
            raise FieldInvalid("deve ser sim ou nao (em JSON, true ou false)") from None

    return Column(name, attribute, read)


def _as_text(value: Scalar) -> str:
    if not isinstance(value, str):
        raise FieldInvalid("deve ser texto")
    return value.strip()


def _read_code(value: Scalar) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _HIGHEST_CODE:
        raise FieldInvalid("deve ser um número inteiro de 1 a 999999999")
    return value


def _read_day(value: Scalar) -> date:
    bare = _as_text(value)
    refusal = f"deve ser uma data na forma AAAA-MM-DD, de {_FIRST_YEAR} a {_LAST_YEAR}"
    if not _DAY.fullmatch(bare):
        raise FieldInvalid(refusal)
    try:
        found = date.fromisoformat(bare)
    except ValueError:
        raise FieldInvalid(refusal) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise FieldInvalid(refusal)
    return found


def _midnight(of: date) -> datetime:
    # Where clocks were put forward at midnight, the day began at the same instant under another name.
    return datetime.combine(of, time(), SAO_PAULO).astimezone(UTC)


def _day_of(moment: datetime) -> str:
    return moment.astimezone(SAO_PAULO).date().isoformat()


def _read_moment(value: Scalar) -> datetime:
    """Without an offset the time is São Paulo's; a bare day is refused, since it names no moment."""
    bare = _as_text(value)
    refusal = "deve ser data e hora na forma AAAA-MM-DDTHH:MM:SS, com fuso (-03:00) ou na hora de São Paulo"
    if not _MOMENT.fullmatch(bare):
        raise FieldInvalid(refusal)
    try:
        found = datetime.fromisoformat(bare)
    except ValueError:
        raise FieldInvalid(refusal) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise FieldInvalid(refusal)
    return found if found.tzinfo else found.replace(tzinfo=SAO_PAULO)


def _read_quantity(value: Scalar) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value.strip()):
        raise FieldInvalid("deve ser um número de até 9 algarismos e 6 casas, sem sinal")
    return Decimal(value.strip().replace(",", "."))
