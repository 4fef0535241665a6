"""Writes the OpenAPI document of the whole JSON API from its handlers: `make openapi`."""

import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from aval.edge.logs import TRANSACTION_HEADER
from aval.edge.problems import MEDIA_TYPE
from local import openapi_types

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "layers/common/python/aval/edge/openapi.json"

# Infrastructure tests hold these to the routes that the template leaves without an authorizer.
PUBLIC: Final = frozenset(
    {
        ("get", "/configuracao"),
        ("get", "/prudencial/medidas"),
        ("post", "/acessos"),
        ("post", "/sistema/token"),
    }
)

_INFO: Final = {
    "title": "Aval: API JSON",
    "version": "1",
    "description": (
        "Adesão à plataforma de integração do mercado de energia. Toda resposta traz o número da transação "
        "no cabeçalho X-Transacao; toda recusa da plataforma é um documento application/problem+json "
        "(RFC 9457). O que o próprio gateway recusa (sem token, rota ou método inexistente, corpo acima do "
        'limite dele) vem como {"message": …}.'
    ),
}
_TOKEN: Final = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": (
        "Uma pessoa lê GET /configuracao, entra no Amazon Cognito com o e-mail e a senha (InitiateAuth) e "
        "envia o AccessToken recebido no cabeçalho Authorization, como Bearer. Um sistema pede o seu em POST "
        "/sistema/token, no endereço de sistemas, com o certificado da empresa na conexão TLS e o CNPJ e a "
        "senha no corpo; vale dez minutos."
    ),
}
_PROBLEM: Final = {
    "type": "object",
    "title": "Problema",
    "description": "Uma recusa, como na RFC 9457; errors lista todas as falhas encontradas.",
    "required": ["type", "title", "status", "detail", "transacao"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "transacao": {"type": "string", "format": "uuid"},
        "codigo": {"type": "string", "description": "De um ato recusado: a regra, pelo seu código"},
        "estado": {"type": "string", "description": "De um ato recusado: o estado que vale agora"},
        "tarefa": {"type": "string", "description": "De um ato recusado: a tarefa que ele foi"},
        "resposta": {"type": "string", "description": "De um ato recusado: a resposta, selada aos leitores"},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["rule", "detail"],
                "properties": {
                    "rule": {"type": "string"},
                    "detail": {"type": "string"},
                    "pointer": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
_GATEWAY: Final = {
    "type": "object",
    "title": "RespostaDoGateway",
    "description": "A resposta do próprio gateway, antes de qualquer função.",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}
_TRANSACTION: Final = {
    "description": "O número da transação, para o atendimento",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
_EVERY_REFUSAL: Final = {"404": "Não encontrado", "422": "Pedido recusado", "500": "Falha interna"}
_BODY_REFUSALS: Final = {
    "400": "Corpo ilegível",
    "413": "Corpo grande demais",
    "415": "Tipo de conteúdo não aceito",
}
_WRITE_REFUSALS: Final = {
    "409": "Outra alteração venceu a corrida; repita",
    "412": "O cadastro mudou desde a leitura",
}
_WAIT_REFUSALS: Final = {"503": "Nenhum enclave respondeu a tempo; Retry-After diz quando repetir"}
_ACT_REFUSALS: Final = {
    "409": "O ato não cabe no estado que vale agora, que vem em estado",
    "503": "O enclave não pôde fazer o ato; refaça-o com outro jti",
}
_ACTS: Final = "submit_act"
_GATE_REFUSALS: Final = {"401": "Sem token", "403": "Token recusado, ou papel sem permissão"}


def openapi_document() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problema": _PROBLEM, "RespostaDoGateway": _GATEWAY}
    for name, app in _apps():
        own = json.loads(app.get_openapi_json_schema(title=_INFO["title"], version=_INFO["version"]))
        alone = sum(map(len, own.get("paths", {}).values())) == 1
        for path, methods in own.get("paths", {}).items():
            for method, operation in methods.items():
                paths.setdefault(path, {})[method] = _completed(name, path, method, operation, alone=alone)
        _merge_schemas(schemas, own.get("components", {}).get("schemas", {}))
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "headers": {TRANSACTION_HEADER: _TRANSACTION},
            "securitySchemes": {"token": _TOKEN},
        },
    }


def _apps() -> Iterator[tuple[str, APIGatewayHttpResolver]]:
    for source in sorted((ROOT / "lambdas").glob("*/*.py")):
        module = importlib.import_module(f"lambdas.{source.parent.name}.{source.stem}")
        app = getattr(module, "app", None)
        if isinstance(app, APIGatewayHttpResolver):
            yield source.stem, app


def _completed(
    name: str, path: str, method: str, operation: Mapping[str, Any], *, alone: bool
) -> dict[str, Any]:
    public = (method, path) in PUBLIC
    refusals = dict(_EVERY_REFUSAL)
    if "requestBody" in operation:
        refusals |= _BODY_REFUSALS
    if method == "put":
        refusals |= _WRITE_REFUSALS
    if name == _ACTS:
        refusals |= _ACT_REFUSALS
    if path == "/prudencial/chave":
        refusals |= _WAIT_REFUSALS
    if not public or path == "/sistema/token":
        refusals |= _GATE_REFUSALS
    # Powertools' own descriptions of these two are not what the edge answers.
    responses = {
        status: _success(answer)
        for status, answer in operation["responses"].items()
        if status not in {"422", "500"}
    }
    for status, description in refusals.items():
        responses.setdefault(status, _refusal(description))
    return {
        **operation,
        **_parameters(operation),
        # A handler of several operations names each of them itself.
        "operationId": name if alone else operation["operationId"],
        "responses": dict(sorted(responses.items())),
        "security": [] if public else [{"token": []}],
    }


def _success(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Every header told of a success is always there."""
    headers = {name: {**header, "required": True} for name, header in answer.get("headers", {}).items()}
    headers[TRANSACTION_HEADER] = {"$ref": f"#/components/headers/{TRANSACTION_HEADER}"}
    description = answer["description"].replace("Successful Response", "Concluído")
    return {**answer, "description": description, "headers": headers}


def _parameters(operation: Mapping[str, Any]) -> dict[str, Any]:
    """An optional parameter may be left out; unlike a member of a body it cannot be null."""
    if "parameters" not in operation:
        return {}
    return {"parameters": [{**one, "schema": _never_null(one["schema"])} for one in operation["parameters"]]}


def _never_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) != 1:
        return dict(schema)
    return {**{name: value for name, value in schema.items() if name != "anyOf"}, **choices[0]}


def _refusal(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problema"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/RespostaDoGateway"}},
        },
    }


def _merge_schemas(into: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    for name, schema in schemas.items():
        if name in {"HTTPValidationError", "ResponseValidationError", "ValidationError"}:
            continue
        if into.setdefault(name, schema) != schema:
            raise ValueError(f"two messages are called {name}")


def rendered(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    document = openapi_document()
    DOCUMENT.write_text(rendered(document), encoding="utf-8")
    openapi_types.write(document)
    print(f"wrote {DOCUMENT.relative_to(ROOT)} and {openapi_types.TYPES.relative_to(ROOT)}")
