"""Single values of an import file: how leniently each is read, and the sentence when it cannot be."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from aval.contracts.model import HOUR, LevelUnit, ModulationKind, Period, local_hour
from aval.moments import SAO_PAULO
from aval.registry.model import Submarket

FIRST_YEAR: Final = 2000  # the published layout takes no date before 01/01/2000 00
LAST_YEAR: Final = 2100
_SATURDAY: Final = 5
# Values repeat from row to row. Only what could be read is kept, and only where it is short.
_REMEMBERED: Final = 4096
_LONGEST_REMEMBERED: Final = 40

_HOUR: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})[ T]+(\d{1,2})(?::?([0-5]\d)(?::([0-5]\d))?)?", re.ASCII
)
_MONTH: Final = re.compile(r"(\d{1,2})/(\d{4})", re.ASCII)
_QUANTITY: Final = re.compile(r"\s*\d{1,22}(?:[.,]\d{1,6})?\s*", re.ASCII)


class Misread(Exception):
    """A value that cannot be read; `detail` says what is expected, never what came."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


Value = TypeVar("Value")


def bare(read: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """`read` without the blanks around a value; None where there is nothing else."""

    def read_bare(text: str) -> Value | None:
        stripped = text.strip()
        return read(stripped) if stripped else None

    return read_bare


def remembered(read: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """As `bare`, for values that many rows have in common."""

    @lru_cache(_REMEMBERED)
    def read_bare(text: str) -> Value | None:
        if len(text) > _LONGEST_REMEMBERED:
            raise Misread("tem caracteres ou espaços demais; escreva só o valor")
        stripped = text.strip()
        return read(stripped) if stripped else None

    return read_bare


def begin(text: str) -> datetime:
    """The first hour of a period: `DD/MM/AAAA HH`."""
    day, hour, is_end_of_hour = _clock(text)
    if is_end_of_hour:
        raise Misread("o início deve ser uma hora cheia, como 01/01/2026 00")
    return local_hour(day.year, day.month, day.day, hour)


def end(text: str) -> datetime:
    """The moment after the last hour: `31/12/2026 23` and `01/01/2027 00` say the same.

    So hour 00 is read as the end of the day before; who means that hour itself writes 00:59:59. Where clocks
    are put back, an hour told once means both.
    """
    day, hour, is_end_of_hour = _clock(text)
    if hour == 0 and not is_end_of_hour:
        return local_hour(day.year, day.month, day.day)
    return local_hour(day.year, day.month, day.day, hour, fold=1) + HOUR


def _clock(text: str) -> tuple[date, int, bool]:
    if not (match := _HOUR.fullmatch(text)):
        raise Misread("escreva a data como DD/MM/AAAA HH, por exemplo 01/01/2026 00")
    day, month, year, hour = (int(part) for part in match.group(1, 2, 3, 4))
    beyond_the_hour = {part for part in match.group(5, 6) if part is not None}
    if beyond_the_hour - {"00"} and beyond_the_hour != {"59"}:
        raise Misread("os contratos vão de hora em hora: retire os minutos, ou use 00:00 ou 59:59")
    if hour > 23:
        raise Misread("a hora vai de 00 a 23")
    return _day(year, month, day), hour, "59" in beyond_the_hour


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Misread(f"o ano vai de {FIRST_YEAR} a {LAST_YEAR}")
    try:
        return date(year, month, day)
    except ValueError:
        raise Misread("esse dia não existe; escreva a data como DD/MM/AAAA HH") from None


@lru_cache(_REMEMBERED)
def period(begins: datetime, ends: datetime) -> Period:
    if begins >= ends:
        raise Misread("o fim deve ser depois do início")
    return Period(begins, ends)


def month(text: str) -> Period:
    """A whole month: `MM/AAAA`."""
    match = _MONTH.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 12:
        raise Misread("escreva o mês como MM/AAAA, por exemplo 01/2026")
    first = _day(int(match[2]), int(match[1]), 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(local_hour(first.year, first.month, 1), local_hour(following.year, following.month, 1))


def common_part(part: Period, whole: Period) -> Period:
    if not part.overlaps(whole):
        raise Misread("o mês está fora do período")
    return Period(max(part.begins, whole.begins), min(part.ends, whole.ends))


def week(number: int, whole: Period) -> Period:
    """The week `number` of `whole`: operational weeks begin on Saturday; the first and last are cut by it."""
    first = whole.begins.astimezone(SAO_PAULO).date()
    second = first + timedelta(days=(_SATURDAY - first.weekday()) % 7 or 7)
    begins = whole.begins if number == 1 else _midnight(second + timedelta(weeks=number - 2))
    if begins >= whole.ends:
        raise Misread("essa semana começa depois do fim do período")
    return Period(begins, min(_midnight(second + timedelta(weeks=number - 1)), whole.ends))


def _midnight(day: date) -> datetime:
    return local_hour(day.year, day.month, day.day)


@lru_cache(maxsize=1024)
def hours_of_day(day: date) -> dict[str, datetime]:
    """Every hour of a day by its label: days on which clocks were moved lack 00, or have 23 and 23*."""
    moment, following = _midnight(day), _midnight(day + timedelta(days=1))
    hours: dict[str, datetime] = {}
    while moment < following:
        local = moment.astimezone(SAO_PAULO)
        hours[f"{local.hour:02d}" + "*" * local.fold] = moment
        moment += HOUR
    return hours


def whole_number(first: int, last: int) -> Callable[[str], int]:
    digits = len(str(last))

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= digits and first <= int(text) <= last):
            raise Misread(f"deve ser um número inteiro de {first} a {last}")
        return int(text)

    return read


code = whole_number(1, 999_999_999)
contract_number = whole_number(1, 10**15)


def quantity(text: str) -> Decimal | None:
    """Not negative, 22 digits and 6 decimals at most, with a comma or a point; None where it is blank.

    It has no wrapper of the kinds above: amounts are most of what a file holds, and seldom the same.
    """
    if _QUANTITY.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if not text.strip():
        return None
    raise Misread("deve ser um número de zero em diante, com até 6 casas decimais e sem separar milhares")


def mark(text: str) -> bool:
    if text not in ("X", "x"):
        raise Misread("aceita X, ou vazio")
    return True


def one_of(**meanings: object) -> Callable[[str], object]:
    known = ", ".join(meanings)

    def read(text: str) -> object:
        try:
            return meanings[text.upper()]
        except KeyError:
            raise Misread(f"deve ser um de {known}") from None

    return read


def words(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest or not text.isprintable():
            raise Misread(f"deve ter até {longest} caracteres, todos visíveis")
        return text

    return read


submarket = one_of(**{str(each.value): each for each in Submarket})
modulation = one_of(
    F=ModulationKind.FLAT,
    G=ModulationKind.GENERATION,
    C=ModulationKind.LOAD,
    M=ModulationKind.REALLOCATION,
)
level_unit = one_of(**{unit.value: unit for unit in LevelUnit})
