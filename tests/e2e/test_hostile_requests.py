"""Bodies and headers that no well-behaved client sends: each is answered, and so is whoever comes next."""

import gzip
import json
from collections.abc import Iterator
from typing import Final

import pytest

from aval.edge.requests import MAX_BODY_BYTES
from local.edge.limits import MOST_BODY_BYTES, MOST_HEADER_BYTES
from tests.support.agents import ANA, AURORA, Person, offered
from tests.support.raw_http import RawAnswer, exchange, head, with_body
from tests.support.stack import Stack

VERIFICATION: Final = f"/adesoes/{AURORA}/certificados/verificacao"
COMPANY: Final = f"/adesoes/{AURORA}"
JSON: Final = ("Content-Type", "application/json")
LAWFUL: Final = json.dumps(offered(b"no certificate")).encode()
Headers = list[tuple[str, str]]


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def bearer(ana: Person) -> tuple[str, str]:
    return ("Authorization", f"Bearer {ana.token}")


@pytest.fixture(autouse=True)
def the_next_request_is_answered(ana: Person) -> Iterator[None]:
    yield
    answer = ana.stack.request(
        "POST", VERIFICATION, token=ana.token, body=LAWFUL, headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.json()["aceito"]) == (200, False)


def sent(ana: Person, body: bytes, *headers: tuple[str, str], method: str = "POST") -> RawAnswer:
    path = VERIFICATION if method == "POST" else COMPANY
    token = ("Authorization", f"Bearer {ana.token}")
    return exchange(ana.stack, with_body(method, path, body, [token, *(headers or (JSON,))]))


def padded(size: int) -> bytes:
    return LAWFUL + b" " * (size - len(LAWFUL))


# Bodies

UNREADABLE: Final = {
    "cut": b'{"nome": "a.cer", "conteudo": ',
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"nome":' * 100_000 + b"1" + b"}" * 100_000,
    "NaN": b'{"nome": NaN}',
    "infinity": b'{"nome": -Infinity}',
    "too many digits": b'{"nome": ' + b"9" * 5000 + b"}",
    "two documents": LAWFUL + LAWFUL,
    "byte order mark": b"\xef\xbb\xbf" + LAWFUL,
    "utf-16": LAWFUL.decode().encode("utf-16"),
    "latin-1": '{"nome": "certidão.cer", "conteudo": ""}'.encode("latin-1"),
    "lone surrogate": rb'{"nome": "\ud800", "conteudo": ""}',
    "encoded surrogate": b'{"nome": "\xed\xa0\x80", "conteudo": ""}',
    "control character": b'{"nome": "a\x00b", "conteudo": ""}',
    "blanks": b" " * 1000,
}


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_body_that_is_no_json_in_utf8_is_unreadable(ana: Person, kind: str, method: str) -> None:
    answer = sent(ana, UNREADABLE[kind], method=method)
    assert (answer.status, answer.slug) == (400, "corpo-ilegivel")
    assert answer.document["detail"] in {
        "o corpo do pedido não é um documento JSON válido",
        "o corpo do pedido deve ser texto UTF-8",
    }


MISSHAPEN: Final[dict[str, tuple[object, str, str]]] = {
    "list": ([], "#", "deve ser um objeto"),
    "text": ("x", "#", "deve ser um objeto"),
    "number": (1e308, "#", "deve ser um objeto"),
    "nothing": (None, "#", "campo obrigatório ausente"),
    "unknown member": ({**offered(b""), "__proto__": {}}, "#/__proto__", "campo desconhecido; retire-o"),
    "a slash in a name": ({**offered(b""), "a/b~": 1}, "#/a~1b~0", "campo desconhecido; retire-o"),
    "no content": ({"nome": "a.cer"}, "#/conteudo", "campo obrigatório ausente"),
    "a number": ({**offered(b""), "nome": 10**300}, "#/nome", "deve ser um texto"),
    "an object": ({**offered(b""), "conteudo": {"$ne": ""}}, "#/conteudo", "deve ser um texto"),
    "not a list": ({**offered(b""), "excluir": "x"}, "#/excluir", "deve ser uma lista"),
    "many": ({**offered(b""), "excluir": ["ab" * 32] * 101}, "#/excluir", "deve ter no máximo 100 elementos"),
    "no fingerprint": (
        {**offered(b""), "excluir": ["ab" * 32, "x"]},
        "#/excluir/1",
        "a impressão digital deve ter 64 algarismos hexadecimais (SHA-256)",
    ),
}


