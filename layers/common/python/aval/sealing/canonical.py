"""One spelling for each JSON value, so that two sides hash the same; a reader that takes one meaning."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from aval.sealing.refusals import SealReason, SealRefused

_EXACT: Final = 2**53 - 1
_DEEPEST: Final = 16


def canonical(value: object) -> bytes:
    """RFC 8785 for what we use of JSON: ASCII names, whole numbers. Raise `SealRefused` for anything else."""
    _require_plain(value, 0)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def canonical_digest(value: object) -> bytes:
    return hashlib.sha256(canonical(value)).digest()


def read_object(data: bytes, *, largest: int) -> dict[str, object]:
    """The members of a JSON object; raise `SealRefused` for repeated names, fractions, depth, more text."""
    if len(data) > largest:
        raise SealRefused(SealReason.TOO_LARGE, f"o JSON tem mais de {largest} bytes")
    try:
        value = json.loads(data.decode(), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        _require_plain(value, 0)
    except (ValueError, RecursionError) as failure:
        raise _malformed("não é um objeto JSON em UTF-8") from failure
    if not isinstance(value, dict):
        raise _malformed("não é um objeto JSON")
    return value


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    # RFC 8259, section 4: readers disagree on which of two members of one name counts.
    if len(members) != len(pairs):
        raise _malformed("um nome aparece duas vezes no mesmo objeto JSON")
    return members


def _no_constant(text: str) -> object:
    raise ValueError(text)


def _require_plain(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise _malformed("o JSON tem objetos dentro de objetos demais")
    # Most of what is written is text, and a lote's answers write it a hundred thousand times.
    if type(value) is str:
        _require_whole_characters(value)
        return
    match value:
        case None | bool():
            pass
        case str():
            _require_whole_characters(value)
        case int():
            if abs(value) > _EXACT:
                raise _malformed("um número não cabe em 53 bits")
        case list() | tuple():
            for one in value:
                _require_plain(one, depth + 1)
        case Mapping():
            _require_plain_members(value, depth)
        case _:
            raise _malformed("o JSON só leva textos, números inteiros, listas e objetos")


def _require_plain_members(members: Mapping[object, object], depth: int) -> None:
    for name, one in members.items():
        if not (isinstance(name, str) and name.isascii()):
            raise _malformed("um nome de membro não está em ASCII")
        _require_plain(one, depth + 1)


def _require_whole_characters(text: str) -> None:
    """JSON can spell half of a surrogate pair, which no UTF-8 carries (RFC 8259, section 8.2)."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as failure:
        raise _malformed("um texto tem metade de um caractere") from failure


def _malformed(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
