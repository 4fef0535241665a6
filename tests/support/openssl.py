"""Files made by the real `openssl`, as agents' own tools make them."""

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from local.hierarchy import Hierarchy
from tests.support import pki

_EXTENSIONS = """\
basicConstraints = CA:FALSE
keyUsage = digitalSignature, keyEncipherment
extendedKeyUsage = {usages}
subjectAltName = otherName:2.16.76.1.3.3;{kind}:{cnpj}
"""


def run(*arguments: str, cwd: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True, timeout=60)


def lay_out(folder: Path, hierarchy: Hierarchy) -> None:
    """The issuing authority, and the leaf's key, as openssl wants to read them."""
    authority = hierarchy.issuing
    (folder / "ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    for name, key in (("ca.key", authority.key), ("leaf.key", pki.rsa_key("leaf"))):
        (folder / name).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def issue(
    folder: Path,
    *options: str,
    subject: str = f"/C=BR/O=ICP-Teste/CN={pki.SUBJECT}",
    usages: str = "clientAuth, serverAuth",
    kind: str = "UTF8",
    days: int = 365,
) -> Path:
    """A certificate in DER by `openssl x509 -req`; `options` go to the signing."""
    text = _EXTENSIONS.format(usages=usages, kind=kind, cnpj=pki.COMPANY)
    (folder / "leaf.ext").write_text(text)
    run("req", "-new", "-key", "leaf.key", "-subj", subject, "-out", "leaf.csr", cwd=folder)
    told = [
        "-in",
        "leaf.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-extfile",
        "leaf.ext",
        "-days",
        str(days),
    ]
    run("x509", "-req", *told, *options, "-outform", "DER", "-out", "leaf.cer", cwd=folder)
    run("x509", "-inform", "DER", "-in", "leaf.cer", "-out", "leaf.pem", cwd=folder)
    return folder / "leaf.cer"


def revocation_list(folder: Path) -> Path:
    """A list in DER (and list.pem beside it) that the issuing authority signs; it names nothing."""
    (folder / "index.txt").write_text("")
    (folder / "ca.cnf").write_text("[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ndefault_md=sha256\n")
    signing = ("ca", "-gencrl", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-crldays", "7")
    run(*signing, "-out", "list.pem", cwd=folder)
    run("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der", cwd=folder)
    return folder / "list.der"
