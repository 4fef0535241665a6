"""What a representative and a company's systems do over HTTPS, in the words of the API."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from aval.identifiers import Cnpj
from local.hierarchy import Hierarchy
from local.issuing import Request, client_extensions, name_of, new_key
from tests.support.stack import Answer, Stack

ANA, BRUNO, CARLA = "ana@demo.aval.example", "bruno@demo.aval.example", "carla@demo.aval.example"
DARIO, ELISA, FABIO = "dario@demo.aval.example", "elisa@demo.aval.example", "fabio@demo.aval.example"
BOLT, AURORA = Cnpj("33047509000149"), Cnpj("12ABC34501DE35")
VENTO, MOINHO = Cnpj("41820367000139"), Cnpj("27519634000101")
PASSWORD = "73918264"


@cache
def holder_key() -> rsa.RSAPrivateKey:
    return new_key()


@cache
def hierarchy_in(folder: Path) -> Hierarchy:
    return Hierarchy.load(folder)


def certificate(stack: Stack, common_name: str, *, cnpj: str | None = None, **changes: Any) -> bytes:
    """DER of a certificate that the platform takes, but for `changes` to its request."""
    request = Request(
        subject=name_of(common_name, serial_number=cnpj),
        key=holder_key().public_key(),
        begins=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1),
        extensions=client_extensions(),
    )
    issued: x509.Certificate = hierarchy_in(stack.hierarchy).issuing.issue(replace(request, **changes))
    return issued.public_bytes(Encoding.DER)


def offered(file: bytes, name: str = "empresa.cer") -> dict[str, str]:
    return {"nome": name, "conteudo": base64.b64encode(file).decode()}


def system_pem(stack: Stack, folder: Path, file: bytes) -> Path:
    """What a system presents: `file` with the authorities above it, and its key."""
    hierarchy = hierarchy_in(stack.hierarchy)
    above = (hierarchy.issuing, hierarchy.second, hierarchy.first)
    chain = [x509.load_der_x509_certificate(file), *(one.certificate for one in above)]
    pem = folder / "system.pem"
    pem.write_bytes(
        b"".join(one.public_bytes(Encoding.PEM) for one in chain)
        + holder_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return pem


@dataclass(frozen=True, slots=True)
class Person:
    stack: Stack
    token: str

    @classmethod
    def logged_in(cls, stack: Stack, email: str) -> "Person":
        return cls(stack, stack.token(email))

    def get(self, path: str) -> Answer:
        return self.stack.request("GET", path, token=self.token)

    def read(self, company: Cnpj) -> Any:
        return self.get(f"/adesoes/{company}").json()

    def fingerprints(self, company: Cnpj) -> list[str]:
        return [one["impressaoDigital"] for one in self.read(company)["certificados"]]

    def change(self, company: Cnpj, **sent: Any) -> Answer:
        headers = {"Content-Type": "application/json", **sent.pop("headers", {})}
        body = json.dumps(sent).encode()
        return self.stack.request("PUT", f"/adesoes/{company}", token=self.token, body=body, headers=headers)

    def enrol(self, company: Cnpj, *files: bytes) -> Answer:
        """Leave `company` with exactly these files, whatever it had."""
        before = self.fingerprints(company)
        return self.change(
            company, senha=PASSWORD, adicionar=[offered(file) for file in files], excluir=before
        )

    def empty(self, company: Cnpj) -> None:
        held = self.fingerprints(company)
        if held:
            assert self.change(company, excluir=held).status == 200

    def verify(self, company: Cnpj, file: bytes) -> Answer:
        return self.stack.request(
            "POST",
            f"/adesoes/{company}/certificados/verificacao",
            token=self.token,
            body=json.dumps(offered(file)).encode(),
            headers={"Content-Type": "application/json"},
        )
