"""A path from a certificate to a trusted root (RFC 5280, section 6.1; docs/certificates.md)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from aval.certificates.certificate import Parsed
from aval.certificates.truststore import Authority, Truststore
from aval.moments import for_people

# ICP-Brasil has three authorities above a holder (DOC-ICP-04); the rest is room against loops.
MAX_DEPTH: Final = 8
MAX_STEPS: Final = 100
_SHOWN_NAME: Final = 200
# What an authority's own certificate may be signed with; the leaf's own hash is the rule `assinatura`.
_SOUND_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Path:
    """From the issuer up to the anchor."""

    authorities: tuple[Authority, ...]

    def without_client_auth(self) -> list[str]:
        """Authorities whose extended key usage shuts TLS clients out of everything below them."""
        return [item.name for item in self.authorities if not item.may_serve_tls_clients]


@dataclass(slots=True)
class Search:
    """One bounded depth-first search; `faults` says why each tried authority was left."""

    truststore: Truststore
    at: datetime
    faults: list[str] = field(default_factory=list)
    steps: int = 0

    def paths(self, child: Parsed, below: tuple[Authority, ...] = ()) -> Iterator[Path]:
        candidates = self.truststore.named(child.issuer_key)
        if not candidates:
            self._note(f"{_issuer_told(child)} não está entre as autoridades confiáveis da ICP-Brasil")
        for parent in candidates:
            self.steps += 1
            if self.steps > MAX_STEPS:
                self._note("há caminhos demais acima do certificado")
                return
            fault = self._fault(parent, child, below)
            if fault is not None:
                self._note(fault)
            elif parent.is_anchor:
                yield Path((*below, parent))
            elif parent not in below and len(below) < MAX_DEPTH:
                yield from self.paths(parent.parsed, (*below, parent))
            else:
                self._note("o caminho não chega a uma raiz confiável da ICP-Brasil")

    def _note(self, fault: str) -> None:
        if fault not in self.faults:
            self.faults.append(fault)

    def _fault(self, parent: Authority, child: Parsed, below: tuple[Authority, ...]) -> str | None:
        """Why `parent` may not stand above `child`, cheap reasons before the signature."""
        return self._fault_in_itself(parent) or self._fault_towards(parent, child, below)

    def _fault_in_itself(self, parent: Authority) -> str | None:
        if not parent.is_valid(self.at):
            return f"a autoridade {parent.name} não é válida em {for_people(self.at)}"
        if not (parent.is_ca and parent.may_sign_certificates):
            return f"{parent.name} não é autoridade certificadora, ou não pode assinar certificados"
        if parent.has_unknown_critical:
            return f"a autoridade {parent.name} tem extensão crítica desconhecida"
        if not parent.is_anchor and not has_sound_hash(parent.parsed.certificate):
            return f"o certificado da autoridade {parent.name} tem algoritmo de assinatura fraco"
        return None

    def _fault_towards(self, parent: Authority, child: Parsed, below: tuple[Authority, ...]) -> str | None:
        # Section 6.1.4 (l): self-issued certificates do not count.
        if parent.path_length is not None and parent.path_length < sum(not ca.is_self_issued for ca in below):
            return f"há autoridades demais abaixo de {parent.name} (pathLenConstraint)"
        if not self.truststore.has_signed(parent, child):
            return f"a assinatura do certificado não confere com a chave de {parent.name}"
        return None


def _issuer_told(child: Parsed) -> str:
    """The issuer for a sentence; the holder's own name, which may hold a CPF, stays out of it."""
    if child.subject_key == child.issuer_key:
        return "o certificado foi assinado por ele mesmo e"
    issuer = child.certificate.issuer.rfc4514_string() or "(sem nome)"
    return f"o emissor {issuer[:_SHOWN_NAME]}"


def has_sound_hash(certificate: x509.Certificate) -> bool:
    try:
        digest = certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return False
    # Ed25519 and Ed448 bring their own.
    return digest is None or digest.name in _SOUND_HASHES
