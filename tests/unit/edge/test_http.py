import gzip
import json
from base64 import b64encode
from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler.openapi.params import Query
from botocore.exceptions import ReadTimeoutError
from pydantic import Field

from aval.edge import http
from aval.edge.message import Message
from aval.edge.requests import MAX_BODY_BYTES
from aval.errors import Fault, FaultsFound
from tests.support.gateway import Context, event


class Order(Message):
    quantity: int = Field(alias="quantidade", ge=1, le=9)
    colour: str = Field(alias="cor", max_length=5)


def respond(request: dict[str, Any]) -> dict[str, Any]:
    app = http.api()

    @app.post("/pedidos")
    def take(order: Order, day: Annotated[str, Query(alias="dia")] = "") -> Order:
        if order.colour == "preto":
            raise FaultsFound(
                "pedido recusado", [Fault("cor", "não há preto", "#/cor"), Fault("dia", "hoje não")]
            )
        if order.colour == "timed":
            raise ReadTimeoutError(endpoint_url="https://secret.example")
        if order.colour == "bug":
            raise KeyError("the secret value")
        return order

    return http.entrypoint(app)(request, Context())  # type: ignore[arg-type]


def problem(answer: dict[str, Any]) -> Any:
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    content_type = headers.get("content-type") or answer["multiValueHeaders"]["Content-Type"][0]
    assert content_type == "application/problem+json"
    return json.loads(answer["body"])


def test_answers_with_the_wire_names_and_the_transaction_id() -> None:
    answer = respond(event("POST", "/pedidos", body={"quantidade": 3, "cor": "azul"}))
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"quantidade": 3, "cor": "azul"}
    assert answer["headers"]["X-Transacao"] == Context.aws_request_id


@pytest.mark.parametrize("colour", ["azul", "preto", "bug"])
def test_no_answer_may_be_kept_in_a_cache(colour: str) -> None:
    answer = respond(event("POST", "/pedidos", body={"quantidade": 3, "cor": colour}))
    assert answer["headers"]["Cache-Control"] == "no-store"


def test_reports_every_fault_of_shape_with_its_place() -> None:
    answer = respond(event("POST", "/pedidos", body={"quantidade": 10, "cor": "amarelo", "extra": 1}))
    assert problem(answer) == {
        "type": "urn:aval:problema:pedido-recusado",
        "title": "Pedido recusado",
        "status": 422,
        "detail": "o pedido não tem a forma esperada",
        "transacao": Context.aws_request_id,
        "errors": [
            {"rule": "forma", "detail": "deve ser menor ou igual a 9", "pointer": "#/quantidade"},
            {"rule": "forma", "detail": "deve ter no máximo 5 caracteres", "pointer": "#/cor"},
            {"rule": "forma", "detail": "campo desconhecido; retire-o", "pointer": "#/extra"},
        ],
    }


def test_reports_every_fault_of_a_domain_refusal() -> None:
    answer = respond(event("POST", "/pedidos", body={"quantidade": 1, "cor": "preto"}))
    assert problem(answer)["errors"] == [
        {"rule": "cor", "detail": "não há preto", "pointer": "#/cor"},
        {"rule": "dia", "detail": "hoje não"},
    ]


@pytest.mark.parametrize("colour", ["bug", "timed"])
def test_an_unknown_error_tells_the_caller_and_the_log_nothing_of_its_text(
    capsys: pytest.CaptureFixture[str], colour: str
) -> None:
    answer = respond(event("POST", "/pedidos", body={"quantidade": 1, "cor": colour}))
    assert problem(answer)["status"] == 500
    assert "secret" not in answer["body"] + capsys.readouterr().out


@pytest.mark.parametrize(
    "body",
    ["{", "[" * 100_000, '{"quantidade": NaN}', '"\\ud800"', "9" * 5000, ""],
    ids=["cut", "deep", "nan", "surrogate", "digits", "empty"],
)
def test_a_body_that_is_no_json_is_refused(body: str) -> None:
    assert problem(respond(event("POST", "/pedidos", body=body)))["status"] in {400, 422}


def test_a_body_that_is_no_utf8_is_refused() -> None:
    assert problem(respond(event("POST", "/pedidos", body="/w==", isBase64Encoded=True)))["status"] == 400


def test_takes_a_body_of_exactly_the_limit_and_refuses_one_byte_more() -> None:
    assert problem(respond(event("POST", "/pedidos", body=" " * MAX_BODY_BYTES)))["status"] != 413
    assert problem(respond(event("POST", "/pedidos", body=" " * (MAX_BODY_BYTES + 1))))["status"] == 413


def test_takes_an_encoded_body_of_exactly_the_limit_and_refuses_one_byte_more() -> None:
    for more, refused in ((0, False), (1, True)):
        body = b64encode(b" " * (MAX_BODY_BYTES + more)).decode()
        answer = respond(event("POST", "/pedidos", body=body, isBase64Encoded=True))
        assert (problem(answer)["status"] == 413) is refused


def test_bytes_that_the_gateway_could_not_read_are_refused_but_their_sign_can_be_named() -> None:
    assert problem(respond(event("POST", "/pedidos", body='{"cor": "\ufffd"}')))["status"] == 400
    escaped = '{"quantidade": 1, "cor": "\\ufffd"}'
    assert respond(event("POST", "/pedidos", body=escaped))["statusCode"] == 200


@pytest.mark.parametrize(
    "media_type",
    [
        "text/csv",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=b",
        "application/jsonp",
        "application/json,application/json",
        "",
    ],
)
@pytest.mark.parametrize("encoded", [False, True])
def test_another_media_type_is_refused(media_type: str, encoded: bool) -> None:
    body = b64encode(b"\xff").decode() if encoded else "a=1"
    headers = {"content-type": media_type}
    request = event("POST", "/pedidos", body=body, headers=headers, isBase64Encoded=encoded)
    assert problem(respond(request))["status"] == 415


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=utf-8", None])
def test_json_is_taken_by_its_name_or_unnamed(media_type: str | None) -> None:
    request = event("POST", "/pedidos", body={"quantidade": 1, "cor": "azul"})
    request["headers"] = {"content-type": media_type} if media_type else {}
    assert respond(request)["statusCode"] == 200


def test_a_compressed_body_is_refused() -> None:
    body = b64encode(gzip.compress(b"{}")).decode()
    request = event("POST", "/pedidos", body=body, headers={"content-encoding": "gzip"}, isBase64Encoded=True)
    assert "Content-Encoding" in problem(respond(request))["detail"]
    assert problem(respond(request))["status"] == 415


@pytest.mark.parametrize("path", ["/nada", "/pedidos\n", "/pedidos\x00"])
def test_an_unknown_path_is_a_problem_too(path: str) -> None:
    request = event("POST", path, body={"quantidade": 1, "cor": "azul"})
    assert problem(respond(request))["type"] == "urn:aval:problema:rota-inexistente"


@pytest.mark.parametrize("query", [{"nada": "1"}, {"nada": ""}])
def test_a_parameter_that_the_operation_does_not_know_is_refused(query: dict[str, str]) -> None:
    body = {"quantidade": 3, "cor": "azul"}
    answer = respond(event("POST", "/pedidos", body=body, query={"dia": "2026-01-01", **query}))
    assert problem(answer)["errors"] == [
        {"rule": "forma", "detail": "parâmetro desconhecido; retire-o", "pointer": "query:nada"}
    ]
    assert respond(event("POST", "/pedidos", body=body, query={"dia": "x"}))["statusCode"] == 200
