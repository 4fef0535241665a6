"""Certificate files for the pages of adhesion, made by `openssl` in the stack's hierarchy, and a company."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aval.identifiers import Cnpj
from local.hierarchy import Hierarchy
from tests.support import openssl
from tests.support.agents import ANA, MOINHO, Person
from tests.support.stack import Stack

COMPANY: Final = MOINHO
SIGLA: Final = "MOINHO AZUL"
PASSWORD: Final = "moinho-4071"
# Self-signed, SHA-384, 3072 bits, 400 days, for servers alone, and another company's.
FAULTS_OF_THE_BAD_ONE: Final = ("Cadeia ICP-Brasil", "Uso", "Chave", "Validade", "Assinatura", "CNPJ")


@dataclass(frozen=True, slots=True)
class Files:
    """`folder` is where `openssl` works."""

    stack: Stack
    folder: Path

    def good(self, name: str, *, days: int = 365, common_name: str = "MOINHO AZUL SISTEMAS") -> Path:
        """A certificate for the company, `name`.cer."""
        openssl.lay_out(self.folder, Hierarchy.load(self.stack.hierarchy))
        subject = f"/C=BR/O=ICP-Teste/serialNumber={COMPANY}/CN={common_name}"
        return openssl.issue(self.folder, subject=subject, days=days).rename(self.folder / f"{name}.cer")

    def bad(self) -> Path:
        """One that breaks a rule of nearly every kind."""
        given = (
            "req -x509 -newkey rsa:3072 -nodes -keyout bad.key -days 400 -sha384 -outform DER -out ruim.cer"
        )
        subject = "/C=BR/O=ICP-Teste/serialNumber=33047509000149/CN=OUTRA EMPRESA"
        extensions = ("basicConstraints=CA:FALSE", "keyUsage=digitalSignature", "extendedKeyUsage=serverAuth")
        told = [word for one in extensions for word in ("-addext", one)]
        openssl.run(*given.split(), "-subj", subject, *told, cwd=self.folder)
        return self.folder / "ruim.cer"


def never_adhered(stack: Stack, company: Cnpj = COMPANY) -> None:
    """Take the company back to before its first adhesion: the platform itself has no way back."""
    Person.logged_in(stack, ANA).empty(company)
    client, table = stack.client("dynamodb"), stack.outputs["AdhesionTableName"]
    found = client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"EMPRESA#{company}"}},
    )
    for item in found["Items"]:
        client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})


def enrolled(stack: Stack, *files: Path) -> None:
    """Leave the company with exactly these certificates."""
    answer = Person.logged_in(stack, ANA).enrol(COMPANY, *(file.read_bytes() for file in files))
    assert answer.status == 200, answer.body
