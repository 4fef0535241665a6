"""Which bus of CCEE's kind is asked, as whom, and the TLS by which it knows us."""

import json
import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

from aval.contracts.model import ProfileCode
from aval.errors import DomainError
from aval.identifiers import Cnpj, IdentifierInvalid


class AccessUnusable(DomainError):
    """An address, secret or file that no connection can be made with; `detail` quotes none of it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """`knows_our_inventions`: the search by digest, and results in pages (docs/ccee-bus.md)."""

    url: str
    knows_our_inventions: bool

    @classmethod
    def named(cls, text: str) -> Self:
        """`piloto`, `producao`, or the https address of another deployment of this product."""
        if text in PRESETS:
            return cls(PRESETS[text], knows_our_inventions=False)
        address = urlsplit(text)
        if address.scheme != "https" or not address.hostname or address.query or address.fragment:
            raise AccessUnusable(
                'o ambiente deve ser "piloto", "producao" ou um endereço https://servidor[:porta]'
            )
        return cls(text.rstrip("/"), knows_our_inventions=True)


PRESETS: Final[Mapping[str, str]] = {
    "piloto": "https://piloto-servicos.ccee.org.br:443",
    "producao": "https://servicos.ccee.org.br:443",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The client certificate, with the authorities above it, and its key: both in PEM."""

    certificate: bytes
    private_key: bytes = field(repr=False)
    key_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """One company's way in; `authorities` (PEM) judge the server, or the system's do when it is empty."""

    company: Cnpj
    profile: ProfileCode
    password: str = field(repr=False)
    identity: Identity
    authorities: bytes = b""

    @classmethod
    def from_secret(cls, text: str) -> Self:
        """Read the secret's JSON; raise `AccessUnusable` naming the field that is wrong."""
        try:
            secret = json.loads(text)
        except ValueError as failure:
            raise AccessUnusable("o segredo do barramento não é um JSON") from failure
        if not isinstance(secret, dict):
            raise AccessUnusable("o segredo do barramento não é um objeto JSON")
        try:
            company = Cnpj.parse(_text(secret, "cnpj"))
            profile = ProfileCode(int(_text(secret, "perfil")))
        except (IdentifierInvalid, ValueError) as failure:
            raise AccessUnusable('"cnpj" ou "perfil" do segredo do barramento é inválido') from failure
        identity = Identity(
            _text(secret, "certificado").encode(),
            _text(secret, "chave").encode(),
            _text(secret, "senhaDaChave", required=False),
        )
        authorities = _text(secret, "autoridades", required=False).encode()
        return cls(company, profile, _text(secret, "senha"), identity, authorities)


def _text(secret: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = secret.get(name, "")
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(told, str) or (required and not told):
        raise AccessUnusable(f'falta "{name}" no segredo do barramento, ou não é um texto')
    return told


def tls_context(access: Access) -> ssl.SSLContext:
    """TLS 1.2 or newer, the server's name and chain verified, our certificate shown.

    Raises `AccessUnusable` when certificate, key or authorities cannot be read.
    """
    try:
        # With authorities given, the system's own are not loaded beside them.
        context = ssl.create_default_context(cadata=access.authorities.decode("ascii") or None)
    except (ssl.SSLError, ValueError) as failure:
        raise AccessUnusable("as autoridades do servidor não são um PEM legível") from failure
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    identity = access.identity
    try:
        with _as_file(identity.private_key + b"\n" + identity.certificate) as path:
            # Without a password OpenSSL would ask for one on the terminal.
            context.load_cert_chain(path, password=identity.key_password)
    except (ssl.SSLError, OSError) as failure:
        raise AccessUnusable(
            "o certificado ou a chave não é um PEM legível, não combinam, ou a senha da chave não serve"
        ) from failure
    return context


@contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """A path for OpenSSL, which reads keys from files alone: in memory, without a name, where Linux runs."""
    if hasattr(os, "memfd_create"):
        with open(os.memfd_create("access", os.MFD_CLOEXEC), "wb") as memory:  # noqa: PTH123  # has no path
            memory.write(content)
            memory.flush()
            yield f"/proc/self/fd/{memory.fileno()}"
        return
    # Readable by this user alone (mkstemp), and gone as soon as it was read.
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file.name
