"""Who may read: public keys that come bound to the data, and the private halves in their holder's file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from aval.sealing import ec_keys
from aval.sealing.canonical import canonical_digest
from aval.sealing.refusals import SealReason, SealRefused

MOST_READERS: Final = 8
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MEMBERS: Final = frozenset({"id", "enc", "sig"})


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: a name of its own choosing, a key to seal to and a key that signs."""

    id: str
    encryption: ec.EllipticCurvePublicKey
    signature: ec.EllipticCurvePublicKey

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise _invalid("o id de um leitor tem de 1 a 64 letras, algarismos, ponto, - ou _")

    @property
    def fingerprint(self) -> str:
        """What two people compare before one adds the other."""
        return canonical_digest(self.as_json()).hex()

    def as_json(self) -> dict[str, object]:
        encryption, signature = ec_keys.public_jwk(self.encryption), ec_keys.public_jwk(self.signature)
        return {"id": self.id, "enc": encryption, "sig": signature}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Raise `SealRefused` for anything but id, enc and sig, or a key that is no public P-256 key."""
        if not (isinstance(value, dict) and value.keys() == _MEMBERS and isinstance(value["id"], str)):
            raise _invalid("um leitor deve ter exatamente id, enc e sig")
        try:
            encryption, signature = ec_keys.public_key(value["enc"]), ec_keys.public_key(value["sig"])
        except SealRefused as refusal:
            raise _invalid(f"leitor: {refusal.detail}") from refusal
        return cls(value["id"], encryption, signature)


@dataclass(frozen=True, slots=True)
class Readers:
    """One to eight readers; the order in which they are told means nothing."""

    listed: tuple[Reader, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.listed) <= MOST_READERS:
            raise _invalid(f"são de 1 a {MOST_READERS} leitores")
        if len({reader.id for reader in self.listed}) != len(self.listed):
            raise _invalid("dois leitores têm o mesmo id")
        keys = [key for reader in self.listed for key in (reader.encryption, reader.signature)]
        # One key for two readers or two uses would let an answer or a signature of one pass for another's.
        if len({ec_keys.thumbprint(key) for key in keys}) != len(keys):
            raise _invalid("cada chave serve a um só leitor e a um só uso")
        object.__setattr__(self, "listed", tuple(sorted(self.listed, key=lambda reader: reader.id)))

    def __getitem__(self, reader_id: str) -> Reader:
        """Raise `SealRefused` for who is not in the list."""
        for reader in self.listed:
            if reader.id == reader_id:
                return reader
        raise SealRefused(SealReason.NOT_A_READER, "não é leitor destes dados")

    @property
    def digest(self) -> str:
        return canonical_digest(self.as_json()).hex()

    def as_json(self) -> list[dict[str, object]]:
        return [reader.as_json() for reader in self.listed]

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not (isinstance(value, Sequence) and not isinstance(value, str) and len(value) <= MOST_READERS):
            raise _invalid(f"leitores deve ser uma lista de 1 a {MOST_READERS}")
        return cls(tuple(Reader.from_json(one) for one in value))


@dataclass(frozen=True, slots=True)
class ReaderKeys:
    """A reader's private halves."""

    id: str
    encryption: ec.EllipticCurvePrivateKey = field(repr=False)
    signature: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def generate(cls, reader_id: str) -> Self:
        curve = ec.SECP256R1()
        keys = cls(reader_id, ec.generate_private_key(curve), ec.generate_private_key(curve))
        # A name that no list would take is refused here, before anything is sealed to it.
        Readers((keys.public,))
        return keys

    @property
    def public(self) -> Reader:
        return Reader(self.id, self.encryption.public_key(), self.signature.public_key())


def _invalid(detail: str) -> SealRefused:
    return SealRefused(SealReason.READERS_INVALID, detail)
