"""JWS compact with ES256 and nothing else (RFC 7515; RFC 7518, section 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from aval.sealing import base64url
from aval.sealing.canonical import canonical, read_object
from aval.sealing.refusals import SealReason, SealRefused

_ES256: Final = ec.ECDSA(hashes.SHA256())
_HALF: Final = 32
_LARGEST_HEADER: Final = 4096


@dataclass(frozen=True, slots=True)
class Unverified:
    """A JWS taken apart: nothing of it is to be trusted before `verify`."""

    key_id: str
    header: Mapping[str, object]
    payload: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    """Header and payload as they came: what the signature covers is never encoded anew."""
    signature: bytes = field(repr=False)


def sign(
    payload: bytes,
    *,
    kind: str,
    key_id: str,
    key: ec.EllipticCurvePrivateKey,
    jwk: Mapping[str, str] | None = None,
) -> str:
    """`kind` goes into `typ`, so that no signature serves for another purpose (RFC 8725, section 3.11)."""
    header: dict[str, object] = {"alg": "ES256", "kid": key_id, "typ": kind}
    if jwk is not None:
        header["jwk"] = jwk
    signed = b".".join((base64url.encode(canonical(header)), base64url.encode(payload)))
    r, s = decode_dss_signature(key.sign(signed, _ES256))
    raw = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return b".".join((signed, base64url.encode(raw))).decode()


def read(text: str, *, kind: str, largest: int, carries_key: bool = False) -> Unverified:
    """Raise `SealRefused` for any other form, algorithm, purpose or header member."""
    # (1) Size and form: RFC 7515, section 7.1.
    if len(text) > largest:
        raise SealRefused(SealReason.TOO_LARGE, f"a assinatura tem mais de {largest} caracteres")
    try:
        parts = text.encode("ascii").split(b".")
    except UnicodeEncodeError as failure:
        raise _malformed() from failure
    if len(parts) != 3:
        raise _malformed()
    header = read_object(base64url.decode(parts[0]), largest=_LARGEST_HEADER)
    # (2) The algorithm is ours to choose, not the message's: RFC 8725, section 3.1.
    if header.get("alg") != "ES256":
        raise SealRefused(SealReason.ALGORITHM, "a assinatura deve ser ES256")
    # (3) No `crit`, no `b64`, no key or address to fetch one from, but where the format carries its key.
    if header.keys() != {"alg", "kid", "typ"} | ({"jwk"} if carries_key else set()):
        raise SealRefused(SealReason.HEADER_MEMBER, "o cabeçalho deve ter exatamente alg, kid e typ")
    if header["typ"] != kind:
        raise SealRefused(SealReason.HEADER_MEMBER, f"o typ deve ser {kind}")
    key_id = header["kid"]
    if not isinstance(key_id, str):
        raise _malformed()
    signed = b".".join(parts[:2])
    return Unverified(key_id, header, base64url.decode(parts[1]), signed, base64url.decode(parts[2]))


def verify(unverified: Unverified, key: ec.EllipticCurvePublicKey) -> bytes:
    """The payload, signed by `key`; raise `SealRefused`."""
    raw = unverified.signature
    if len(raw) != 2 * _HALF:
        raise _not_signed()
    numbers = (int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*numbers), unverified.signed, _ES256)
    except InvalidSignature as failure:
        raise _not_signed() from failure
    return unverified.payload


def _malformed() -> SealRefused:
    return SealRefused(SealReason.MALFORMED, "não é uma assinatura JWS na forma compacta")


def _not_signed() -> SealRefused:
    return SealRefused(SealReason.SIGNATURE, "a assinatura não confere")
