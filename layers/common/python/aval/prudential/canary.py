"""Tries to use the confidential key without an attestation: whoever succeeds has found the policy open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from aval.prudential.submitting import KeyItems
from aval.sealing.key_items import KeyItem

SUBJECT: Final = "Aval: chave confidencial sem atestado"
TEXT: Final = (
    "A chave confidencial respondeu a {acts} sem documento de atestado. A política dela não protege mais "
    "os dados selados: siga docs/enclave-operations.md, seção Canário."
)


class UnattestedKms(Protocol):
    """Each tells whether the key's policy let the call through; anything but yes or no is raised."""

    def lets_generate(self) -> bool: ...

    def lets_decrypt(self, wrapped: bytes) -> bool: ...


class Rings(Protocol):
    def ring(self, subject: str, text: str) -> None:
        """Tell the operator now, past every metric."""


class Findings(Protocol):
    def note_canary(self, opened: tuple[str, ...], *, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Canary:
    kms: UnattestedKms
    keys: KeyItems
    rings: Rings
    findings: Findings

    def run(self, *, at: datetime) -> tuple[str, ...]:
        """Return the acts that were let through: none, where all is well."""
        opened = [] if not self.kms.lets_generate() else ["GenerateDataKey"]
        # There is a ciphertext of the enclave's to try as soon as there was a ceremony.
        items = self.keys.key_items()
        if items and self.kms.lets_decrypt(KeyItem.from_bytes(items[-1]).wrapped_key):
            opened.append("Decrypt")
        if opened:
            self.rings.ring(SUBJECT, TEXT.format(acts=" e ".join(opened)))
        self.findings.note_canary(tuple(opened), at=at)
        return tuple(opened)
