"""Messages over HTTPS: each sent once, waited for so long and no longer, and written to no log."""

import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError
from zeep.transports import Transport

from aval.contracts.refusals import ProviderFailed

MOST_ANSWER_BYTES: Final = 16 * 2**20
_CHUNK_BYTES: Final = 65_536
# A connection that lay idle may be gone without a sign: what is sent into it would look uncertain.
_IDLE_SECONDS: Final = 20.0
# What a server says of a client's certificate (RFC 8446, section 6.2) comes before it reads any message,
# though with TLS 1.3 the client has already sent one.
_CERTIFICATE_ALERTS: Final = (
    "CERTIFICATE",
    "UNKNOWN_CA",
    "ACCESS_DENIED",
    "HANDSHAKE_FAILURE",
    "PROTOCOL_VERSION",
)


class NotSent(ProviderFailed):
    """No message reached the other bus."""


class AnswerLost(ProviderFailed):
    """A message went out, and what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one message, and all messages of one call of the bus, may take."""

    connect_seconds: float = 3.0
    operation_seconds: float = 12.0
    total_seconds: float = 22.0


@dataclass(frozen=True, slots=True)
class Deadline:
    ends: float

    @classmethod
    def within(cls, seconds: float) -> Self:
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        return max(0.0, self.ends - time.monotonic())


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: bytes = field(repr=False)


def hush() -> None:
    """Hold zeep, requests and urllib3 above DEBUG, where zeep prints whole messages, passwords included."""
    for name in ("zeep", "zeep.transports", "requests", "urllib3"):
        library = logging.getLogger(name)
        library.setLevel(max(library.level, logging.INFO))


class OneShotTransport(Transport):
    """zeep's transport without what it does unasked: logs, redirects, the environment's proxies, cookies."""

    def __init__(self, context: ssl.SSLContext, patience: Patience) -> None:
        session = requests.Session()
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        session.mount("https://", _VerifiedAdapter(context))
        super().__init__(session=session)  # type: ignore[no-untyped-call]  # zeep has no types
        self.session.headers["User-Agent"] = "aval"
        self._patience = patience
        self._deadline: Deadline | None = None
        self._last_used = 0.0

    @contextmanager
    def one_call(self) -> Iterator[Deadline]:
        """All messages within share `Patience.total_seconds`, those of calls within this one too."""
        if self._deadline is not None:
            yield self._deadline
            return
        self._deadline = Deadline.within(self._patience.total_seconds)
        try:
            yield self._deadline
        finally:
            self._deadline = None

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Answer:
        left = self._deadline.left if self._deadline else self._patience.total_seconds
        seconds = min(self._patience.operation_seconds, left)
        if seconds <= 0:
            raise NotSent(_SLOW)
        if time.monotonic() - self._last_used > _IDLE_SECONDS:
            self.session.close()
        deadline = Deadline.within(seconds)
        try:
            with self.session.post(
                address,
                data=message,
                headers=headers,
                timeout=(min(self._patience.connect_seconds, seconds), seconds),
                # A redirect would carry password and file to wherever it says.
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, _read(response, deadline))
        except requests.RequestException as failure:
            raise _translated(failure) from failure
        finally:
            self._last_used = time.monotonic()


class _VerifiedAdapter(HTTPAdapter):
    """TLS by our own context and nothing beside it: requests would add its bundle of authorities."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        # A message is sent once; whoever wants it sent again must ask what became of it first.
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        host: Any = super().build_connection_pool_key_attributes(request, verify, cert)[0]
        return host, {"ssl_context": self._context, "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context verifies."""


_SLOW: Final = "o barramento consultado não respondeu a tempo; tente de novo em instantes"
_UNREACHABLE: Final = "não foi possível conectar ao barramento consultado; tente de novo em instantes"
_CUT: Final = "a conexão com o barramento consultado foi interrompida; tente de novo em instantes"
_UNTRUSTED: Final = "o certificado do servidor consultado não foi aceito; confira o endereço e as autoridades"
_UNWELCOME: Final = "o servidor consultado não aceitou o certificado apresentado; confira validade e emissor"
_ENDLESS: Final = "a resposta do barramento consultado é grande demais; peça páginas menores"


def _read(response: requests.Response, deadline: Deadline) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        content += chunk
        if len(content) > MOST_ANSWER_BYTES:
            raise AnswerLost(_ENDLESS)
        if deadline.left <= 0:
            raise AnswerLost(_SLOW)
    return bytes(content)


def _translated(failure: requests.RequestException) -> ProviderFailed:
    """What is known of a message by how its sending failed; in doubt it may have arrived."""
    causes = list(_causes(failure))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return NotSent(_UNTRUSTED)
    reasons = [cause.reason or "" for cause in causes if isinstance(cause, ssl.SSLError)]
    if any("_ALERT_" in reason and any(map(reason.__contains__, _CERTIFICATE_ALERTS)) for reason in reasons):
        return NotSent(_UNWELCOME)
    if isinstance(failure, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return NotSent(_UNREACHABLE)
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return NotSent(_UNREACHABLE)
    return AnswerLost(_SLOW if isinstance(failure, requests.Timeout) else _CUT)


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The failure and all that it was made of: urllib3 hands causes on as arguments and as `reason`."""
    yield failure
    inner = [*failure.args, getattr(failure, "reason", None), failure.__cause__]
    for one in inner:
        if isinstance(one, BaseException) and one is not failure:
            yield from _causes(one)
