"""A client of the JSON API: what passes is tried again, what does not is told."""

import http.client
import io
import json
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from aval.adapters import platform_api
from aval.adapters.platform_api import Answer, PlatformApi, PlatformRefused, PlatformUnusable
from tests.support.platform import URL, Platform, answer, opened

PROBLEM = {
    "type": "urn:aval:problema:x",
    "detail": "não",
    "errors": [{"detail": "isto"}, {"detail": "aquilo"}],
}


@dataclass
class Tokens:
    given: list[bool] = field(default_factory=list)

    def token(self, *, anew: bool) -> str:
        self.given.append(anew)
        return f"token-{len(self.given)}"


@dataclass
class Clock:
    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    return opened(monkeypatch)


def api(clock: Clock | None = None, **told: Any) -> PlatformApi:
    clock = clock or Clock()
    context = ssl.create_default_context()
    return PlatformApi(URL, context, pause=clock.pause, monotonic=clock, **told)


def test_asks_with_the_token_and_reads_json(platform: Platform) -> None:
    platform.answers("POST /a", (201, {"b": 1}))
    told = api(tokens=Tokens()).ask("POST", "/a", {"ç": 1})
    assert (told.status, told.document) == (201, {"b": 1})
    (asked,) = platform.asked
    assert asked.headers == {
        "Accept": "application/json",
        "Authorization": "Bearer token-1",
        "Content-Type": "application/json",
        "Content-Length": str(len(asked.body)),
    }
    assert asked.document == {"ç": 1}


def test_a_query_goes_into_the_address(platform: Platform) -> None:
    platform.answers("GET /a", (200, {}))
    api().get("/a", {"nonce": "0f", "b": "ç &"})
    assert platform.told("GET") == ["/a?nonce=0f&b=%C3%A7+%26"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_asked_again(platform: Platform, status: int) -> None:
    clock = Clock()
    platform.answers("GET /a", (status, {}), (status, {}), (200, {}))
    assert api(clock).get("/a").status == 200
    assert clock.pauses == [1, 2]


def test_as_long_a_pause_as_the_platform_asks_for(platform: Platform) -> None:
    clock = Clock()
    told = iter([answer(503, {}, **{"retry-after": "7"}), answer(503, {}, **{"retry-after": "soon"})])
    platform.routes["GET /a"] = lambda _: next(told, answer(200, {}))
    api(clock).get("/a")
    assert clock.pauses == [7, 14]


def test_a_broken_connection_is_tried_again_and_given_up_in_the_end(platform: Platform) -> None:
    clock = Clock()
    platform.answers("GET /a", (0, ConnectionResetError()), (200, {}))
    assert api(clock).get("/a").status == 200
    platform.answers("GET /a", (0, http.client.BadStatusLine("")))
    with pytest.raises(PlatformUnusable, match="não respondeu"):
        api(clock).get("/a")
    assert 150 < sum(clock.pauses[1:]) <= 180


def test_a_certificate_that_is_not_trusted_is_not_tried_again(platform: Platform) -> None:
    clock = Clock()
    platform.answers("GET /a", (0, ssl.SSLCertVerificationError()))
    with pytest.raises(PlatformUnusable, match="--autoridades"):
        api(clock).get("/a")
    assert clock.pauses == []


def test_patience_ends_with_what_was_answered(platform: Platform) -> None:
    platform.answers("GET /a", (503, {"detail": "agora não"}))
    with pytest.raises(PlatformRefused, match="agora não") as told:
        api().get("/a")
    assert told.value.status == 503


def test_a_refusal_is_told_with_each_of_its_faults(platform: Platform) -> None:
    platform.answers("GET /a", (422, PROBLEM))
    with pytest.raises(PlatformRefused) as told:
        api().get("/a")
    assert (told.value.status, told.value.slug) == (422, "x")
    assert told.value.detail == "não; isto; aquilo"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]"])
def test_an_answer_that_is_no_json_object_is_told_as_such(platform: Platform, body: bytes) -> None:
    platform.answers("GET /a", (500, body))
    with pytest.raises(PlatformRefused, match="sem explicação"):
        api().get("/a")
    platform.answers("GET /a", (200, body))
    with pytest.raises(PlatformUnusable):
        assert api().get("/a").document