@pytest.mark.parametrize("kind", MISSHAPEN)
def test_a_fault_of_shape_names_its_field_in_portuguese(ana: Person, kind: str) -> None:
    body, pointer, sentence = MISSHAPEN[kind]
    answer = sent(ana, json.dumps(body).encode())
    assert (answer.status, answer.slug) == (422, "pedido-recusado")
    assert answer.document["errors"] == [{"rule": "forma", "detail": sentence, "pointer": pointer}]


def test_no_body_at_all_is_told(ana: Person) -> None:
    answer = sent(ana, b"")
    assert (answer.status, answer.document["errors"][0]["pointer"]) == (422, "#")


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Type", "text/plain")],
        [("Content-Type", "application/x-www-form-urlencoded")],
        [("Content-Type", "multipart/form-data")],
        [("Content-Type", "multipart/form-data; boundary=b")],
        [("Content-Type", "application/octet-stream")],
        [("Content-Type", "application/pkix-cert")],
        [("Content-Type", "\xff/\xfe")],
        [JSON, ("Content-Encoding", "gzip")],
        [JSON, JSON],
    ],
    ids=str,
)
def test_another_media_type_is_refused(ana: Person, headers: Headers) -> None:
    answer = sent(ana, LAWFUL, *headers)
    assert (answer.status, answer.slug) == (415, "tipo-de-conteudo")


def test_a_compressed_body_is_told_to_come_plain(ana: Person) -> None:
    answer = sent(ana, gzip.compress(LAWFUL), JSON, ("Content-Encoding", "gzip"))
    assert answer.status == 415
    assert "sem compressão" in answer.document["detail"]


@pytest.mark.parametrize("media_type", ["APPLICATION/JSON", "application/json; charset=utf-8"])
def test_json_by_another_spelling_is_taken(ana: Person, media_type: str) -> None:
    assert sent(ana, LAWFUL, ("Content-Type", media_type)).status == 200


# Sizes


def test_a_body_of_exactly_4_mb_is_read_and_one_byte_more_is_not(ana: Person) -> None:
    assert sent(ana, padded(MAX_BODY_BYTES)).status == 200
    answer = sent(ana, padded(MAX_BODY_BYTES + 1))
    assert (answer.status, answer.slug) == (413, "corpo-grande")
    assert answer.document["detail"] == "o corpo do pedido tem mais de 4 MB"


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_gateways_limit_is_its_own_413(ana: Person, declared: bool) -> None:
    size = MOST_BODY_BYTES + 1
    token = ("Authorization", f"Bearer {ana.token}")
    if declared:
        answer = exchange(ana.stack, with_body("POST", VERIFICATION, b"x" * size, [token, JSON]))
    else:
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        start = head("POST", VERIFICATION, [token, JSON, ("Transfer-Encoding", "chunked")])
        answer = exchange(ana.stack, start, chunk * 11, b"0\r\n\r\n")
    assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
    assert answer.headers["apigw-requestid"]
    assert answer.document == {
        "type": "about:blank",
        "title": "Corpo grande demais",
        "status": 413,
        "detail": "O corpo da requisição passa de 10 MB, o limite do gateway.",
        "message": "Request Entity Too Large",
    }


@pytest.mark.parametrize("where", ["header", "path", "query", "token"])
def test_headers_over_10_kb_are_refused(ana: Person, bearer: tuple[str, str], where: str) -> None:
    long = "x" * MOST_HEADER_BYTES
    request = {
        "header": head("GET", "/sessao", [bearer, ("X-Long", long)]),
        "path": head("GET", f"/adesoes/{long}", [bearer]),
        "query": head("GET", f"/adesoes?busca={long}", [bearer]),
        "token": head("GET", "/sessao", [("Authorization", f"Bearer {long}")]),
    }[where]
    answer = exchange(ana.stack, request)
    assert (answer.status, answer.document) == (431, {"message": "Request Header Fields Too Large"})
