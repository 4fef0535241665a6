"""Frozen dataclasses as plain JSON documents and back, field by field, so that none is forgotten.

Fields that have their default are left out, and fields that a document lacks get it: a field that is added
with a default needs no migration, one that is renamed or taken away does.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from aval.moments import from_storage, to_storage

Document = Any
_Turn = Callable[[Any], Any]


@cache
def writer(kind: Any) -> _Turn:
    """What makes a document of a value of this type; raise `TypeError` for a type that it does not know."""
    return _turns(kind)[0]


@cache
def reader(kind: Any) -> _Turn:
    """What makes a value of this type of a document that `writer` made."""
    return _turns(kind)[1]


@cache
def _turns(kind: Any) -> tuple[_Turn, _Turn]:
    if isinstance(kind, NewType):
        return _turns(kind.__supertype__)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple(get_args(kind))
    if is_dataclass(kind):
        return _record(kind)
    return _plain(kind)


def _plain(kind: Any) -> tuple[_Turn, _Turn]:
    if kind in (str, int, bool):
        return _same, _same
    if kind is datetime:
        return to_storage, from_storage
    if kind is Decimal:
        return str, Decimal
    if isinstance(kind, type) and issubclass(kind, Enum):
        return (lambda value: value.value), kind
    if isinstance(kind, type) and issubclass(kind, str):
        return str, kind
    raise TypeError(kind)


def _optional(kind: Any) -> tuple[_Turn, _Turn]:
    [some] = [one for one in get_args(kind) if one is not types.NoneType]
    write, read = _turns(some)
    return (
        lambda value: None if value is None else write(value),
        lambda document: None if document is None else read(document),
    )


def _tuple(items: tuple[Any, ...]) -> tuple[_Turn, _Turn]:
    if items == (Decimal, ...):
        # Declared hours come by the thousand: one text for all of them.
        return (
            lambda value: ",".join(map(str, value)),
            lambda document: tuple(map(Decimal, document.split(","))) if document else (),
        )
    if len(items) == 2 and items[1] is Ellipsis:
        write, read = _turns(items[0])
        return (
            lambda value: [write(one) for one in value],
            lambda document: tuple(read(one) for one in document),
        )
    turns = [_turns(one) for one in items]
    return (
        lambda value: [turn[0](one) for turn, one in zip(turns, value, strict=True)],
        lambda document: tuple(turn[1](one) for turn, one in zip(turns, document, strict=True)),
    )


def _record(kind: Any) -> tuple[_Turn, _Turn]:
    hints = get_type_hints(kind)
    turns = {one.name: (_turns(hints[one.name]), _default(one)) for one in fields(kind)}

    def write(value: Any) -> Document:
        document = {}
        for name, ((turn, _), default) in turns.items():
            held = getattr(value, name)
            if default is MISSING or held != default:
                document[name] = turn(held)
        return document

    def read(document: Mapping[str, Document]) -> Any:
        return kind(**{name: turns[name][0][1](held) for name, held in document.items()})

    return write, read


def _default(of: "Field[Any]") -> Any:
    if of.default_factory is not MISSING:
        return of.default_factory()
    return of.default


def _same(value: Any) -> Any:
    return value
