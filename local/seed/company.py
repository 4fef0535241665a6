"""What the demo's seller and buyer have at hand: a certificate each, and the requests of the tour."""

import json
import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO
from local.files import write_json
from local.hierarchy import Client, Hierarchy, issue_client

COMPANY: Final = Cnpj("33047509000149")
BUYER: Final = Cnpj("58290417000116")
PROFILES: Final = {COMPANY: 10010, BUYER: 10050}
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

    @property
    def password(self) -> Path:
        return self.folder / "senha.txt"

    @property
    def soap_request(self) -> Path:
        """A whole message to PerfilParticipanteMercadoBSv2: the profiles of the market."""
        return self.folder / "perfis.xml"

    @property
    def contract(self) -> Path:
        """An import file: what the seller may register next month, whenever that is."""
        return self.folder / "contrato.xml"


def make(folder: Path, hierarchy: Hierarchy) -> CompanyFiles:
    """Return the seller's files kept in `folder`, made at the first call with the buyer's beside them."""
    now = datetime.now(UTC).replace(microsecond=0)
    begins = now - timedelta(minutes=5)
    seller, buyer = CompanyFiles(folder), CompanyFiles.of_the_buyer(folder)
    _make(seller, hierarchy, Client(COMPANY, begins, "BOLT DEMONSTRAÇÃO", _LIFETIME))
    _make(buyer, hierarchy, Client(BUYER, begins, "CAMPO CLARO DEMONSTRAÇÃO", _BUYERS_LIFETIME))
    seller.contract.write_text(_import_file(now.astimezone(SAO_PAULO)), encoding="utf-8")
    return seller


def _make(files: CompanyFiles, hierarchy: Hierarchy, client: Client) -> None:
    if not files.token_request.exists():
        _issue(files, hierarchy, client)
    password = json.loads(files.token_request.read_text())["senha"]
    # Written at each start: what the message holds may have changed with the checkout.
    for file, text in (
        (files.soap_request, _soap_request(client.cnpj, password)),
        (files.password, f"{password}\n"),
    ):
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")


def _issue(files: CompanyFiles, hierarchy: Hierarchy, client: Client) -> None:
    issue_client(hierarchy, client, files.folder, files.name)
    password = f"demo-{secrets.token_hex(6)}-1"
    content = b64encode(files.certificate.read_bytes()).decode()
    added = [{"nome": files.certificate.name, "conteudo": content}]
    write_json(files.adhesion, {"senha": password, "adicionar": added}, mode=0o600)
    write_json(files.token_request, {"cnpj": client.cnpj.masked, "senha": password}, mode=0o600)


def _import_file(today: datetime) -> str:
    """A firm contract over the twelve months that follow."""
    year, month = divmod(today.year * 12 + today.month, 12)
    begins, ends = f"01/{month + 1:02d}/{year} 00", f"01/{month + 1:02d}/{year + 1} 00"
    return f"""\
<ContratosCCEAL tipoGeracao="4" tipoCCEAL="1">
  <Contrato sequencialControle="1" tipoGravacao="C" dataDeInicio="{begins}" dataDeFim="{ends}"
      idVendedor="{PROFILES[COMPANY]}" idComprador="{PROFILES[BUYER]}" idSubMerEntrega="1">
    <MontanteMedio dataDeInicio="{begins}" dataDeFim="{ends}">
      <MontanteMedioContratoCCEALFirme montanteMedio="10,000000"/>
      <TipoModulacao tipoModulacao="F"/>
    </MontanteMedio>
  </Contrato>
</ContratosCCEAL>
"""


def _soap_request(company: Cnpj, password: str) -> str:
    return f"""\
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    xmlns:mh="http://xmlns.energia.org.br/MH/v2" xmlns:bm="http://xmlns.energia.org.br/BM/v2">
  <soapenv:Header>
    <mh:messageHeader>
      <mh:codigoPerfilAgente>{PROFILES[company]}</mh:codigoPerfilAgente>
    </mh:messageHeader>
    <wsse:Security>
      <wsse:UsernameToken>
        <wsse:Username>{company}</wsse:Username>
        <wsse:Password>{password}</wsse:Password>
      </wsse:UsernameToken>
    </wsse:Security>
  </soapenv:Header>
  <soapenv:Body>
    <bm:listarPerfilParticipanteMercadoRequest/>
  </soapenv:Body>
</soapenv:Envelope>
"""
