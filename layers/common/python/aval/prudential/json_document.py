"""An untrusted JSON file, walked member by member: each fault is kept with its pointer, none is raised."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self, TypeVar

from aval.errors import DomainError, Fault
from aval.identifiers import Cnpj, EventCode
from aval.prudential.figures import MOST_PLACES, FigureInvalid, parse_decimal
from aval.prudential.refusals import DocumentUnreadable

LARGEST_FILE: Final = 50_000_000
_LONGEST_TOLD: Final = 40
_MOST_TOLD: Final = 20
_LONGEST_INTEGER: Final = 18
_CNPJ: Final = re.compile(r"[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?[0-9]{2}")
_DAY: Final = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][01][0-9]:[0-5][0-9])"
)
_MISSING: Final = object()
_BLANK: Final = r"[ \t\n\r]*"
_NEXT: Final = re.compile(f"{_BLANK},{_BLANK}")
_LIST_END: Final = re.compile(rf"{_BLANK}\]")
_OBJECT_END: Final = re.compile(rf"{_BLANK}\}}{_BLANK}\Z")
Read = TypeVar("Read")
Choice = TypeVar("Choice", bound=StrEnum)


class ListUnreadable(Exception):
    """The file is not just one list under a name: whoever reads it whole tells what it is."""


class _LongNumber(str):
    """A JSON number with a point, an exponent or many digits, as spelled: no figure here is one."""

    __slots__ = ()


class _RepeatedMembers(dict[str, object]):
    """RFC 8259, section 4: readers disagree on which of two members of one name counts."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file. A read that finds a fault notes it in `faults` and returns a stand-in."""

    value: object = field(repr=False)
    faults: list[Fault] = field(repr=False)
    parent: Self | None = None
    key: str | int = ""

    @property
    def pointer(self) -> str:
        """RFC 6901; our own names only, which need no escapes."""
        return "" if self.parent is None else f"{self.parent.pointer}/{self.key}"

    @property
    def is_there(self) -> bool:
        return self.value is not _MISSING

    @property
    def is_sound(self) -> bool:
        """No fault is noted here or below: what was read is no stand-in."""
        if not self.faults:
            return True
        here = self.pointer
        return not any(one.pointer == here or one.pointer.startswith(f"{here}/") for one in self.faults)

    def refuse(self, rule: str, detail: str) -> None:
        self.faults.append(Fault(rule, detail, self.pointer))

    def members(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "Node"]:
        """A node for each name told, whatever is there: what lacks and what is unknown is noted."""
        required, optional = tuple(required), tuple(optional)
        value = self.value if isinstance(self.value, dict) else {}
        nodes = {
            name: Node(value.get(name, _MISSING), self.faults, self, name) for name in (*required, *optional)
        }
        if value is not self.value:
            self._refuse_kind("um objeto")
            return nodes
        if isinstance(value, _RepeatedMembers):
            self.refuse("repetido", "um nome aparece duas vezes neste objeto; deixe um só de cada")
        for name in required:
            if name not in value:
                nodes[name].refuse("obrigatorio", f"falta {name}; informe-o")
        unknown = [name for name in value if name not in nodes]
        if unknown:
            listed = ", ".join(told(name) for name in unknown[:_MOST_TOLD])
            self.refuse("desconhecido", f"não se conhece aqui {listed}; retire ou corrija o nome")
        return nodes

    def items(self, fewest: int, most: int) -> tuple["Node", ...]:
        if not isinstance(self.value, list):
            self._refuse_kind("uma lista")
            return ()
        if not fewest <= len(self.value) <= most:
            count = f"exatamente {most}" if fewest == most else f"de {fewest} a {most}"
            self.refuse("quantidade", f"a lista deve ter {count} itens, e veio com {len(self.value)}")
            return ()
        return tuple(Node(one, self.faults, self, index) for index, one in enumerate(self.value))

    def text(self, longest: int = 100, *, shortest: int = 0) -> str:
        """Text that a line shows: neither control nor half a character (RFC 8259, section 8.2)."""
        if type(self.value) is not str:
            self._refuse_kind("um texto")
        elif not (shortest <= len(self.value) <= longest and self.value.isprintable()):
            size = f"de {shortest} a {longest}"
            detail = f"o texto deve ter {size} caracteres, todos visíveis; veio {told(self.value)}"
            self.refuse("texto", detail)
        else:
            return self.value
        return ""

    def read_as(self, parse: Callable[[str], Read], stand_in: Read, rule: str) -> Read:
        """`parse` raises a refusal in its own words."""
        if type(self.value) is not str:
            self._refuse_kind("um texto")
            return stand_in
        try:
            return parse(self.value)
        except (DomainError, FigureInvalid) as refusal:
            self.refuse(rule, f"{refusal.detail}; veio {told(self.value)}")
        return stand_in

    def event(self, expected: EventCode | None = None) -> EventCode:
        event = self.read_as(EventCode.parse, EventCode(""), "evento")
        if event and expected and event != expected:
            detail = f"o arquivo é do evento {event}, e aqui se espera o {expected}; envie o deste evento"
            self.refuse("evento", detail)
        return event

    def company(self) -> Cnpj:
        """With or without its mask."""
        if type(self.value) is str and not _CNPJ.fullmatch(self.value):
            detail = f"o CNPJ deve ter 12 letras ou algarismos e 2 dígitos; veio {told(self.value)}"
            self.refuse("cnpj", detail)
            return Cnpj("")
        return self.read_as(Cnpj.parse, Cnpj(""), "cnpj")

    def decimal(self, most_places: int = MOST_PLACES) -> Decimal:
        if isinstance(self.value, int | _LongNumber) and not isinstance(self.value, bool):
            detail = f'escreva o número como texto, entre aspas, como "210.50"; veio {told(self.value)}'
            self.refuse("numero", detail)
            return Decimal(0)
        return self.read_as(lambda text: parse_decimal(text, most_places=most_places), Decimal(0), "numero")

    def figure(self) -> Decimal:
        """A decimal as text, or a whole number without quotes."""
        return Decimal(self.value) if type(self.value) is int else self.decimal()

    def moment(self) -> datetime:
        """An instant of this century, to the second, with its offset."""
        if type(self.value) is str and _MOMENT.fullmatch(self.value):
            try:
                return datetime.fromisoformat(self.value)
            except ValueError:
                pass
        self._refuse_kind("um instante com fuso, como 2023-03-03T20:01:00-03:00")
        return datetime(2000, 1, 1, tzinfo=UTC)

    def day(self) -> date:
        if type(self.value) is str and _DAY.fullmatch(self.value):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                pass
        self._refuse_kind("uma data, como 2022-12-31")
        return date(2000, 1, 1)

    def whole(self, lowest: int, highest: int) -> int:
        if type(self.value) is int and lowest <= self.value <= highest:
            return self.value
        span = f"{lowest}" if lowest == highest else f"de {lowest} a {highest}"
        self._refuse_kind(f"um número inteiro, sem aspas: {span}")
        return lowest

    def one_of(self, choices: Iterable[str]) -> str:
        """Empty where it is none of them."""
        choices = tuple(choices)
        if type(self.value) is str and self.value in choices:
            return self.value
        self._refuse_kind(f"{'um destes: ' if len(choices) > 1 else ''}{', '.join(choices)}")
        return ""

    def choice(self, choices: type[Choice]) -> Choice:
        chosen = self.one_of(one.value for one in choices)
        return choices(chosen) if chosen else next(iter(choices))

    def _refuse_kind(self, wanted: str) -> None:
        """What is not there was refused where it lacks."""
        if self.is_there:
            self.refuse("tipo", f"deve ser {wanted}; veio {told(self.value)}")


