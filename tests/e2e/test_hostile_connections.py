"""Connections that no well-behaved client makes: each is answered or let go, and nobody waits for it."""

import json
import socket
import struct
import time
from collections.abc import Iterator
from typing import Final

import pytest

from tests.support.agents import ANA, AURORA, Person, offered
from tests.support.raw_http import connected, exchange, head, read_answer, with_body
from tests.support.stack import Stack

VERIFICATION: Final = f"/adesoes/{AURORA}/certificados/verificacao"
JSON: Final = ("Content-Type", "application/json")
LAWFUL: Final = json.dumps(offered(b"no certificate")).encode()


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def bearer(ana: Person) -> tuple[str, str]:
    return ("Authorization", f"Bearer {ana.token}")


@pytest.fixture(autouse=True)
def the_next_request_is_answered(ana: Person) -> Iterator[None]:
    yield
    assert ana.get("/sessao").status == 200


def test_a_chunked_body_is_read(ana: Person, bearer: tuple[str, str]) -> None:
    start = head("POST", VERIFICATION, [bearer, JSON, ("Transfer-Encoding", "chunked")])
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (LAWFUL[:5], LAWFUL[5:])]
    assert exchange(ana.stack, start, *chunks, b"0\r\n\r\n").status == 200


def test_a_request_that_trickles_in_is_answered(ana: Person, bearer: tuple[str, str]) -> None:
    request = with_body("POST", VERIFICATION, LAWFUL, [bearer, JSON])
    with connected(ana.stack) as connection:
        for start in range(0, len(request), 200):
            connection.sendall(request[start : start + 200])
            time.sleep(0.02)
        assert read_answer(connection).status == 200


@pytest.mark.parametrize("shown", [0.0, 0.2, 0.9])
@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_leaves_holds_nobody_up(
    ana: Person, bearer: tuple[str, str], shown: float, reset: bool
) -> None:
    request = with_body("POST", VERIFICATION, LAWFUL + b" " * 200_000, [bearer, JSON])
    for _ in range(20):
        with connected(ana.stack) as connection:
            connection.sendall(request[: int(len(request) * shown)])
            if reset:
                # A linger of zero makes closing a reset: socket(7).
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_client_that_waits_in_the_middle_holds_nobody_up(ana: Person, bearer: tuple[str, str]) -> None:
    request = with_body("POST", VERIFICATION, LAWFUL, [bearer, JSON])
    with connected(ana.stack) as connection:
        connection.sendall(request[:-1])
        started = time.perf_counter()
        assert exchange(ana.stack, request).status == 200
        assert time.perf_counter() - started < 10
        connection.sendall(request[-1:])
        assert read_answer(connection).status == 200


def test_http_1_0_is_answered_and_the_connection_closed(ana: Person, bearer: tuple[str, str]) -> None:
    with connected(ana.stack) as connection:
        connection.sendall(head("GET", "/sessao", [bearer], version="HTTP/1.0"))
        assert read_answer(connection).status == 200
        assert connection.recv(1) == b""


UNSENDABLE: Final = {
    "no http": b"\x16\x03\x01\x00\x00\r\n\r\n",
    "http/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "nul in a header": b"GET /sessao HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
    "blank in a name": b"GET /sessao HTTP/1.1\r\nHost: localhost\r\nX Y: a\r\n\r\n",
    "folded header": b"GET /sessao HTTP/1.1\r\nHost\x0b: localhost\r\n\r\n",
    "no host": b"GET /sessao HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /sessao HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length that is none": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "chunk that is none": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "other coding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
}


@pytest.mark.parametrize("kind", UNSENDABLE)
def test_what_cannot_be_sent_is_a_bad_request_of_the_gateway(stack: Stack, kind: str) -> None:
    answer = exchange(stack, UNSENDABLE[kind])
    assert answer.status in {400, 501}
    assert answer.document == {"message": "Bad Request"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Authorization", "Bearer x")], 403),
        ([("Authorization", "Basic YTph")], 403),
        ([("Authorization", "Bearer \xe3\xff")], 403),
        ([("Authorization", "")], 401),
    ],
    ids=str,
)
def test_a_token_that_is_none_is_refused(stack: Stack, headers: list[tuple[str, str]], status: int) -> None:
    assert exchange(stack, head("GET", "/sessao", headers)).status == status


def test_a_token_sent_twice_is_no_token(stack: Stack, bearer: tuple[str, str]) -> None:
    assert exchange(stack, head("GET", "/sessao", [bearer, bearer])).status == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/adesoes/%00", 404),
        ("/adesoes/%FF%FE", 404),
        ("/adesoes/%2e%2e", 422),
        ("/adesoes/../sessao", 404),
        ("/adesoes/33.047.509%2F0001-49", 404),
        (f"/adesoes/{AURORA}%0A", 404),
        ("/adesoes?pagina=1&pagina=2", 422),
        ("/adesoes?pagina=%00", 422),
        ("/adesoes?pagina=" + "9" * 5000, 422),
        ("/adesoes?busca=%ED%A0%80", 200),
        ("/adesoes?busca=%00", 200),
        ("*", 404),
    ],
)
def test_a_strange_address_is_answered(stack: Stack, bearer: tuple[str, str], path: str, status: int) -> None:
    answer = exchange(stack, head("GET", path, [bearer]))
    assert (path, answer.status) == (path, status)
    if status == 422:
        assert "valor inválido" not in {fault["detail"] for fault in answer.document["errors"]}
        assert [fault["pointer"] for fault in answer.document["errors"]] in (["path:cnpj"], ["query:pagina"])
