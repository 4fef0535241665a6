"""One generation of the truststore: built from what ITI publishes, and only under pinned roots."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from aval.certificates.certificate import Parsed
from aval.certificates.paths import Search
from aval.certificates.truststore import (
    Truststore,
    TruststoreRefused,
    parse_all,
    require_pinned,
)
from aval.moments import to_storage

# Genuine roots of ICP-Brasil that the chamber does not use: what stands under them is left out, not refused.
# v6 and v7 (elliptic curves) are known by name: leaving something out for its name gives trust to nobody.
_FINGERPRINTS_NOT_FOR_THIS_USE: Final = frozenset(
    {"1406710058180fa4081aab3f246f1702429c552a11fa3143b84c88cb3ab8e5e7"}  # v11
)
_NAMES_NOT_FOR_THIS_USE: Final = frozenset(
    f"Autoridade Certificadora Raiz Brasileira {version}" for version in ("v6", "v7")
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    fingerprint: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What is published together: the authorities as one PEM, and the manifest that tells whence."""

    name: str
    pem: bytes
    manifest: bytes
    count: int
    left_out: tuple[LeftOut, ...]


def build_generation(certificates: Iterable[bytes], *, pins: frozenset[str], at: datetime) -> Generation:
    """Raise `TruststoreRefused`, naming the certificate, when one leads to no known root of ICP-Brasil.

    Expired authorities, and those under a root that is genuine but not for this use, are left out and told.
    """
    everything = parse_all(certificates)
    left_out: list[LeftOut] = []
    current: list[Parsed] = []
    for parsed in {item.fingerprint: item for item in everything}.values():
        if parsed.certificate.not_valid_after_utc < at:
            left_out.append(_left_out(parsed, "vencido"))
        elif parsed.certificate.not_valid_before_utc > at:
            left_out.append(_left_out(parsed, "ainda não válido"))
        else:
            current.append(parsed)
    truststore = Truststore.of(current)
    kept: list[tuple[Parsed, str]] = []
    for parsed in current:
        search = Search(truststore, at)
        roots = {path.authorities[-1].parsed.fingerprint for path in search.paths(parsed)}
        pinned = sorted(roots & pins)
        if pinned:
            kept.append((parsed, pinned[0]))
        elif _is_not_for_this_use(parsed, truststore):
            left_out.append(_left_out(parsed, "sua raiz da ICP-Brasil não é para este uso"))
        else:
            why = "sua raiz não está entre as raízes fixadas" if roots else "; ".join(search.faults)
            name = parsed.certificate.subject.rfc4514_string()
            raise TruststoreRefused(f"{name} (SHA-256 {parsed.fingerprint}) foi recusado: {why}")
    require_pinned(Truststore.of(parsed for parsed, _ in kept), pins)
    return _compose(kept, left_out, at)


def _is_not_for_this_use(parsed: Parsed, truststore: Truststore) -> bool:
    """Follow the names up; signatures are not asked for, since some of these keys are of unknown curves."""
    reached, pending = {parsed.fingerprint}, [parsed]
    while pending:
        child = pending.pop()
        names = {_common_name(child.certificate.subject), _common_name(child.certificate.issuer)}
        if child.fingerprint in _FINGERPRINTS_NOT_FOR_THIS_USE or names & _NAMES_NOT_FOR_THIS_USE:
            return True
        for parent in truststore.named(child.issuer_key):
            if parent.parsed.fingerprint not in reached:
                reached.add(parent.parsed.fingerprint)
                pending.append(parent.parsed)
    return False


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


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
    return Generation(name, pem, _json(manifest), len(kept), tuple(left_out))


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