def read_document(data: bytes) -> Node:
    """The whole file, with an empty list of faults. Raise `DocumentUnreadable` for what is no JSON."""
    if len(data) > LARGEST_FILE:
        raise unreadable(f"o arquivo tem {len(data)} bytes, e o limite é {LARGEST_FILE}; divida-o")
    try:
        value = _DECODER.decode(_text_of(data))
    except json.JSONDecodeError as failure:
        where = f"linha {failure.lineno}, coluna {failure.colno}"
        raise unreadable(f"o arquivo não é JSON a partir da {where}; corrija-o ou gere-o de novo") from None
    except (ValueError, RecursionError):
        raise unreadable("o arquivo não é JSON em UTF-8; corrija-o ou gere-o de novo") from None
    return Node(value, [])


def read_listed(data: bytes, name: str) -> Iterator[object]:
    """One by one, what `{name: [...]}` lists: of a large file no more than one need be in memory.

    Raise `ListUnreadable` where the file is anything else, after whatever came before that.
    """
    if len(data) > LARGEST_FILE:
        raise ListUnreadable
    try:
        text = _text_of(data)
        place = _matched(re.compile(rf'{_BLANK}\{{{_BLANK}"{name}"{_BLANK}:{_BLANK}\[{_BLANK}'), text, 0)
        while True:
            value, place = _DECODER.raw_decode(text, place)
            yield value
            if end := _LIST_END.match(text, place):
                _matched(_OBJECT_END, text, end.end())
                return
            place = _matched(_NEXT, text, place)
    except (ValueError, RecursionError):
        raise ListUnreadable from None


def _matched(pattern: re.Pattern[str], text: str, place: int) -> int:
    """Where the pattern ends; raise `ListUnreadable`."""
    found = pattern.match(text, place)
    if found is None:
        raise ListUnreadable
    return found.end()


def _text_of(data: bytes) -> str:
    """Editors put a byte order mark before UTF-8; a reader may pass over it (RFC 8259, section 8.1)."""
    return data.decode("utf-8-sig")


def unreadable(detail: str) -> DocumentUnreadable:
    return DocumentUnreadable("o arquivo não pôde ser lido", [Fault("ilegivel", detail)])


def told(value: object) -> str:
    """What was found, short and in visible characters: for the agent alone, never for a log."""
    match value:
        case _LongNumber() | int() if not isinstance(value, bool):
            return str(value)[:_LONGEST_TOLD]
        case str():
            shown = "".join(
                one if one.isprintable() else f"\\u{ord(one):04x}" for one in value[:_LONGEST_TOLD]
            )
            return f"“{shown}{'…' if len(value) > _LONGEST_TOLD else ''}”"
        case bool():
            return "true" if value else "false"
        case list():
            return "uma lista"
        case Mapping():
            return "um objeto"
        case _:
            return "null"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _RepeatedMembers(members)


def _integer(text: str) -> object:
    return int(text) if len(text) <= _LONGEST_INTEGER else _LongNumber(text)


def _no_constant(text: str) -> object:
    raise ValueError(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_LongNumber, parse_int=_integer, parse_constant=_no_constant
)
