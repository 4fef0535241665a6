"""One generation of the truststore: built from what ITI publishes, and only under pinned roots."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.certificate import Parsed
from aval.certificates.paths import Search
from aval.certificates.truststore import (
    Truststore,
    TruststoreRefused,
    certificates_in,
    parse_all,
    require_pinned,
)
from aval.moments import to_storage

# Genuine roots of ICP-Brasil that the chamber does not use; what stands under them is left out, not refused.
ROOTS_NOT_FOR_THIS_USE: Final[Mapping[str, str]] = {
    "1406710058180fa4081aab3f246f1702429c552a11fa3143b84c88cb3ab8e5e7": "v11",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    fingerprint: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What is published together: the authorities as one PEM, and the manifest that says where they come from."""

    name: str
    pem: bytes
    manifest: bytes
    left_out: tuple[LeftOut, ...]

    @property
    def pointer(self) -> bytes:
        """The content of `atual.json`: which generation is in force, and the digest that its PEM must have."""
        return _json({"geracao": self.name, "sha256": hashlib.sha256(self.pem).hexdigest()})


def build_generation(pem: bytes, *, pins: frozenset[str], at: datetime) -> Generation:
    """Raise `TruststoreRefused`, naming the certificate, when one leads to no known root of ICP-Brasil.

    Expired authorities, and those under a root that is genuine but not for this use, are left out and told.
    """
    everything = parse_all(certificates_in(pem))
    left_out: list[LeftOut] = []
    current: list[Parsed] = []
    for parsed in {item.fingerprint: item for item in everything}.values():
        if parsed.certificate.not_valid_after_utc < at:
            left_out.append(_left_out(parsed, "vencido"))
        else:
            current.append(parsed)
    truststore = Truststore.of(current)
    kept: list[tuple[Parsed, str]] = []
    for parsed in current:
        root = _root_of(parsed, truststore, pins, at)
        if root in pins:
            kept.append((parsed, root))
        else:
            left_out.append(_left_out(parsed, f"raiz {ROOTS_NOT_FOR_THIS_USE[root]} não é para este uso"))
    require_pinned(Truststore.of(parsed for parsed, _ in kept), pins)
    return _compose(kept, left_out, at)


def _root_of(parsed: Parsed, truststore: Truststore, pins: frozenset[str], at: datetime) -> str:
    search = Search(truststore, at)
    roots = {path.authorities[-1].parsed.fingerprint for path in search.paths(parsed)}
    for wanted in (pins, ROOTS_NOT_FOR_THIS_USE.keys()):
        known = sorted(roots & wanted)
        if known:
            return known[0]
    name = parsed.certificate.subject.rfc4514_string()
    why = "sua raiz não está entre as raízes fixadas" if roots else "; ".join(search.faults)
    raise TruststoreRefused(f"{name} (SHA-256 {parsed.fingerprint}) foi recusado: {why}")


def _left_out(parsed: Parsed, reason: str) -> LeftOut:
    return LeftOut(parsed.fingerprint, parsed.certificate.subject.rfc4514_string(), reason)


def _compose(kept: list[tuple[Parsed, str]], left_out: list[LeftOut], at: datetime) -> Generation:
    kept = sorted(kept, key=lambda item: item[0].fingerprint)
    pem = b"".join(parsed.certificate.public_bytes(Encoding.PEM) for parsed, _ in kept)
    digest = hashlib.sha256(pem).hexdigest()
    name = f"{at:%Y%m%dT%H%M%SZ}-{digest[:12]}"
    manifest = {
        "geracao": name,
        "sha256": digest,
        "construidoEm": to_storage(at),
        "certificados": [
            {
                "sha256": parsed.fingerprint,
                "requerente": parsed.certificate.subject.rfc4514_string(),
                "validade": to_storage(parsed.certificate.not_valid_after_utc),
                "raiz": root,
            }
            for parsed, root in kept
        ],
        "deixadosDeFora": [
            {"sha256": item.fingerprint, "requerente": item.subject, "motivo": item.reason}
            for item in left_out
        ],
    }
    return Generation(name, pem, _json(manifest), tuple(left_out))


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
