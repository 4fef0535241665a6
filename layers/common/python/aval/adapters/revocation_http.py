"""Fetching a revocation list from the few hosts that the truststore itself names, and from nowhere inside."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from aval.certificates.refreshing import MAX_LIST_BYTES, RevocationListUnreachable

_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
_PORTS: Final = {"http": 80, "https": 443}
_CONNECT_SECONDS: Final = 10.0
_TOTAL_SECONDS: Final = 60.0
_CHUNK_BYTES: Final = 256 * 1024

Resolver = Callable[[str, int], Iterable[str]]
Connector = Callable[[str, int, float], socket.socket]


def resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connect(address: str, port: int, timeout_seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout_seconds)


class _Connection(http.client.HTTPConnection):
    """Speaks to an address that was judged, while the host's name stays in the headers."""

    def __init__(self, host: str, port: int, open_socket: Callable[[], socket.socket]) -> None:
        super().__init__(host, port, timeout=_CONNECT_SECONDS)
        self._open_socket = open_socket

    def connect(self) -> None:
        self.sock = self._open_socket()


@dataclass(frozen=True, slots=True)
class HttpRevocationFetcher:
    """No redirects, no addresses of private networks, no more bytes and no more seconds than the limits."""

    allowed_hosts: frozenset[str]
    resolver: Resolver = resolve
    connector: Connector = connect
    monotonic: Callable[[], float] = time.monotonic
    max_bytes: int = MAX_LIST_BYTES

    def fetch(self, url: str) -> bytes:
        parts = self._require_allowed(url)
        host, port = str(parts.hostname), _PORTS[parts.scheme]
        deadline = self.monotonic() + _TOTAL_SECONDS
        connection = _Connection(host, port, lambda: self._open(parts.scheme, host, port))
        try:
            connection.request("GET", _target(parts), headers={"Accept": "application/pkix-crl"})
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise RevocationListUnreachable(f"{host} respondeu {answer.status}")
            return self._read(answer, host, deadline)
        except (OSError, http.client.HTTPException, UnicodeError) as failure:
            raise RevocationListUnreachable(f"{host} não respondeu") from failure
        finally:
            connection.close()

    def _require_allowed(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as failure:
            raise RevocationListUnreachable("endereço ilegível") from failure
        if (
            parts.scheme not in _PORTS
            or parts.username is not None
            or port not in {None, _PORTS[parts.scheme]}
        ):
            raise RevocationListUnreachable("só http e https nas portas de sempre, sem usuário")
        if (parts.hostname or "") not in self.allowed_hosts:
            raise RevocationListUnreachable("o servidor não é de nenhuma autoridade confiável")
        return parts

    def _open(self, scheme: str, host: str, port: int) -> socket.socket:
        """Judge every address of the name and connect to one of those judged: no second look-up."""
        addresses = list(self.resolver(host, port))
        if not addresses or not all(map(_is_public, addresses)):
            raise RevocationListUnreachable(f"{host} não tem endereço público")
        opened = self.connector(addresses[0], port, _CONNECT_SECONDS)
        if scheme == "http":
            return opened
        return ssl.create_default_context().wrap_socket(opened, server_hostname=host)

    def _read(self, answer: http.client.HTTPResponse, host: str, deadline: float) -> bytes:
        content = bytearray()
        while chunk := answer.read1(_CHUNK_BYTES):
            content += chunk
            if len(content) > self.max_bytes:
                raise RevocationListUnreachable(f"a resposta de {host} é grande demais")
            if self.monotonic() > deadline:
                raise RevocationListUnreachable(f"{host} demorou demais")
        return bytes(content)


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    # Outside lie site-local addresses and those that carry an IPv4 address, which a gateway may take anywhere
    # (RFC 4291, sections 2.5.5 and 2.5.7; RFC 6052); what IANA has not assigned there is nobody's.
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in _GLOBAL_UNICAST:
        return False
    return parsed.is_global and not parsed.is_multicast
