"""Where certificates of authorities come from: a file, a folder, an archive, an address, a package."""

import importlib.util
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography import x509

from aval.certificates.certificate import UNREADABLE, CertificateUnreadable, parse
from aval.certificates.truststore import certificates_in
from aval.errors import DomainError

PACKAGE: Final = "certifi-icpbr"
_MODULE: Final = "certifi_icpbr"
_SUFFIXES: Final = frozenset({".crt", ".cer", ".pem", ".der"})
_ORGANISATION: Final = "ICP-Brasil"
_TIMEOUT_SECONDS: Final = 30
_MAX_BYTES: Final = 32 * 1024 * 1024


class SourceUnreadable(DomainError):
    """Nothing could be read there."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        """A redirect becomes the HTTP error that it is."""


def read_authorities(source: str) -> list[bytes]:
    """The DER of every certificate there; raise `SourceUnreadable`, or `TruststoreRefused` for content."""
    if source == PACKAGE:
        return _from_package()
    if source.startswith("https://"):
        return _from_content(_download(source))
    if "://" in source:
        raise SourceUnreadable("só são aceitos endereços https")
    path = Path(source)
    try:
        if path.is_dir():
            files = sorted(item for item in path.rglob("*") if item.suffix.lower() in _SUFFIXES)
            found = [der for item in files for der in certificates_in(item.read_bytes())]
        else:
            found = _from_content(path.read_bytes())
    except OSError as failure:
        raise SourceUnreadable(f"não foi possível ler {source}: {failure.strerror}") from failure
    return found


def _from_content(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK\x03\x04"):
        return certificates_in(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [der for member in _members(archive) for der in certificates_in(archive.read(member))]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as failure:
        raise SourceUnreadable("o arquivo ZIP é ilegível") from failure


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    total = 0
    for member in archive.infolist():
        if Path(member.filename).suffix.lower() not in _SUFFIXES:
            continue
        total += member.file_size
        if total > _MAX_BYTES:
            raise SourceUnreadable("o arquivo ZIP é grande demais")
        yield member


def _download(url: str) -> bytes:
    opener = build_opener(_NoRedirects)
    try:
        with opener.open(Request(url), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - https, just checked
            content: bytes = answer.read(_MAX_BYTES + 1)
    except (URLError, OSError, ValueError) as failure:
        raise SourceUnreadable(f"não foi possível buscar {url}") from failure
    if len(content) > _MAX_BYTES:
        raise SourceUnreadable(f"a resposta de {url} é grande demais")
    return content


def _from_package() -> list[bytes]:
    """The package is Mozilla's bundle with ICP-Brasil's authorities added, so only the latter are taken."""
    found = importlib.util.find_spec(_MODULE)
    if found is None or found.origin is None:
        raise SourceUnreadable(f"o pacote {PACKAGE} não está instalado (uv pip install {PACKAGE})")
    try:
        bundle = (Path(found.origin).parent / "cacert.pem").read_bytes()
    except OSError as failure:
        raise SourceUnreadable(f"o pacote {PACKAGE} não pôde ser lido") from failure
    return [der for der in certificates_in(bundle) if _is_icp_brasil(der)]


def _is_icp_brasil(der: bytes) -> bool:
    try:
        subject = parse(der).certificate.subject
        organisations = subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    except (CertificateUnreadable, *UNREADABLE):
        return False
    return any(attribute.value == _ORGANISATION for attribute in organisations)
