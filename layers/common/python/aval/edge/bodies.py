"""What must hold of a request's body before its shape is looked at."""

import base64
import binascii
import json
from collections.abc import Mapping
from http import HTTPMethod
from typing import Any, Final

from aval.edge.requests import MAX_BODY_BYTES, BodyTooLarge, BodyUnreadable, MediaTypeUnsupported

_JSON: Final = "application/json"
_WITHOUT_BODY: Final = frozenset({HTTPMethod.GET, HTTPMethod.HEAD})
_NOT_UTF8: Final = "o corpo do pedido deve ser texto UTF-8"
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def require_readable_body(event: dict[str, Any]) -> dict[str, Any]:
    """Raise unless the body is small enough, not compressed, named JSON or nothing, and UTF-8.

    Return the event with the type spelt as Powertools compares it: RFC 9110, section 8.3.1, lets it be
    in either case.
    """
    body: str = event.get("body") or ""
    encoded = bool(event.get("isBase64Encoded"))
    if _size(body, encoded=encoded) > MAX_BODY_BYTES:
        raise BodyTooLarge("o corpo do pedido tem mais de 4 MB")
    if not body or event["requestContext"]["http"]["method"] in _WITHOUT_BODY:
        return event
    _require_json(event["headers"])
    if encoded:
        try:
            base64.b64decode(body, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BodyUnreadable(_NOT_UTF8) from error
    elif _REPLACEMENT in body:
        # The gateway puts this sign where bytes were no UTF-8: taken on, a password sent in Latin-1
        # would be another than the one typed.
        raise BodyUnreadable(_NOT_UTF8)
    return {**event, "headers": {**event["headers"], "content-type": _JSON}}


def read_json(text: str) -> Any:
    """Raise `BodyUnreadable` for what is no JSON, constants of JavaScript and lone surrogates included."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()  # refuses lone surrogates
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable("o corpo do pedido não é um documento JSON válido") from error
    return document


def _size(body: str, *, encoded: bool) -> int:
    if encoded:
        return len(body) * 3 // 4 - body[-2:].count("=")
    return len(body.encode(errors="replace"))


def _require_json(headers: Mapping[str, str]) -> None:
    """A body that names no type is read as JSON; Powertools would also read forms."""
    media_type = headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if media_type != _JSON:
        raise MediaTypeUnsupported("envie o corpo como application/json")
    # RFC 9110, section 15.5.16: a content coding that is not taken is refused like a type.
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise MediaTypeUnsupported("envie o corpo sem compressão, sem o cabeçalho Content-Encoding")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
