"""The JSON API over HTTPS, as a client of it: patient with what passes, plain about what does not."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, urlencode, urlsplit

TRANSIENT: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_LARGEST_ANSWER: Final = 160_000_000
_CONNECT_SECONDS: Final = 40.0
"""An act is waited for at the door for 20 s, and a function may have to start before."""
_PATIENCE_SECONDS: Final = 180.0
_LONGEST_PAUSE: Final = 30.0
_FIRST_PAUSE: Final = 1.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class PlatformUnusable(Exception):
    """An address that nothing secret may be sent to, or one that cannot be reached."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON object that it is; raise `PlatformUnusable` for anything else."""
        try:
            read = json.loads(self.body)
        except ValueError as failure:
            raise PlatformUnusable(f"a plataforma respondeu {self.status}, mas não em JSON") from failure
        if not isinstance(read, dict):
            raise PlatformUnusable(f"a plataforma respondeu {self.status}, mas não com um objeto JSON")
        return read


class PlatformRefused(Exception):
    """What the platform answered no to; `problem` is its own document, empty where it had none."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        told = str(problem.get("detail") or problem.get("message") or "sem explicação")
        super().__init__(told)
        self.status = status
        self.problem = problem
        self.detail = "; ".join([told, *(str(one.get("detail")) for one in problem.get("errors", ()))])

    @property
    def slug(self) -> str:
        return str(self.problem.get("type", "")).rpartition(":")[2]


class Tokens(Protocol):
    def token(self, *, anew: bool) -> str | None:
        """The bearer token; `anew` asks for another one, None where there is no other."""


@dataclass(slots=True)
class PlatformApi:
    """Every request may be sent again: acts are named by their bodies, and the rest is reading."""

    address: str
    context: ssl.SSLContext = field(repr=False)
    tokens: Tokens | None = field(default=None, repr=False)
    pause: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        require_private(self.address)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def ask(self, method: str, path: str, document: Mapping[str, object] | None = None) -> Answer:
        """Raise `PlatformRefused` for any answer but success, `PlatformUnusable` where none comes."""
        body = None if document is None else json.dumps(document, ensure_ascii=False).encode()
        answer = self._asked(method, path, body, anew=False)
        if _is_about_token(answer) and self.tokens is not None:
            answer = self._asked(method, path, body, anew=True)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise PlatformRefused(answer.status, _problem(answer))
        return answer

    def upload(
        self, url: str, fields: Mapping[str, str], content: bytes, on_sent: Callable[[int], None]
    ) -> None:
        """Post `content` by a form that allows exactly this file; to the store, without a token."""
        require_private(url)
        boundary = f"aval-{time.monotonic_ns():x}"
        before, after = _form(fields, boundary)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(before) + len(content) + len(after)),
        }
        answer = self._patiently(
            lambda: exchange(
                urlsplit(url), self.context, "POST", headers, lambda: _pieces(before, content, after, on_sent)
            )
        )
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise PlatformRefused(
                answer.status, {"detail": f"o depósito recusou o arquivo ({answer.status})"}
            )

    def _asked(self, method: str, path: str, body: bytes | None, *, anew: bool) -> Answer:
        headers = {"Accept": "application/json"}
        token = self.tokens.token(anew=anew) if self.tokens else None
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        target = urlsplit(self.address.rstrip("/") + path)
        return self._patiently(
            lambda: exchange(target, self.context, method, headers, lambda: iter([body] if body else []))
        )

    def _patiently(self, attempt: Callable[[], Answer]) -> Answer:
        ends, wait = self.monotonic() + _PATIENCE_SECONDS, _FIRST_PAUSE
        while True:
            try:
                answer = attempt()
            except (OSError, http.client.HTTPException) as failure:
                if isinstance(failure, ssl.SSLCertVerificationError) or self.monotonic() + wait > ends:
                    raise PlatformUnusable(_unreached(failure)) from failure
            else:
                if answer.status not in TRANSIENT:
                    return answer
                wait = max(wait, _told_pause(answer))
                if self.monotonic() + wait > ends:
                    return answer
            self.pause(wait)
            wait = min(wait * 2, _LONGEST_PAUSE)


def require_private(address: str) -> None:
    """Raise `PlatformUnusable` unless it is https, or this machine itself."""
    parts = urlsplit(address)
    private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not private or not parts.hostname or parts.username:
        raise PlatformUnusable("o endereço deve começar com https://")


def exchange(
    target: SplitResult,
    context: ssl.SSLContext,
    method: str,
    headers: Mapping[str, str],
    pieces: Callable[[], Iterator[bytes]],
) -> Answer:
    connection = _connection(target, context)
    try:
        connection.request(method, _resource(target), body=pieces(), headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read(_LARGEST_ANSWER + 1)
    finally:
        connection.close()
    if len(body) > _LARGEST_ANSWER:
        raise PlatformUnusable("a resposta da plataforma é grande demais")
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)


def _connection(target: SplitResult, context: ssl.SSLContext) -> http.client.HTTPConnection:
    host = str(target.hostname)
    if target.scheme == "http":
        return http.client.HTTPConnection(host, target.port, timeout=_CONNECT_SECONDS)
    return http.client.HTTPSConnection(host, target.port, timeout=_CONNECT_SECONDS, context=context)


def _resource(target: SplitResult) -> str:
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


def _form(fields: Mapping[str, str], boundary: str) -> tuple[bytes, bytes]:
    """RFC 7578; the file goes last: the store reads no field after it."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="selado"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return "".join([*parts, file]).encode(), f"\r\n--{boundary}--\r\n".encode()


def _pieces(
    before: bytes, content: bytes, after: bytes, on_sent: Callable[[int], None], size: int = 256 * 1024
) -> Iterator[bytes]:
    yield before
    for start in range(0, len(content), size):
        yield content[start : start + size]
        on_sent(min(start + size, len(content)))
    yield after


def _is_about_token(answer: Answer) -> bool:
    """The gateway's own refusal: one of ours has a problem document."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return True
    return answer.status == HTTPStatus.FORBIDDEN and "problem" not in answer.headers.get("content-type", "")


def _problem(answer: Answer) -> Mapping[str, Any]:
    try:
        return answer.document
    except PlatformUnusable:
        return {}


def _told_pause(answer: Answer) -> float:
    told = answer.headers.get("retry-after", "")
    return min(float(told), _LONGEST_PAUSE) if told.isdecimal() else 0.0


def _unreached(failure: Exception) -> str:
    if isinstance(failure, ssl.SSLCertVerificationError):
        return "o certificado do servidor não foi aceito; confira o endereço, ou use --autoridades"
    return f"a plataforma não respondeu ({type(failure).__name__}); confira a rede e repita o comando"
