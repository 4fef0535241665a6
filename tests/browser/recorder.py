"""A proxy that a window goes through and that keeps every message.

What a browser tells of its own requests has gaps (bodies made of blobs, preflights); the wire has none.
"""

import http.client
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

from local.ports import HOST
from local.tls import ServerFiles

SECONDS: Final = 60.0
# Between two neighbours only (RFC 9110, section 7.6.1); the length is told anew.
_OF_A_HOP: Final = frozenset(
    {"connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length"}
)
_WITHOUT_A_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it was sent, and its answer as it came: content codings and all."""

    method: str
    url: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    status: int
    answer_headers: Headers = field(repr=False)
    answer: bytes = field(repr=False)

    def asked(self) -> Iterator[bytes]:
        """Everything that left the browser."""
        yield f"{self.method} {self.url}".encode()
        yield from (f"{name}: {value}".encode() for name, value in self.headers)
        yield self.body

    def answered(self) -> Iterator[bytes]:
        yield from (f"{name}: {value}".encode() for name, value in self.answer_headers)
        yield self.answer


class Recorder(ThreadingHTTPServer):
    """Ends TLS with a key of its own, and asks the real server as its authority bids."""

    daemon_threads = True

    def __init__(self, own: ServerFiles, trusted: ssl.SSLContext) -> None:
        super().__init__((HOST, 0), _Conversation)
        self.exchanges: list[Exchange] = []
        self.own = own
        self.trusted = trusted
        self.shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.shown.load_cert_chain(own.certificate, own.key)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"


@contextmanager
def recording(own: ServerFiles, trusted: ssl.SSLContext) -> Iterator[Recorder]:
    with Recorder(own, trusted) as recorder:
        serving = threading.Thread(target=recorder.serve_forever, name="recorder", daemon=True)
        serving.start()
        try:
            yield recorder
        finally:
            recorder.shutdown()
            serving.join()


class _Conversation(BaseHTTPRequestHandler):
    """One connection of the browser."""

    server: Recorder
    protocol_version = "HTTP/1.1"
    timeout = SECONDS
    _tunnel: str | None = None
    _onward: http.client.HTTPConnection | None = None

    def do_CONNECT(self) -> None:
        self._tunnel = self.path
        self.send_response(HTTPStatus.OK)
        self.end_headers()
        try:
            self.connection = self.server.shown.wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = (
            self._chunks()
            if "chunked" in self.headers.get("Transfer-Encoding", "")
            else self.rfile.read(length)
        )
        url = f"https://{self._tunnel}{self.path}" if self._tunnel else self.path
        try:
            answer = self._ask(url, body)
            content = answer.read()
        except (OSError, http.client.HTTPException):
            # As a line that breaks: the browser says what it makes of it.
            self.close_connection = True
            return
        told = answer.getheaders()
        self.server.exchanges.append(
            Exchange(self.command, url, self.headers.items(), body, answer.status, told, content)
        )
        self._pass_on(answer, content)

    do_POST = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = do_PATCH = do_GET  # noqa: N815

    def finish(self) -> None:
        if self._onward:
            self._onward.close()
        super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: what was asked is kept."""

    def _ask(self, url: str, body: bytes) -> http.client.HTTPResponse:
        parts = urlsplit(url)
        onward = self._onward = self._onward or self._connection(parts.scheme, parts.netloc)
        onward.putrequest(
            self.command,
            f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}",
            skip_host=True,
            skip_accept_encoding=True,
        )
        for name, value in self.headers.items():
            if name.lower() not in _OF_A_HOP:
                onward.putheader(name, value)
        if body or self.command in {"POST", "PUT", "PATCH"}:
            onward.putheader("Content-Length", str(len(body)))
        onward.endheaders(body)
        return onward.getresponse()

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(place, timeout=SECONDS, context=self.server.trusted)
        return http.client.HTTPConnection(place, timeout=SECONDS)

    def _pass_on(self, answer: http.client.HTTPResponse, content: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_A_HOP:
                self.send_header(name, value)
        if self.command != "HEAD" and answer.status not in _WITHOUT_A_BODY:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        if answer.will_close and self._onward:
            self._onward.close()
            self._onward = None

    def _chunks(self) -> bytes:
        found = bytearray()
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            """Trailers: nobody here sends any, and none is passed on."""
        return bytes(found)
