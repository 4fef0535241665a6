"""SOAP messages, lawful as they stand, and a service to send them to: everything behind it is in memory."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from aval.adhesion.access import SystemAccess
from aval.adhesion.password import Password
from aval.adhesion.store import AdhesionWrite
from aval.contracts.bus import ContractBus
from aval.contracts.standing import Standing
from aval.edge.soap.documents import Element, read_document
from aval.edge.soap.door import Desk, entrypoint
from aval.edge.soap.namespaces import SECURITY, SOAP, V2, Dialect
from aval.edge.soap.services import Service
from tests.support import registry
from tests.support.adhesion import BOLT, PASSWORD, START, House, der, registered
from tests.support.directory import MemoryDirectory
from tests.support.gateway import Context, event

CERTIFICATE = der("SOAP")
OWN, FOREIGN = 10010, 10030
SPACES = {
    "soapenv": SOAP,
    "wsse": SECURITY,
    "fm": "http://xmlns.energia.org.br/FM/v2",
    "mh": "http://xmlns.energia.org.br/MH/v2",
    "bm": "http://xmlns.energia.org.br/BM/v2",
    "bo": "http://xmlns.energia.org.br/BO/v2",
}


@dataclass
class ScriptedBus:
    """Answers each question as told, by the name of the port's method, and keeps what it was asked."""

    answers: Mapping[str, Any]
    asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        def method(*given: Any, **named: Any) -> Any:
            self.asked.append((name, given, named))
            answer = self.answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer(*given, **named) if callable(answer) else answer

        return method


def security(username: str = BOLT, password: str = PASSWORD, *, attributes: str = "", more: str = "") -> str:
    return (
        f"<w:Security><w:UsernameToken><w:Username>{username}</w:Username>"
        f"<w:Password{attributes}>{password}</w:Password>{more}</w:UsernameToken></w:Security>"
    )


def message_header(profile: object = OWN, version: str = "2.1") -> str:
    told = f"<h:versao>{version}</h:versao>" if version else ""
    return f"<h:messageHeader><h:codigoPerfilAgente>{profile}</h:codigoPerfilAgente>{told}</h:messageHeader>"


def paging(number: object = 1, size: object = 100) -> str:
    size_told = f"<h:quantidadeItens>{size}</h:quantidadeItens>"
    return f"<h:paginacao><h:numero>{number}</h:numero>{size_told}</h:paginacao>"


def envelope(body: str, *headers: str, dialect: Dialect) -> str:
    """`headers` replace the lawful ones; prefixes are none of CCEE's, for they are the client's choice."""
    told = "".join(headers or (message_header(), security()))
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:w="{SECURITY}" xmlns:h="{dialect.header}" '
        f'xmlns:m="{dialect.messages}" xmlns:o="{dialect.objects}">'
        f"<s:Header>{told}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )


@dataclass(frozen=True)
class Answered:
    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def tree(self) -> etree._Element:
        return etree.fromstring(self.text.encode())

    def values(self, path: str) -> list[str]:
        """Texts at `path`, in the second version's prefixes of `SPACES`."""
        return [element.text or "" for element in self.tree.findall(path, SPACES)]

    @property
    def fault(self) -> tuple[str, str]:
        [code], [message] = self.values(".//fm:errorCode"), self.values(".//fm:message")
        return code, message


def registered_house() -> House:
    """BOLT, enrolled with `CERTIFICATE` and `PASSWORD`."""
    house = House()
    stored = house.keeper.hash(BOLT, Password.of(PASSWORD))
    write = AdhesionWrite(
        before=house.store.load(BOLT), at=START, password_hash=stored, added=(registered(CERTIFICATE),)
    )
    house.store.apply(write)
    return house


def directory() -> MemoryDirectory:
    return MemoryDirectory.of(
        participantes=[registry.participant()], perfis=[registry.profile(), registry.second_profile()]
    )


def desk(bus: object, house: House | None = None) -> Desk:
    house, known = house or registered_house(), directory()
    access = SystemAccess(house.store, house.keeper, house.bus)
    return Desk(access, Standing(known, known), cast("ContractBus", bus))


def request_event(
    service: Service,
    body: str | bytes,
    *,
    action: str | None,
    headers: Mapping[str, str] | None = None,
    certificate: bytes | None = CERTIFICATE,
) -> dict[str, Any]:
    """As the gateway hands it on: bytes that are no text come in base64."""
    sent = {"content-type": "text/xml; charset=utf-8", **(headers or {})}
    if action is not None:
        sent["soapaction"] = action
    made = event("POST", service.path, body="", headers=sent)
    made["body"] = body if isinstance(body, str) else base64.b64encode(body).decode()
    made["isBase64Encoded"] = isinstance(body, bytes)
    if certificate is not None:
        pem = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM).decode()
        made["requestContext"]["authentication"] = {"clientCert": {"clientCertPem": pem}}
    return made


def sent(
    service: Service, body: str | bytes, *, action: str | None, bus: object = None, **told: Any
) -> Answered:
    """Send a whole message; `house` tells another company's enrolment, the rest is `request_event`'s."""
    made = desk(bus or ScriptedBus({}), told.pop("house", None))
    handler = entrypoint(service, lambda: made, now=lambda: START)
    answer = handler(request_event(service, body, action=action, **told), cast("Any", Context()))
    return Answered(answer["statusCode"], answer["body"], answer["headers"])


def asked(service: Service, body: str, *headers: str, action: str | None = None, bus: object) -> Answered:
    """Send `body` in a lawful envelope, by the service's first operation unless `action` names another."""
    action = action or next(iter(service.operations))
    return sent(service, envelope(body, *headers, dialect=service.dialect), action=action, bus=bus)


def request(inner: str, dialect: Dialect = V2) -> Element:
    """A request, `pedido`, in the prefixes of `envelope`."""
    spaces = f'xmlns:m="{dialect.messages}" xmlns:o="{dialect.objects}" xmlns:h="{dialect.header}"'
    return read_document(f"<m:pedido {spaces}>{inner}</m:pedido>".encode())
