"""Requests byte by byte over TLS, for what a well-behaved client would never send."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.support.stack import Stack

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class RawAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def slug(self) -> str:
        """The last word of a problem's type."""
        assert self.headers["content-type"] == "application/problem+json"
        return str(self.document["type"]).rpartition(":")[2]


@contextmanager
def connected(stack: Stack) -> Iterator[ssl.SSLSocket]:
    port = urlsplit(stack.people_url).port
    assert port is not None
    with (
        socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as plain,
        stack.context().wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        yield connection


def read_answer(connection: ssl.SSLSocket, method: str = "GET") -> RawAnswer:
    answer = http.client.HTTPResponse(connection, method=method)
    answer.begin()
    return RawAnswer(
        answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    )


def exchange(stack: Stack, *pieces: bytes) -> RawAnswer:
    with connected(stack) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return read_answer(connection)


def head(
    method: str, path: str, headers: Iterable[tuple[str, str]] = (), *, version: str = "HTTP/1.1"
) -> bytes:
    lines = [
        f"{method} {path} {version}",
        "Host: localhost",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def with_body(method: str, path: str, body: bytes, headers: Iterable[tuple[str, str]], **told: Any) -> bytes:
    return head(method, path, [*headers, ("Content-Length", str(len(body)))], **told) + body
