import socket
from collections.abc import Iterator

import pytest

from aval.adapters.revocation_http import HttpRevocationFetcher
from aval.certificates.refreshing import RevocationListUnreachable

HOST = "lcr.ac-teste.example"
URL = f"http://{HOST}/pasta/ac.crl?v=1"
PUBLIC = "198.41.0.4"


class Wire:
    """The far end of a connection, in memory: what it was asked, and the bytes that it answers."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.dialled: list[tuple[str, int]] = []
        self.near: socket.socket | None = None
        self.far: socket.socket | None = None

    def connect(self, address: str, port: int, timeout_seconds: float) -> socket.socket:
        self.dialled.append((address, port))
        self.near, self.far = socket.socketpair()
        self.near.settimeout(timeout_seconds)
        self.far.sendall(self.answer)
        self.far.shutdown(socket.SHUT_WR)
        return self.near

    def asked(self) -> bytes:
        assert self.far is not None
        return self.far.recv(4096)

    def close(self) -> None:
        for end in (self.near, self.far):
            if end is not None:
                end.close()


def answer(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(answer(b"list"))
    yield made
    made.close()


def fetcher(wire: Wire, *addresses: str, max_bytes: int = 100) -> HttpRevocationFetcher:
    return HttpRevocationFetcher(
        frozenset({HOST}),
        resolver=lambda _host, _port: addresses or (PUBLIC,),
        connector=wire.connect,
        max_bytes=max_bytes,
    )


def test_an_allowed_host_is_asked_by_name_at_the_address_that_was_judged(wire: Wire) -> None:
    assert fetcher(wire).fetch(URL) == b"list"
    assert wire.dialled == [(PUBLIC, 80)]
    request = wire.asked().decode()
    assert request.startswith("GET /pasta/ac.crl?v=1 HTTP/1.1\r\n")
    assert f"Host: {HOST}\r\n" in request


@pytest.mark.parametrize(
    "url",
    [
        "http://outro.example/ac.crl",
        f"http://{HOST}.outro.example/ac.crl",
        f"http://{HOST}:8080/ac.crl",
        f"http://alguem@{HOST}/ac.crl",
        f"http://{HOST}@outro.example/ac.crl",
        f"ftp://{HOST}/ac.crl",
        f"file://{HOST}/etc/passwd",
        f"ldap://{HOST}/cn=ac",
        "http://169.254.169.254/latest",
        "http://[::1/ac.crl",
        f"http://{HOST}:porta/ac.crl",
        "",
    ],
)
def test_nothing_else_is_ever_dialled(wire: Wire, url: str) -> None:
    with pytest.raises(RevocationListUnreachable):
        fetcher(wire).fetch(url)
    assert wire.dialled == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:8",
        "64:ff9b:1::a00:8",
        "2002:a00:8::1",
        "::10.0.0.8",
        "fec0::1",
        "strange",
    ],
)
def test_an_allowed_name_that_leads_inside_is_not_dialled(wire: Wire, address: str) -> None:
    for addresses in ((address,), (PUBLIC, address)):
        with pytest.raises(RevocationListUnreachable, match="endereço público"):
            fetcher(wire, *addresses).fetch(URL)
    assert wire.dialled == []


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "404 Not Found"]
)
def test_redirects_are_not_followed(status: str) -> None:
    wire = Wire(answer(b"", status, f"Location: http://{HOST}/outra.crl\r\n"))
    with pytest.raises(RevocationListUnreachable, match=status[:3]):
        fetcher(wire).fetch(URL)
    assert len(wire.dialled) == 1
    wire.close()


@pytest.mark.parametrize(("size", "taken"), [(100, True), (101, False)])
def test_more_bytes_than_the_limit_are_not_taken(size: int, taken: bool) -> None:
    wire = Wire(answer(b"x" * size))
    if taken:
        assert fetcher(wire).fetch(URL) == b"x" * size
    else:
        with pytest.raises(RevocationListUnreachable, match="grande demais"):
            fetcher(wire).fetch(URL)
    wire.close()


def test_who_takes_too_long_is_left() -> None:
    wire = Wire(answer(b"x" * 50))
    ticks = iter((0.0, 61.0, 62.0))
    slow = HttpRevocationFetcher(
        frozenset({HOST}),
        resolver=lambda _host, _port: (PUBLIC,),
        connector=wire.connect,
        monotonic=lambda: next(ticks),
    )
    with pytest.raises(RevocationListUnreachable, match="demorou"):
        slow.fetch(URL)
    wire.close()


@pytest.mark.parametrize("reply", [b"", b"not http\r\n\r\n"])
def test_who_does_not_speak_http_is_out_of_reach(reply: bytes) -> None:
    wire = Wire(reply)
    with pytest.raises(RevocationListUnreachable, match="não respondeu"):
        fetcher(wire).fetch(URL)
    wire.close()


def test_a_name_that_nobody_knows_is_out_of_reach(wire: Wire) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    lost = HttpRevocationFetcher(frozenset({HOST}), resolver=unknown, connector=wire.connect)
    with pytest.raises(RevocationListUnreachable, match="não respondeu"):
        lost.fetch(URL)
