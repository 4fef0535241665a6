"""What the demo's seller and buyer have at hand: a certificate each, and the requests of the tour."""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from aval.identifiers import Cnpj
from local.files import write_json
from local.hierarchy import Client, Hierarchy, issue_client

COMPANY: Final = Cnpj("33047509000149")
BUYER: Final = Cnpj("58290417000116")
# So near its end that the next run of the notices has something to say.
_LIFETIME: Final = timedelta(days=20)
_BUYERS_LIFETIME: Final = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class CompanyFiles:
    """What one company's systems need; `adhesion` is what its representative sends to enrol it."""

    folder: Path
    name: str = "bolt"

    @classmethod
    def of_the_buyer(cls, folder: Path) -> Self:
        return cls(folder / "campo-claro", "campo-claro")

    @property
    def certificate(self) -> Path:
        return self.folder / f"{self.name}.cer"

    @property
    def chain(self) -> Path:
        return self.folder / f"{self.name}.pem"

    @property
    def key(self) -> Path:
        return self.folder / f"{self.name}.key"

    @property
    def adhesion(self) -> Path:
        return self.folder / "adesao.json"

    @property
    def token_request(self) -> Path:
        return self.folder / "token.json"


def make(folder: Path, hierarchy: Hierarchy) -> CompanyFiles:
    """Return the seller's files kept in `folder`, made at the first call with the buyer's beside them."""
    begins = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    seller, buyer = CompanyFiles(folder), CompanyFiles.of_the_buyer(folder)
    _make(seller, hierarchy, Client(COMPANY, begins, "BOLT DEMONSTRAÇÃO", _LIFETIME))
    _make(buyer, hierarchy, Client(BUYER, begins, "CAMPO CLARO DEMONSTRAÇÃO", _BUYERS_LIFETIME))
    return seller


def _make(files: CompanyFiles, hierarchy: Hierarchy, client: Client) -> None:
    if files.token_request.exists():
        return
    issue_client(hierarchy, client, files.folder, files.name)
    password = f"demo-{secrets.token_hex(6)}-1"
    content = b64encode(files.certificate.read_bytes()).decode()
    added = [{"nome": files.certificate.name, "conteudo": content}]
    write_json(files.adhesion, {"senha": password, "adicionar": added}, mode=0o600)
    write_json(files.token_request, {"cnpj": client.cnpj.masked, "senha": password}, mode=0o600)
