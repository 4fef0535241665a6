"""A bus of CCEE's kind behind mutual TLS: it answers as its test says, and keeps all that it was sent."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from aval.adapters.ccee.access import Access, Environment, Identity
from aval.adapters.ccee.bus import CceeContractBus
from aval.adapters.ccee.transport import Patience
from aval.contracts.bus import Acting
from aval.contracts.model import ProfileCode
from local.tls import server_files
from tests.support import pki
from tests.support.contracts import SELLER, SELLING, seller

PASSWORD = "73918264<&>"
# A busy machine must not look like a slow bus; tests of what comes too late are in a hurry.
UNHURRIED = Patience(connect_seconds=20, operation_seconds=20, total_seconds=60)
HURRIED = Patience(connect_seconds=2, operation_seconds=1, total_seconds=3)
ACTING = Acting(seller(), frozenset({SELLER}))
TRANSACTION = "0f8fad5b-d9cb-469f-a165-70867728950e"

_SPACES = {
    "soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
    "mh": "http://xmlns.energia.org.br/MH/v1",
    "bm": "http://xmlns.energia.org.br/BM/v1",
    "bo": "http://xmlns.energia.org.br/BO/v1",
    "mhv2": "http://xmlns.energia.org.br/MH/v2",
    "bmv2": "http://xmlns.energia.org.br/BM/v2",
    "bov2": "http://xmlns.energia.org.br/BO/v2",
    "fm": "http://xmlns.energia.org.br/FM/v2",
}
_FAULTS = {
    "2001": "securityFault",
    "3006": "invalidParametersFault",
    "3001": "noDataFoundFault",
    "4001": "unexpectedTechnicalFault",
}


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    after_seconds: float = 0.0
    """How long the message lies there, read and taken, before it is answered."""


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    action: str
    body: bytes
    client: str
    """Subject of the certificate that was shown."""

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    def text(self, name: str) -> str | None:
        """The text of the first element of that local name."""
        return self.root.findtext(f".//{{*}}{name}")


Reaction = Answer | None | Callable[[Received], Answer | None]
"""None: the message is taken and the connection cut."""


@dataclass(slots=True)
class Peer:
    url: str
    authority: bytes
    received: list[Received] = field(default_factory=list)
    _reactions: dict[str, list[Reaction]] = field(default_factory=dict)

    def on(self, action: str, *reactions: Reaction) -> None:
        """React to messages with this SOAPAction one after another, and to later ones as to the last."""
        self._reactions[action] = list(reactions)

    def sent(self, action: str) -> list[Received]:
        return [message for message in self.received if message.action == action]

    def react(self, message: Received) -> Answer | None:
        self.received.append(message)
        waiting = self._reactions.get(message.action, [fault("4001")])
        reaction = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return reaction(message) if callable(reaction) else reaction

    def access(self, **changes: Any) -> Access:
        made = Access(SELLING, SELLER, PASSWORD, identity(), self.authority)
        return replace(made, **changes)

    def bus(
        self, *, patience: Patience = UNHURRIED, knows_our_inventions: bool = True, **access: Any
    ) -> CceeContractBus:
        environment = Environment(self.url, knows_our_inventions)
        return CceeContractBus.reaching(environment, self.access(**access), patience)


def identity(**changes: Any) -> Identity:
    """What the peer's clients show: valid now, and issued by the test hierarchy."""
    told = {"begins": datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1), **changes}
    issuing = pki.hierarchy().issuing
    chain = [x509.load_der_x509_certificate(pki.leaf(**told)), issuing.certificate]
    key = pki.rsa_key("leaf").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Identity(b"".join(one.public_bytes(Encoding.PEM) for one in chain), key)


