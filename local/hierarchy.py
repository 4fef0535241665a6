"""A hierarchy with the shapes of ICP-Brasil's, made here with fresh keys: for tests, and for the local stack.

`python -m local.hierarchy --help` creates one in a folder and issues client certificates from it.
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from aval.identifiers import Cnpj
from local.issuing import (
    LEAF_LIFETIME,
    SERVER_AUTH,
    Authority,
    Request,
    SigningKey,
    StringType,
    authority_extensions,
    authority_request,
    client_extensions,
    name_of,
    new_authority,
    new_key,
    new_root,
)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Root, three authorities deep as under ICP-Brasil, and one beside them that serves web servers alone."""

    root: Authority
    first: Authority
    second: Authority
    issuing: Authority
    server_only: Authority

    @classmethod
    def create(cls, begins: datetime, keys: Iterable[SigningKey] | None = None) -> Self:
        keys = iter(keys) if keys is not None else (new_key() for _ in range(5))

        def authority(parent: Authority, common_name: str, **told: Any) -> Authority:
            key = next(keys)
            return new_authority(parent, key, replace(authority_request(common_name, key, begins), **told))

        root = new_root("Autoridade Certificadora Raiz de Teste v1", next(keys), begins)
        first = authority(root, "AC Principal de Teste")
        # Written in another string type than the parent's subject, as some of ICP-Brasil's are.
        printable = name_of("AC Principal de Teste", string_type=StringType.PrintableString)
        second = authority(
            first,
            "AC Intermediária de Teste",
            issuer_name=printable,
            extensions=authority_extensions(critical=False),
        )
        issuing = authority(second, "AC Titulares de Teste", extensions=authority_extensions(path_length=0))
        server_only = authority(
            second, "AC Servidores de Teste", extensions=authority_extensions(usages=(SERVER_AUTH,))
        )
        return cls(root, first, second, issuing, server_only)

    @property
    def authorities(self) -> dict[str, Authority]:
        return {
            "root": self.root,
            "first": self.first,
            "second": self.second,
            "issuing": self.issuing,
            "server_only": self.server_only,
        }

    def truststore_pem(self) -> bytes:
        return b"".join(item.certificate.public_bytes(Encoding.PEM) for item in self.authorities.values())

    @property
    def root_fingerprint(self) -> str:
        return self.root.certificate.fingerprint(hashes.SHA256()).hex()

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, authority in self.authorities.items():
            _write_secret(folder / f"{name}.key", _private_pem(authority.key))
            (folder / f"{name}.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
        (folder / "truststore.pem").write_bytes(self.truststore_pem())

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(*(_load_authority(folder, name) for name in _NAMES))


_NAMES = ("root", "first", "second", "issuing", "server_only")


@dataclass(frozen=True, slots=True)
class ClientFiles:
    """What an agent holds: the certificate to register, and what its systems present (chain included)."""

    certificate: Path
    key: Path
    chain: Path


@dataclass(frozen=True, slots=True)
class Client:
    """The holder of a certificate; `common_name` tells its certificates apart (rule `requerente`)."""

    cnpj: Cnpj
    begins: datetime
    common_name: str = "AGENTE DE TESTE"
    lifetime: timedelta = LEAF_LIFETIME


def issue_client(hierarchy: Hierarchy, client: Client, folder: Path, name: str = "cliente") -> ClientFiles:
    """Write `<name>.cer` (DER), `<name>.key`, and `<name>.pem` with the authorities below the root."""
    key = new_key()
    request = Request(
        subject=name_of(f"{client.common_name}:{client.cnpj}", serial_number=client.cnpj),
        key=key.public_key(),
        begins=client.begins,
        lifetime=client.lifetime,
        extensions=client_extensions(),
    )
    certificate = hierarchy.issuing.issue(request)
    folder.mkdir(parents=True, exist_ok=True)
    files = ClientFiles(folder / f"{name}.cer", folder / f"{name}.key", folder / f"{name}.pem")
    files.certificate.write_bytes(certificate.public_bytes(Encoding.DER))
    _write_secret(files.key, _private_pem(key))
    chain = (hierarchy.issuing, hierarchy.second, hierarchy.first)
    presented = [certificate, *(authority.certificate for authority in chain)]
    files.chain.write_bytes(b"".join(item.public_bytes(Encoding.PEM) for item in presented))
    return files


def _load_authority(folder: Path, name: str) -> Authority:
    key = load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{name}.key is no RSA key")
    return Authority(x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()), key)


def _private_pem(key: SigningKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.hierarchy", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the hierarchy lies, or is to lie")
    parser.add_argument("--client", type=Cnpj.parse, metavar="CNPJ", help="issue for this company")
    parser.add_argument("--holder", default="AGENTE DE TESTE", help="the name in the certificate")
    parser.add_argument("--name", default="cliente", help="name of the client's files")
    parser.add_argument("--days", type=int, default=LEAF_LIFETIME.days, help="lifetime of the certificate")
    given = parser.parse_args(arguments)
    now = datetime.now(UTC).replace(microsecond=0)
    if (given.folder / "truststore.pem").exists():
        hierarchy = Hierarchy.load(given.folder)
    else:
        hierarchy = Hierarchy.create(now - timedelta(days=1))
        hierarchy.save(given.folder)
    told = {"truststore": str(given.folder / "truststore.pem"), "root": hierarchy.root_fingerprint}
    if given.client:
        begins, lifetime = now - timedelta(minutes=5), timedelta(days=given.days)
        client = Client(given.client, begins, given.holder, lifetime)
        files = issue_client(hierarchy, client, given.folder, given.name)
        told |= {"certificate": str(files.certificate), "key": str(files.key), "chain": str(files.chain)}
    print(json.dumps(told, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
