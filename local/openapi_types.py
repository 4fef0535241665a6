"""The messages of the JSON API as TypeScript types, for the page: from the same document that agents read."""

import json
from collections.abc import Mapping
from typing import Any, Final

from local.places import ROOT

TYPES: Final = ROOT / "web/src/api/messages.ts"
_HEAD: Final = "// Made by `make openapi` from the description of the API; not edited by hand.\n"
_WORDS: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def types_of(document: Mapping[str, Any]) -> str:
    """Return the module's text: a type for each schema of `document`, in its order of names."""
    schemas = document["components"]["schemas"]
    declared = (_declaration(name, schemas[name]) for name in sorted(schemas))
    return _HEAD + "".join(declared)


def write(document: Mapping[str, Any]) -> None:
    TYPES.write_text(types_of(document))


def _declaration(name: str, schema: Mapping[str, Any]) -> str:
    if "properties" not in schema:
        return f"\nexport type {name} = {_type(schema)};\n"
    members = "".join(f"  {member}\n" for member in _members(schema))
    return f"\nexport interface {name} {{\n{members}}}\n"


def _members(schema: Mapping[str, Any]) -> list[str]:
    required = schema.get("required", ())
    return [
        f"readonly {member}{'' if member in required else '?'}: {_type(told)};"
        for member, told in schema["properties"].items()
    ]


def _type(schema: Mapping[str, Any]) -> str:
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    choices = schema.get("anyOf") or schema.get("oneOf") or []
    if "$ref" in schema:
        told = str(schema["$ref"]).rpartition("/")[2]
    elif values:
        told = " | ".join(json.dumps(value, ensure_ascii=False) for value in values)
    elif choices:
        told = " | ".join(dict.fromkeys(_type(choice) for choice in choices))
    elif "properties" in schema:
        told = f"{{ {' '.join(_members(schema))} }}"
    elif schema.get("type") == "array":
        items = _type(schema.get("items", {}))
        told = f"readonly ({items})[]" if "|" in items else f"readonly {items}[]"
    elif schema.get("type") == "object":
        inside = schema.get("additionalProperties")
        value = _type(inside) if isinstance(inside, Mapping) else "unknown"
        told = f"Readonly<Record<string, {value}>>"
    else:
        told = _WORDS.get(str(schema.get("type")), "unknown")
    return told
