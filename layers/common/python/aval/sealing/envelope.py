"""What an agent seals to the enclave: JWE compact, RSA-OAEP-256 and A256GCM (RFC 7516; RFC 7518)."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid, KeyId
from aval.sealing import base64url
from aval.sealing.canonical import canonical, read_object
from aval.sealing.head import Head
from aval.sealing.readers import Readers
from aval.sealing.refusals import SealReason, SealRefused

MAX_PLAINTEXT_BYTES: Final = 50_000_000
MAX_SEALED_BYTES: Final = 70_000_000
MIN_RSA_BITS: Final = 3072
_LARGEST_HEADER: Final = 16_384
_LEEWAY: Final = timedelta(minutes=10)
_LAST_SECOND: Final = 253_402_300_799
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
_REQUEST: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_MEMBERS: Final = frozenset({"alg", "enc", "kid", "evento", "remetente", "tipo", "iat", "jti", "leitores"})
_SEEN: Final = "visto"


class SealedKind(StrEnum):
    """What a sealed object is for: bound into it, so that one cannot be passed off as another."""

    ENSAIO = "ENSAIO"
    ENVIO = "ENVIO"
    PORTFOLIO = "PORTFOLIO"
    CONTRAPARTES = "CONTRAPARTES"
    SIMULACAO = "SIMULACAO"


@dataclass(frozen=True, slots=True)
class Header:
    """The protected header: readable by everybody, changeable by nobody who cannot open the object."""

    key_id: KeyId
    event: EventCode
    sender: Cnpj
    kind: SealedKind
    issued_at: datetime
    request_id: str
    readers: Readers
    seen: Head | None = None
    """How far its maker saw the journal, as a statement tells it (`statements.Statement.seen`)."""

    def __post_init__(self) -> None:
        require_request_id(self.request_id)

    def as_json(self) -> dict[str, object]:
        return {
            "alg": "RSA-OAEP-256",
            "enc": "A256GCM",
            "kid": self.key_id,
            "evento": self.event,
            "remetente": self.sender,
            "tipo": self.kind,
            "iat": int(self.issued_at.timestamp()),
            "jti": self.request_id,
            "leitores": self.readers.as_json(),
            **({_SEEN: self.seen.as_json()} if self.seen else {}),
        }

    @classmethod
    def from_json(cls, members: Mapping[str, object]) -> Self:
        """Raise `SealRefused` for another algorithm, any other member, or a value that cannot be one."""
        if (members.get("alg"), members.get("enc")) != ("RSA-OAEP-256", "A256GCM"):
            raise SealRefused(SealReason.ALGORITHM, "só se aceita alg RSA-OAEP-256 com enc A256GCM")
        # Neither `zip` nor `crit` nor a key or address of one: what is not listed has no meaning here.
        if members.keys() - {_SEEN} != _MEMBERS:
            raise SealRefused(
                SealReason.HEADER_MEMBER,
                f"o cabeçalho deve ter exatamente {', '.join(sorted(_MEMBERS))}, e pode ter {_SEEN}",
            )
        try:
            return cls(
                key_id=KeyId.parse(_text(members["kid"])),
                event=EventCode.parse(_text(members["evento"])),
                sender=bare_cnpj(members["remetente"]),
                kind=SealedKind(_text(members["tipo"])),
                issued_at=moment_of(members["iat"]),
                request_id=_text(members["jti"]),
                readers=Readers.from_json(members["leitores"]),
                seen=Head.from_json(members[_SEEN]) if _SEEN in members else None,
            )
        except IdentifierInvalid as failure:
            raise _malformed(f"cabeçalho: {failure.detail}") from failure
        except ValueError as failure:
            raise _malformed("cabeçalho: o tipo não é conhecido") from failure


@dataclass(frozen=True, slots=True)
class Expected:
    """What the task says of the object; `at` is now, when there is a clock to hold against it."""

    event: EventCode
    sender: Cnpj
    kind: SealedKind
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    header: Header
    plaintext: bytes = field(repr=False)
    identity: str


def seal(plaintext: bytes, header: Header, key: rsa.RSAPublicKey) -> bytes:
    """Raise `SealRefused` for a plaintext over the limit or a key under it."""
    _require_strong(key)
    if len(plaintext) > MAX_PLAINTEXT_BYTES:
        raise _too_large()
    protected = base64url.encode(canonical(header.as_json()))
    content_key, nonce = AESGCM.generate_key(256), secrets.token_bytes(_NONCE_BYTES)
    # RFC 7516, section 5.1, step 14: the header as it will be sent is what is authenticated besides.
    sealed = memoryview(AESGCM(content_key).encrypt(nonce, plaintext, protected))
    parts = (key.encrypt(content_key, _OAEP), nonce, sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:])
    return b".".join((protected, *(base64url.encode(part) for part in parts)))


def read_header(sealed: bytes) -> Header:
    """What an object says of itself; nothing holds it before it is opened."""
    return _header(_parts(sealed)[0])


def identity_of(body: bytes) -> str:
    """SHA-256 of the whole object as it came: never of what is in it, which could be guessed."""
    return hashlib.sha256(body).hexdigest()


def open_sealed(sealed: bytes, keys: Mapping[KeyId, rsa.RSAPrivateKey], expected: Expected) -> Opened:
    """Raise `SealRefused` unless the object is for one of `keys` and says what is expected of it."""
    # (1) Form, size and header, before any secret is used.
    protected, *encoded = _parts(sealed)
    header = _header(protected)
    _require_expected(header, expected)
    key = keys.get(header.key_id)
    if key is None:
        raise SealRefused(SealReason.KEY_UNKNOWN, "o kid não é de uma chave que este enclave tem")
    _require_strong(key.public_key())
    wrapped, nonce, content, tag = (base64url.decode(part) for part in encoded)
    if len(nonce) != _NONCE_BYTES or len(tag) != _TAG_BYTES:
        raise _malformed("o vetor inicial tem 12 bytes e o autenticador tem 16")
    if len(content) > MAX_PLAINTEXT_BYTES:
        raise _too_large()
    # (2) Open. A key that does not unwrap is replaced by one that opens nothing, so that nobody learns
    #     which of the two failed: RFC 7516, section 11.5.
    try:
        plaintext = AESGCM(_content_key(key, wrapped)).decrypt(nonce, content + tag, protected)
    except InvalidTag as failure:
        raise SealRefused(
            SealReason.DOES_NOT_OPEN, "o objeto não abre: não é desta chave ou mudou"
        ) from failure
    return Opened(header, plaintext, identity_of(sealed))


def bare_cnpj(value: object) -> Cnpj:
    """A CNPJ without its mask, as it stands on the wire; raise `IdentifierInvalid`."""
    company = Cnpj.parse(_text(value))
    if company != value:
        raise IdentifierInvalid("o CNPJ vai sem pontuação")
    return company


def moment_of(value: object) -> datetime:
    """Whole seconds since 1970 (RFC 7519, section 2, NumericDate)."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LAST_SECOND:
        raise _malformed("iat deve ser um número inteiro de segundos desde 1970")
    return datetime.fromtimestamp(value, UTC)


