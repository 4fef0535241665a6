"""Pydantic's findings retold in Portuguese, with the place but never the value."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aval.errors import Fault

OWN_WORDS: Final = "own_words"
"""The type of a finding whose `sentence` is already told for people."""
SHAPE: Final = "forma"
"""The rule of every finding: what the published schema already says."""
_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "campo obrigatório ausente",
    "extra_forbidden": "campo desconhecido; retire-o",
    "string_type": "deve ser um texto",
    "int_type": "deve ser um número inteiro",
    "int_parsing": "deve ser um número inteiro",
    "int_parsing_size": "deve ser um número inteiro menor",
    "int_from_float": "deve ser um número inteiro",
    "bool_type": "deve ser verdadeiro ou falso",
    "bool_parsing": "deve ser verdadeiro ou falso",
    "list_type": "deve ser uma lista",
    "dict_type": "deve ser um objeto",
    "model_type": "deve ser um objeto",
    "model_attributes_type": "deve ser um objeto",
    "json_invalid": "o corpo não é um documento JSON válido",
    "datetime_parsing": "deve ser data e hora no formato ISO 8601",
    "datetime_from_date_parsing": "deve ser data e hora no formato ISO 8601",
}
_LIMITS: Final[Mapping[str, str]] = {
    "string_too_short": "deve ter ao menos {min_length} caractere(s)",
    "string_too_long": "deve ter no máximo {max_length} caracteres",
    "string_pattern_mismatch": "não tem o formato esperado ({pattern})",
    "too_short": "deve ter ao menos {min_length} elemento(s)",
    "too_long": "deve ter no máximo {max_length} elementos",
    "greater_than_equal": "deve ser maior ou igual a {ge}",
    "greater_than": "deve ser maior que {gt}",
    "less_than_equal": "deve ser menor ou igual a {le}",
    "less_than": "deve ser menor que {lt}",
    OWN_WORDS: "{sentence}",
    "enum": "deve ser um destes valores: {expected}",
    "literal_error": "deve ser um destes valores: {expected}",
}


def faults_of_shape(findings: Sequence[Mapping[str, Any]]) -> list[Fault]:
    return [Fault(SHAPE, _sentence(finding), _pointer(finding["loc"])) for finding in findings]


def _sentence(finding: Mapping[str, Any]) -> str:
    kind = finding["type"]
    if kind in _LIMITS:
        context = _Context(finding.get("ctx") or {})
        if "expected" in context:
            # The only word of English in what Pydantic tells of a choice.
            context["expected"] = context["expected"].replace(" or ", " ou ")
        return _LIMITS[kind].format_map(context)
    return _SENTENCES.get(kind, "valor inválido")


class _Context(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _pointer(location: Sequence[str | int]) -> str:
    """`body` faults as a JSON pointer into the body, the others as `origem:nome`."""
    origin, *path = location
    if origin == "body":
        return "#" + "".join(f"/{_escaped(step)}" for step in path)
    return f"{origin}:{'/'.join(map(str, path))}"


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
