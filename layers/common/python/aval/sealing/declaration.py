"""What the enclave says of its keys, held by the attestation: its digest is the document's user data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from aval.identifiers import EventCode, IdentifierInvalid, KeyId
from aval.sealing.canonical import canonical_digest
from aval.sealing.ec_keys import spki_digest
from aval.sealing.identities import require_identity
from aval.sealing.refusals import SealReason, SealRefused

_MEMBERS: Final = frozenset({"kid", "assinatura", "semanas", "metodo"})
_METHOD: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")
_MOST_WEEKS: Final = 60
ANY_WEEK: Final = "*"


@dataclass(frozen=True, slots=True)
class Declaration:
    """`weeks` are the events that the key serves; one that is `*` stands for any, as a rehearsal's does."""

    key_id: KeyId
    signing_key: str
    """SHA-256 of the signing key's SubjectPublicKeyInfo, hex."""
    weeks: tuple[str, ...]
    method: str

    def __post_init__(self) -> None:
        require_identity(self.signing_key)
        if not (1 <= len(self.weeks) <= _MOST_WEEKS and _METHOD.fullmatch(self.method)):
            raise _malformed()
        try:
            for week in self.weeks:
                if week != ANY_WEEK:
                    EventCode.parse(week)
        except IdentifierInvalid as failure:
            raise _malformed() from failure

    @classmethod
    def of(
        cls, key_id: KeyId, signing_key: ec.EllipticCurvePublicKey, *, weeks: tuple[str, ...], method: str
    ) -> Self:
        return cls(key_id, spki_digest(signing_key), weeks, method)

    @property
    def digest(self) -> bytes:
        """What goes into the attestation document as its user data."""
        return canonical_digest(self.as_json())

    def as_json(self) -> dict[str, object]:
        return {
            "kid": self.key_id,
            "assinatura": self.signing_key,
            "semanas": list(self.weeks),
            "metodo": self.method,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not (isinstance(value, Mapping) and value.keys() == _MEMBERS):
            raise _malformed()
        match value:
            case {
                "kid": str(key_id),
                "assinatura": str(signing_key),
                "semanas": list(weeks),
                "metodo": str(method),
            } if all(isinstance(week, str) for week in weeks):
                try:
                    return cls(KeyId.parse(key_id), signing_key, tuple(weeks), method)
                except IdentifierInvalid as failure:
                    raise _malformed() from failure
        raise _malformed()

    def require_attested(self, user_data: bytes | None) -> None:
        """Raise `SealRefused` unless the attestation document speaks for exactly this declaration."""
        if user_data != self.digest:
            raise SealRefused(
                SealReason.DECLARATION_MISMATCH, "o atestado não é desta declaração: user_data diverge"
            )

    def require_signing_key(self, key: ec.EllipticCurvePublicKey) -> None:
        if spki_digest(key) != self.signing_key:
            raise SealRefused(
                SealReason.SIGNING_KEY_MISMATCH, "a chave de assinatura não é a da declaração atestada"
            )

    def require_event(self, event: str) -> None:
        if ANY_WEEK not in self.weeks and event not in self.weeks:
            raise SealRefused(SealReason.EVENT_NOT_OFFERED, "a chave atestada não serve a este evento")


def _malformed() -> SealRefused:
    return SealRefused(
        SealReason.MALFORMED, "a declaração deve ter exatamente kid, assinatura, semanas e metodo"
    )
