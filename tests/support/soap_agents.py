"""What a company's systems do with the SOAP services over real mutual TLS, in messages of their own."""

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from aval.edge.soap.services import IMPORT, OUTCOME, Service
from aval.identifiers import Cnpj
from tests.support.agents import PASSWORD, Person, certificate, system_pem
from tests.support.soap import Answered, envelope, message_header, security
from tests.support.soap_schemas import require_valid
from tests.support.stack import Stack

PROCESSING_SECONDS: Final = 60.0
RUNNING: Final = ("AGUARDANDO_ARQUIVO", "RECEBIDO", "EM_PROCESSAMENTO")


@dataclass(frozen=True)
class System:
    """A system of `company` that acts through `profile`."""

    stack: Stack
    company: Cnpj
    profile: int
    context: ssl.SSLContext

    @classmethod
    def enrolled(cls, stack: Stack, person: Person, company: Cnpj, profile: int, folder: Path) -> "System":
        """With a fresh certificate, and no other."""
        file = certificate(stack, f"SISTEMA {profile}", cnpj=company)
        assert person.enrol(company, file).status == 200
        folder.mkdir(exist_ok=True)
        return cls(stack, company, profile, stack.context(certificate=system_pem(stack, folder, file)))

    def post(
        self, service: Service, body: str | bytes, action: str, headers: Mapping[str, str] | None = None
    ) -> Answered:
        answer = self.stack.request(
            "POST",
            f"{self.stack.systems_url}{service.path}",
            body=body.encode() if isinstance(body, str) else body,
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": action, **(headers or {})},
            context=self.context,
        )
        return Answered(answer.status, answer.body.decode(), answer.headers)

    def ask(
        self, service: Service, body: str, *more: str, action: str = "", profile: int | None = None
    ) -> Answered:
        """Send `body` with lawful headers and `more`; what comes back validates, unless it is a fault."""
        header = message_header(profile or self.profile)
        text = envelope(body, header, security(self.company, PASSWORD), *more, dialect=service.dialect)
        answer = self.post(service, text, action or next(iter(service.operations)))
        if answer.status == 200:
            require_valid(answer.tree, "v1" if service in (IMPORT, OUTCOME) else "v2")
        return answer

    def submit(self, file: str) -> int:
        answer = self.ask(
            IMPORT, f"<m:importarArquivo><m:arquivo><![CDATA[{file}]]></m:arquivo></m:importarArquivo>"
        )
        assert answer.status == 200, answer.text
        return int(first(answer.tree, "codigoProcessamento"))

    def outcome(self, code: int, *more: str) -> etree._Element:
        """Ask until the processing has ended."""
        body = (
            "<m:obterResultadoProcessamentoRequest><m:processamento>"
            f"<o:codigoProcessamento>{code}</o:codigoProcessamento>"
            "<o:tipoProcessamento>IMPORTACAO_CONTRATOS</o:tipoProcessamento>"
            "</m:processamento></m:obterResultadoProcessamentoRequest>"
        )
        deadline = time.monotonic() + PROCESSING_SECONDS
        while time.monotonic() < deadline:
            answer = self.ask(OUTCOME, body, *more)
            assert answer.status == 200, answer.text
            if first(answer.tree, "situacao") not in RUNNING:
                return answer.tree
            time.sleep(0.2)
        raise AssertionError(f"processing {code} did not end")


def first(tree: etree._Element, name: str) -> str:
    return texts(tree, name)[0]


def texts(tree: etree._Element, name: str) -> list[str]:
    """The texts of every element of that local name, in whatever namespace."""
    return [
        element.text or "" for element in tree.iter() if re.fullmatch(rf"\{{.*\}}{name}", str(element.tag))
    ]