@pytest.mark.parametrize("status", [401, 403])
def test_another_token_is_asked_for_once_where_the_gateway_refuses(platform: Platform, status: int) -> None:
    refusal = Answer(status, {"content-type": "application/json"}, b'{"message":"Forbidden"}')
    tokens = Tokens()
    told = iter([refusal])
    platform.routes["GET /a"] = lambda _: next(told, answer(200, {}))
    assert api(tokens=tokens).get("/a").status == 200
    assert tokens.given == [False, True]
    platform.routes["GET /a"] = lambda _: refusal
    with pytest.raises(PlatformRefused, match="Forbidden"):
        api(tokens=tokens).get("/a")
    assert tokens.given == [False, True] * 2


def test_a_refusal_of_ours_is_not_about_the_token(platform: Platform) -> None:
    tokens = Tokens()
    platform.answers("GET /a", (403, PROBLEM))
    with pytest.raises(PlatformRefused):
        api(tokens=tokens).get("/a")
    assert tokens.given == [False]


@pytest.mark.parametrize(
    "address", ["http://aval.example", "ftp://localhost", "aval.example", "https://", "https://a:b@c"]
)
def test_nothing_is_sent_in_the_open(address: str) -> None:
    with pytest.raises(PlatformUnusable, match="https"):
        PlatformApi(address, ssl.create_default_context())


@pytest.mark.parametrize(
    "address", ["http://localhost:4566", "http://127.0.0.1:1", "https://aval.example/v1"]
)
def test_tls_or_this_machine_is_private(address: str) -> None:
    assert PlatformApi(address, ssl.create_default_context()).address == address


def test_a_file_goes_up_by_its_form_without_a_token(platform: Platform) -> None:
    sent: list[int] = []
    content = bytes(range(256)) * 2000
    platform.answers("POST https://store.example/bucket", (204, b""))
    api(tokens=Tokens()).upload(
        "https://store.example/bucket", {"key": "k", "policy": "p"}, content, sent.append
    )
    (asked,) = platform.asked
    assert "Authorization" not in asked.headers
    assert int(asked.headers["Content-Length"]) == len(asked.body)
    boundary = asked.headers["Content-Type"].partition("boundary=")[2].encode()
    parts = asked.body.split(b"--" + boundary)
    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:-1]] == [
        b"k",
        b"p",
        content,
    ]
    assert [part.partition(b'name="')[2].partition(b'"')[0] for part in parts[1:-1]] == [
        b"key",
        b"policy",
        b"file",
    ]
    assert parts[-1] == b"--\r\n"
    assert sent == [262_144, len(content)]


def test_a_store_that_refuses_the_file_is_told(platform: Platform) -> None:
    platform.answers("POST https://store.example/", (403, b"<Error/>"))
    with pytest.raises(PlatformRefused, match="o depósito recusou"):
        api().upload("https://store.example/", {}, b"x", lambda _: None)
    with pytest.raises(PlatformUnusable, match="https"):
        api().upload("http://store.example/", {}, b"x", lambda _: None)


class Wire:
    """A socket on whose other side stands one answer."""

    def __init__(self, told: bytes) -> None:
        self.told = told
        self.sent = b""

    def sendall(self, data: bytes) -> None:
        self.sent += bytes(data)

    def makefile(self, mode: str) -> io.BytesIO:
        assert mode == "rb"
        return io.BytesIO(self.told)

    def close(self) -> None:
        self.told = b""


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://a.example:8443/b?c=d", http.client.HTTPSConnection),
        ("http://localhost/b?c=d", http.client.HTTPConnection),
    ],
)
def test_one_exchange_over_one_connection(
    monkeypatch: pytest.MonkeyPatch, address: str, kind: type[http.client.HTTPConnection]
) -> None:
    wire = Wire(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
    monkeypatch.setattr(kind, "connect", lambda self: setattr(self, "sock", wire))
    told = platform_api.exchange(
        urlsplit(address),
        ssl.create_default_context(),
        "PUT",
        {"Content-Length": "3"},
        lambda: iter([b"a", b"bc"]),
    )
    assert told == Answer(200, {"content-type": "application/json", "content-length": "2"}, b"{}")
    assert wire.sent.startswith(b"PUT /b?c=d HTTP/1.1\r\n")
    assert wire.sent.endswith(b"\r\n\r\nabc")


def test_an_answer_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_api, "_LARGEST_ANSWER", 10)
    body = json.dumps("longer").encode() + b"xxxx"
    wire = Wire(b"HTTP/1.1 200 OK\r\n\r\n" + body)
    monkeypatch.setattr(http.client.HTTPSConnection, "connect", lambda self: setattr(self, "sock", wire))
    with pytest.raises(PlatformUnusable, match="grande demais"):
        platform_api.exchange(urlsplit(URL), ssl.create_default_context(), "GET", {}, lambda: iter([]))
