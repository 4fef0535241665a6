"""A company's own system at the services' door: its certificate, its password, its SOAP messages."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from aval.adapters.ccee.access import Access, Environment, Identity
from aval.adapters.ccee.bus import CceeContractBus
from aval.adapters.ccee.transport import Patience
from aval.contracts.bus import Acting
from aval.contracts.model import Author, ProfileCode
from aval.edge.soap import services
from aval.edge.soap.services import Service
from aval.identifiers import Cnpj
from tests.support.agents import PASSWORD, Person, certificate, system_pem
from tests.support.soap import envelope, message_header, security
from tests.support.stack import Stack

TIMEOUT_SECONDS: Final = 60
PATIENT: Final = Patience(connect_seconds=5, operation_seconds=30, total_seconds=60)


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def tree(self) -> etree._Element:
        return etree.fromstring(self.body)

    def text(self, name: str) -> str | None:
        """The text of the first element of that local name."""
        return self.tree.findtext(f".//{{*}}{name}")

    @property
    def fault(self) -> tuple[str, str]:
        """Code and sentence, of a fault that has the shape of faults."""
        assert self.status == 500, (self.status, self.body[:500])
        assert self.headers["content-type"] == "text/xml; charset=utf-8"
        [detail] = self.tree.findall(".//detail/*")
        code, message, _, transaction = (child.text or "" for child in detail)
        assert self.text("faultcode") == f"Server.{code}"
        assert self.headers["x-transacao"] == transaction
        return code, message


@dataclass(frozen=True, slots=True)
class System:
    """`pem` holds what it shows in TLS: its certificate, the authorities above it, its key."""

    stack: Stack
    company: Cnpj
    profile: ProfileCode
    pem: Path
    password: str = PASSWORD

    @classmethod
    def enrolled(cls, stack: Stack, person: Person, company: Cnpj, profile: int, folder: Path) -> "System":
        """A system whose certificate is the only one of its company from now on."""
        file = certificate(stack, f"SISTEMA {company} {folder.name}", cnpj=company)
        answer = person.enrol(company, file)
        assert answer.status == 200, answer.body
        return cls(stack, company, ProfileCode(profile), system_pem(stack, folder, file))

    @property
    def url(self) -> str:
        return self.stack.systems_url

    @property
    def acting(self) -> Acting:
        return Acting(Author(self.company, self.profile), frozenset({self.profile}))

    def access(self, **changes: Any) -> Access:
        content = self.pem.read_bytes()
        told = {
            "company": self.company,
            "profile": self.profile,
            "password": self.password,
            "identity": Identity(content, content),
            "authorities": self.stack.authority.read_bytes(),
        }
        return Access(**{**told, **changes})

    def bus(self, *, url: str = "", patience: Patience = PATIENT, **access: Any) -> CceeContractBus:
        environment = Environment.named(url or self.url)
        return CceeContractBus.reaching(environment, self.access(**access), patience)

    @contextmanager
    def connected(self) -> Iterator[http.client.HTTPSConnection]:
        address = urlsplit(self.url)
        context = self.stack.context(certificate=self.pem)
        connection = http.client.HTTPSConnection(
            "localhost", address.port, timeout=TIMEOUT_SECONDS, context=context
        )
        try:
            yield connection
        finally:
            connection.close()

    def asked(self, service: Service, body: str, *headers: str, **told: Any) -> SoapAnswer:
        """Ask `body` in a lawful envelope of this system; `headers` replace the lawful ones."""
        told_headers = headers or (message_header(self.profile), security(self.company, self.password))
        return self.sent(service, envelope(body, *told_headers, dialect=service.dialect).encode(), **told)

    def sent(self, service: Service, message: bytes, **told: Any) -> SoapAnswer:
        with self.connected() as connection:
            return send(connection, service, message, **told)


def send(
    connection: http.client.HTTPSConnection,
    service: Service,
    message: bytes,
    *,
    action: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> SoapAnswer:
    """Send a whole message, by the service's first operation unless `action` names another."""
    told = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{action or next(iter(service.operations))}"',
        **(headers or {}),
    }
    connection.request("POST", service.path, body=message, headers=told)
    answer = connection.getresponse()
    named = {name.lower(): value for name, value in answer.getheaders()}
    return SoapAnswer(answer.status, named, answer.read())


def participants() -> str:
    """A request that anybody enrolled may ask."""
    return "<m:listarParticipanteMercadoRequest/>"


REGISTRY: Final = services.PARTICIPANT
