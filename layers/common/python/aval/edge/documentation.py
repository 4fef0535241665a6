"""The published OpenAPI document, and a plain page made of it: no script, nothing from elsewhere."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}"
    "code,pre{font:14px/1.45 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8886}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;"
    "border-bottom:1px solid #8886}h2{margin-top:3rem}section{margin-bottom:2.5rem}"
)
_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_ADMISSION: Final = {True: "Pede token.", False: "Não pede token."}
PAGE_HEADERS: Final[dict[str, str | list[str]]] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}


@cache
def openapi_text() -> str:
    return files("aval.edge").joinpath("openapi.json").read_text(encoding="utf-8")


@cache
def page() -> str:
    document = json.loads(openapi_text())
    title = escape(document["info"]["title"])
    sections = "".join(
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = "".join(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    return (
        f'<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{escape(document['info']['description'])}</p>"
        f'<p>O mesmo como dados: <a href="openapi.json">openapi.json</a>.</p>'
        f"<h2>Como entrar</h2><p>{escape(_way_in(document))}</p>"
        f"<h2>Operações</h2>{sections}<h2>Mensagens</h2>{schemas}</body></html>"
    )


def _way_in(document: Mapping[str, Any]) -> str:
    return str(document["components"]["securitySchemes"]["token"]["description"])


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    description = f"<p>{escape(operation['description'])}</p>" if operation.get("description") else ""
    return (
        f"<section><h3><code>{method.upper()} {escape(path)}</code></h3>"
        f"<p>{escape(operation['summary'])}. {_ADMISSION[bool(operation['security'])]}</p>{description}"
        f"{_table(('Parâmetro', 'Onde', 'O que é'), _parameters(operation))}"
        f"{_table(('Corpo', 'Mensagem'), _contents(operation.get('requestBody', {})))}"
        f"{_table(('Resposta', 'Quando', 'Mensagem'), _responses(operation))}</section>"
    )


def _parameters(operation: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for parameter in operation.get("parameters", ()):
        text = parameter.get("description", "") or parameter["schema"].get("description", "")
        yield _code(parameter["name"]), escape(parameter["in"]), escape(text)


def _contents(holder: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for media_type, content in holder.get("content", {}).items():
        yield _code(media_type), _reference(content.get("schema", {}))


def _responses(operation: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for status, response in operation["responses"].items():
        messages = ", ".join(f"{media_type} {message}" for media_type, message in _contents(response))
        yield _code(status), escape(response["description"]), messages


def _reference(schema: Mapping[str, Any]) -> str:
    target = str(schema.get("$ref", "")).rpartition("/")[2]
    return f'<a href="#{escape(target)}">{escape(target)}</a>' if target else _code(json.dumps(schema))


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    body = escape(json.dumps(schema, ensure_ascii=False, indent=2))
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3><pre>{body}</pre></section>'


def _table(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