@contextmanager
def peer_running(folder: Path, **tls: Any) -> Iterator[Peer]:
    """Listen on the loopback until the test ends; `tls` sets attributes of the server's context."""
    files = server_files(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    context.load_verify_locations(cadata=pki.hierarchy().truststore_pem().decode())
    context.verify_mode = ssl.CERT_REQUIRED
    for name, value in tls.items():
        setattr(context, name, value)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.tls = context
    server.peer = Peer(f"https://localhost:{server.server_port}", files.authority.read_bytes())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    tls: ssl.SSLContext
    peer: Peer

    def get_request(self) -> tuple[Any, Any]:
        """Leave the handshake to the thread of the connection."""
        plain, address = super().get_request()
        return self.tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """What a client does to a connection is the test's to judge."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    connection: ssl.SSLSocket

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        shown: Any = self.connection.getpeercert()
        subject = " ".join(value for name in shown["subject"] for _, value in name)
        action = self.headers["SOAPAction"].strip('"')
        answer = self.server.peer.react(Received(self.path, action, body, subject))
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        time.sleep(answer.after_seconds)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        """Say nothing."""


def envelope(body: str, *, total: int | None = None, page: int = 1, size: int = 100) -> bytes:
    paging = ""
    if total is not None:
        pages = -(-total // size)
        paging = (
            f"<mhv2:paginacao><mhv2:numero>{page}</mhv2:numero><mhv2:quantidadeItens>{size}</mhv2:quantidadeItens>"
            f"<mhv2:totalPaginas>{pages}</mhv2:totalPaginas>"
            f"<mhv2:quantidadeTotalItens>{total}</mhv2:quantidadeTotalItens></mhv2:paginacao>"
        )
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope {spaces}><soapenv:Header>'
        f"<mhv2:messageHeader><mhv2:transactionId>{TRANSACTION}</mhv2:transactionId></mhv2:messageHeader>{paging}</soapenv:Header>"
        f"<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    ).encode()


def fault(code: str, message: str = "a sentence of the other bus") -> Answer:
    name = _FAULTS.get(code, "unexpectedTechnicalFault")
    detail = (
        f"<fm:{name}><fm:errorCode>{code}</fm:errorCode><fm:message>{message}</fm:message>"
        f"<fm:uri>/</fm:uri><fm:transactionId>{TRANSACTION}</fm:transactionId></fm:{name}>"
    )
    body = (
        f"<soapenv:Fault><faultcode>Server.{code}</faultcode><faultstring>{message}</faultstring>"
        f"<faultactor>/</faultactor><detail>{detail}</detail></soapenv:Fault>"
    )
    return Answer(envelope(body), status=500)


def accepted(code: int) -> Answer:
    told = f"<bm:codigoProcessamento>{code}</bm:codigoProcessamento>"
    return Answer(envelope(f"<bm:importarArquivoResponse>{told}</bm:importarArquivoResponse>"))


def result(
    code: int, state: str | None = "CONCLUIDO", details: str = "", *, total: int | None = None
) -> Answer:
    situation = "" if state is None else f"<bo:situacao>{state}</bo:situacao>"
    rows = "ResultadosProcessamentoImportacaoContrato"
    listed = f"<bo:{rows}>{details}</bo:{rows}>" if details else ""
    told = f"<bo:codigoProcessamento>{code}</bo:codigoProcessamento>{situation}{listed}"
    body = f"<bm:resultadoProcessamento>{told}</bm:resultadoProcessamento>"
    response = "obterResultadoProcessamentoResponse"
    return Answer(envelope(f"<bm:{response}>{body}</bm:{response}>", total=total))


def detail(status: str, description: str = "", contract: int | None = None, *, row: int | None = None) -> str:
    code = "" if contract is None else f"<bo:contrato><bo:codigo>{contract}</bo:codigo></bo:contrato>"
    line = "" if row is None else f"<bo:linha>{row}</bo:linha>"
    return (
        f"<bo:detalhe><bo:status>{status}</bo:status><bo:descricao>{description}</bo:descricao>"
        f"{code}{line}</bo:detalhe>"
    )


def acting_for(profile: ProfileCode) -> Acting:
    return Acting(replace(seller(), profile=profile), frozenset({SELLER, profile}))
