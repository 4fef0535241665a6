"""What a demo company has at hand: a certificate that ends soon, and the requests of the tour."""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aval.identifiers import Cnpj
from local.files import write_json
from local.hierarchy import Client, Hierarchy, issue_client

COMPANY: Final = Cnpj("33047509000149")
# So near its end that the next run of the notices has something to say.
_LIFETIME: Final = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class CompanyFiles:
    folder: Path

    @property
    def certificate(self) -> Path:
        return self.folder / "bolt.cer"

    @property
    def chain(self) -> Path:
        return self.folder / "bolt.pem"

    @property
    def key(self) -> Path:
        return self.folder / "bolt.key"

    @property
    def adhesion(self) -> Path:
        return self.folder / "adesao.json"

    @property
    def token_request(self) -> Path:
        return self.folder / "token.json"


def make(folder: Path, hierarchy: Hierarchy) -> CompanyFiles:
    """Return the files kept in `folder`, made at the first call."""
    files = CompanyFiles(folder)
    if not files.token_request.exists():
        begins = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
        issue_client(hierarchy, Client(COMPANY, begins, "BOLT DEMONSTRAÇÃO", _LIFETIME), folder, "bolt")
        password = f"demo-{secrets.token_hex(6)}-1"
        content = b64encode(files.certificate.read_bytes()).decode()
        added = [{"nome": files.certificate.name, "conteudo": content}]
        write_json(files.adhesion, {"senha": password, "adicionar": added}, mode=0o600)
        write_json(files.token_request, {"cnpj": COMPANY.masked, "senha": password}, mode=0o600)
    return files
