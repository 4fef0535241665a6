"""Identifiers as requests carry them: the pattern published, the refusal in the identifier's own words."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from aval.edge.shape_faults import OWN_WORDS
from aval.identifiers import Cnpj, Fingerprint, IdentifierInvalid, parse_fingerprint

Identifier = TypeVar("Identifier")

_BARE_CNPJ: Final = r"^[0-9A-Za-z]{12}[0-9]{2}$"
_CNPJ: Final = r"^[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?[0-9]{2}$"
_FINGERPRINT: Final = r"^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$"


def _read_as(
    parse: Callable[[str], Identifier], pattern: str, *, otherwise: str
) -> Callable[[object], Identifier]:
    shape = re.compile(pattern.removesuffix("$"), re.ASCII)

    def read(value: object) -> Identifier:
        if not isinstance(value, str) or not shape.fullmatch(value):
            raise PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": otherwise})
        try:
            return parse(value)
        except IdentifierInvalid as error:
            raise PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": error.detail}) from error

    return read


def _schema(pattern: str, longest: int, description: str, example: str) -> WithJsonSchema:
    schema: dict[str, Any] = {
        "type": "string",
        "pattern": pattern,
        "maxLength": longest,
        "description": description,
        "examples": [example],
    }
    return WithJsonSchema(schema)


CnpjInPath = Annotated[
    Cnpj,
    PlainValidator(
        _read_as(
            Cnpj.parse,
            _BARE_CNPJ,
            otherwise="o CNPJ deve ter 12 letras ou algarismos e 2 dígitos verificadores, sem máscara",
        )
    ),
    _schema(_BARE_CNPJ, 14, "CNPJ sem máscara, com dígitos verificadores certos", "33047509000149"),
]
CnpjInBody = Annotated[
    Cnpj,
    PlainValidator(
        _read_as(
            Cnpj.parse,
            _CNPJ,
            otherwise="o CNPJ deve ter 12 letras ou algarismos e 2 dígitos verificadores, com ou sem máscara",
        )
    ),
    _schema(_CNPJ, 18, "CNPJ com ou sem máscara, com dígitos verificadores certos", "33.047.509/0001-49"),
]
CertificateFingerprint = Annotated[
    Fingerprint,
    PlainValidator(
        _read_as(
            parse_fingerprint,
            _FINGERPRINT,
            otherwise="a impressão digital deve ter 64 algarismos hexadecimais (SHA-256)",
        )
    ),
    _schema(_FINGERPRINT, 95, "SHA-256 do DER, em hexadecimal, com ou sem dois-pontos", "0f" * 32),
]
