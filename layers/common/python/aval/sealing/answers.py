"""What the enclave answers: signed by it, bound to the request, sealed to every reader and nobody else.

A JWS (ES256) inside a JWE in the General JSON form, one recipient per reader (RFC 7516, section 7.2.1).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.identifiers import Cnpj, EventCode, KeyId
from aval.sealing import base64url, ec_keys, key_agreement, signatures
from aval.sealing.canonical import canonical, read_object
from aval.sealing.head import Head, require_not_older
from aval.sealing.key_agreement import WrappedKey
from aval.sealing.readers import MOST_READERS, ReaderKeys, Readers
from aval.sealing.refusals import SealReason, SealRefused

KIND: Final = "aval-resposta"
MAX_ANSWER_BYTES: Final = 128_000_000
_PROTECTED: Final = {"alg": key_agreement.ALGORITHM, "enc": "A256GCM", "typ": KIND}
_OUTER: Final = frozenset({"protected", "recipients", "iv", "ciphertext", "tag"})
_INNER: Final = frozenset({"evento", "cnpj", "jti", "cabeca", "leitores", "ressalvas", "conteudo"})
_STEP: Final = 4096
"""Of what is sealed: a factor that is zero, or none at all, makes a shorter text than another."""
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Binding:
    """What an answer belongs to; `caveats` are the reservations that a person must be told."""

    event: EventCode
    company: Cnpj
    request_id: str
    head: Head
    caveats: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """`seen` is the newest head of the event that this reader knows; `readers` the digest of its own list.

    `subject` is the identity of what was delivered: whoever saw a request's code may forge a delivery under
    it, and name its reader among his own.
    """

    event: EventCode
    company: Cnpj
    request_id: str
    seen: Head | None = None
    readers: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    payload: Mapping[str, object] = field(repr=False)
    head: Head
    readers: str
    caveats: tuple[str, ...]


def seal_answer(
    payload: Mapping[str, object],
    binding: Binding,
    readers: Readers,
    *,
    signing_key: ec.EllipticCurvePrivateKey,
    signing_kid: KeyId,
) -> bytes:
    """The same bytes open for each of `readers`, who all see to whom else they were sealed."""
    told = _of_whole_steps(canonical(_inner(payload, binding, readers)))
    signed = signatures.sign(told, kind=KIND, key_id=signing_kid, key=signing_key)
    protected = base64url.encode(canonical(_PROTECTED))
    content_key, nonce = AESGCM.generate_key(256), secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(content_key).encrypt(nonce, signed.encode(), protected)
    recipients = [
        _recipient(reader.id, key_agreement.wrap(content_key, reader.encryption)) for reader in readers.listed
    ]
    return canonical(
        {
            "protected": protected.decode(),
            "recipients": recipients,
            "iv": base64url.encode_text(nonce),
            "ciphertext": base64url.encode_text(sealed[:-_TAG_BYTES]),
            "tag": base64url.encode_text(sealed[-_TAG_BYTES:]),
        }
    )


def open_answer(
    answer: bytes, reader: ReaderKeys, *, signer: ec.EllipticCurvePublicKey, expected: ExpectedAnswer
) -> Answer:
    """Raise `SealRefused` unless `signer` answered this request, to this reader, from no older journal."""
    # (1) Open: what is for somebody else does not.
    outer = _outer(answer)
    content_key = key_agreement.unwrap(_wrapped_for(reader.id, outer["recipients"]), reader.encryption)
    protected, nonce, content, tag = (_text(outer[name]) for name in ("protected", "iv", "ciphertext", "tag"))
    signed = _decrypted(content_key, protected, nonce, content, tag)
    # (2) Verify before anything inside is believed.
    unverified = signatures.read(signed, kind=KIND, largest=MAX_ANSWER_BYTES)
    inner = read_object(signatures.verify(unverified, signer), largest=MAX_ANSWER_BYTES)
    # (3) Compare with what was asked.
    return _bound(inner, expected)


def _inner(payload: Mapping[str, object], binding: Binding, readers: Readers) -> dict[str, object]:
    return {
        "evento": binding.event,
        "cnpj": binding.company,
        "jti": binding.request_id,
        "cabeca": binding.head.as_json(),
        "leitores": readers.digest,
        "ressalvas": sorted(binding.caveats),
        "conteudo": payload,
    }


def _of_whole_steps(text: bytes) -> bytes:
    """Blanks after a JSON text mean nothing to who reads it (RFC 8259, section 2)."""
    return text + b" " * (-len(text) % _STEP)


def _recipient(reader_id: str, wrapped: WrappedKey) -> dict[str, object]:
    return {
        "header": {"kid": reader_id, "epk": ec_keys.public_jwk(wrapped.ephemeral)},
        "encrypted_key": base64url.encode_text(wrapped.wrapped),
    }


def _outer(answer: bytes) -> dict[str, object]:
    outer = read_object(answer, largest=MAX_ANSWER_BYTES)
    if outer.keys() != _OUTER:
        raise _malformed(f"a resposta deve ter exatamente {', '.join(sorted(_OUTER))}")
    header = read_object(base64url.decode_text(_text(outer["protected"])), largest=1024)
    if (header.get("alg"), header.get("enc")) != (_PROTECTED["alg"], _PROTECTED["enc"]):
        raise SealRefused(SealReason.ALGORITHM, "só se aceita ECDH-ES+A256KW com A256GCM")
    if header != _PROTECTED:
        raise SealRefused(SealReason.HEADER_MEMBER, "o cabeçalho da resposta não é o de uma resposta")
    return outer


def _wrapped_for(reader_id: str, recipients: object) -> WrappedKey:
    if not (isinstance(recipients, list) and 1 <= len(recipients) <= MOST_READERS):
        raise _malformed(f"a resposta tem de 1 a {MOST_READERS} destinatários")
    for recipient in recipients:
        match recipient:
            case {"header": {"kid": str(kid), "epk": epk}, "encrypted_key": str(wrapped)} if kid == reader_id:
                if len(recipient) != 2 or len(recipient["header"]) != 2:
                    raise SealRefused(SealReason.HEADER_MEMBER, "um destinatário tem só kid e epk")
                return WrappedKey(ec_keys.public_key(epk), base64url.decode_text(wrapped))
    raise SealRefused(SealReason.NOT_A_READER, "a resposta não foi selada para este leitor")


def _decrypted(content_key: bytes, protected: str, nonce: str, content: str, tag: str) -> str:
    iv, authenticator = base64url.decode_text(nonce), base64url.decode_text(tag)
    if len(iv) != _NONCE_BYTES or len(authenticator) != _TAG_BYTES:
        raise _malformed("o vetor inicial tem 12 bytes e o autenticador tem 16")
    sealed = base64url.decode_text(content) + authenticator
    try:
        return AESGCM(content_key).decrypt(iv, sealed, protected.encode()).decode("ascii")
    except (InvalidTag, UnicodeDecodeError) as failure:
        raise SealRefused(SealReason.DOES_NOT_OPEN, "a resposta não abre: mudou no caminho") from failure


def _bound(inner: Mapping[str, object], expected: ExpectedAnswer) -> Answer:
    if inner.keys() != _INNER:
        raise _malformed(f"o conteúdo assinado deve ter exatamente {', '.join(sorted(_INNER))}")
    if inner["evento"] != expected.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "a resposta é de outro evento")
    if inner["cnpj"] != expected.company:
        raise SealRefused(SealReason.COMPANY_MISMATCH, "a resposta é de outra empresa")
    if inner["jti"] != expected.request_id:
        raise SealRefused(SealReason.REQUEST_MISMATCH, "a resposta é de outro pedido")
    if expected.readers is not None and inner["leitores"] != expected.readers:
        raise SealRefused(SealReason.READERS_MISMATCH, "a resposta foi selada também para outros leitores")
    payload, caveats = inner["conteudo"], inner["ressalvas"]
    if not (isinstance(payload, dict) and isinstance(caveats, list)):
        raise _malformed("a resposta tem um objeto e uma lista de ressalvas")
    if expected.subject is not None and payload.get("objeto") != expected.subject:
        raise SealRefused(SealReason.SUBJECT_MISMATCH, "a resposta é sobre outro objeto que o entregue")
    head = Head.from_json(inner["cabeca"])
    require_not_older(head, expected.seen)
    return Answer(payload, head, _text(inner["leitores"]), tuple(_text(one) for one in caveats))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _malformed("um membro da resposta deve ser texto")
    return value


def _malformed(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