def require_request_id(text: str) -> None:
    if not _REQUEST.fullmatch(text):
        raise _malformed("jti deve ter de 16 a 64 letras, algarismos, - ou _")


def new_request_id() -> str:
    """128 bits, so that no two requests meet."""
    return secrets.token_urlsafe(16)


def _parts(sealed: bytes) -> list[bytes]:
    if len(sealed) > MAX_SEALED_BYTES:
        raise _too_large()
    parts = sealed.split(b".", 5)
    if len(parts) != 5:
        raise _malformed("não é um JWE na forma compacta: cinco partes separadas por ponto")
    return parts


def _header(protected: bytes) -> Header:
    # Of eight readers the header has some 4 KB: more is read by nobody.
    if len(protected) > _LARGEST_HEADER:
        raise SealRefused(SealReason.TOO_LARGE, f"o cabeçalho tem mais de {_LARGEST_HEADER} caracteres")
    return Header.from_json(read_object(base64url.decode(protected), largest=_LARGEST_HEADER))


def _require_expected(header: Header, expected: Expected) -> None:
    if header.event != expected.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "o objeto foi selado para outro evento")
    if header.sender != expected.sender:
        raise SealRefused(SealReason.SENDER_MISMATCH, "o objeto foi selado por outro remetente")
    if header.kind is not expected.kind:
        raise SealRefused(SealReason.KIND_MISMATCH, "o objeto foi selado para outro fim")
    if expected.at is not None and header.issued_at > expected.at + _LEEWAY:
        raise SealRefused(SealReason.FROM_THE_FUTURE, "o objeto diz ter sido selado no futuro")


def _content_key(key: rsa.RSAPrivateKey, wrapped: bytes) -> bytes:
    instead = secrets.token_bytes(_KEY_BYTES)
    try:
        content_key = key.decrypt(wrapped, _OAEP)
    except ValueError:
        return instead
    return content_key if len(content_key) == _KEY_BYTES else instead


def _require_strong(key: rsa.RSAPublicKey) -> None:
    if key.key_size < MIN_RSA_BITS:
        raise SealRefused(SealReason.KEY_WEAK, f"a chave RSA deve ter ao menos {MIN_RSA_BITS} bits")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _malformed("um membro do cabeçalho deve ser texto")
    return value


def _too_large() -> SealRefused:
    return SealRefused(SealReason.TOO_LARGE, "o conteúdo passa de 50 MB, ou o objeto selado de 70 MB")


def _malformed(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
