"""JWS compact made with a certificate's key, which carries the chain (`x5c`): RFC 7515, section 4.1.6."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from aval.sealing import base64url
from aval.sealing.canonical import canonical, read_object
from aval.sealing.refusals import SealReason, SealRefused

MOST_CERTIFICATES: Final = 6
"""A holder and the three authorities of ICP-Brasil above it, with room for one more and a root."""
_LARGEST_CERTIFICATE: Final = 8192
_LARGEST_HEADER: Final = MOST_CERTIFICATES * _LARGEST_CERTIFICATE * 4 // 3 + 1024
_FEWEST_RSA_BITS: Final = 2048
_RS256: Final = (PKCS1v15(), hashes.SHA256())
_ES256: Final = ec.ECDSA(hashes.SHA256())
_HALF: Final = 32


@dataclass(frozen=True, slots=True)
class Certified:
    """A JWS taken apart: nothing of it is to be trusted before `verify`, nor its chain before a judgement."""

    algorithm: str
    chain: tuple[bytes, ...] = field(repr=False)
    """DER, the signer's own first."""
    payload: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def sign(payload: bytes, *, kind: str, chain: Sequence[bytes], key: PrivateKeyTypes) -> str:
    """Raise `SealRefused` for a key that is neither RSA of 2048 bits nor EC P-256, or a chain too long."""
    if not 1 <= len(chain) <= MOST_CERTIFICATES:
        raise _refused(f"a cadeia tem de 1 a {MOST_CERTIFICATES} certificados, o da empresa primeiro")
    header = {
        "alg": _algorithm_of(key.public_key()),
        "typ": kind,
        # Standard base64 with padding: RFC 7515, section 4.1.6.
        "x5c": [base64.b64encode(der).decode() for der in chain],
    }
    signed = b".".join((base64url.encode(canonical(header)), base64url.encode(payload)))
    return b".".join((signed, base64url.encode(_signature(key, signed)))).decode()


def carries_chain(text: str) -> bool:
    """Whether this is one of these signatures rather than a reader's; raise `SealRefused` for its form."""
    return "x5c" in _header(_parts(text)[0])


def read(text: str, *, kind: str, largest: int) -> Certified:
    """Raise `SealRefused` for any other form, algorithm, purpose or header member."""
    # (1) Size and form.
    if len(text) > largest:
        raise SealRefused(SealReason.TOO_LARGE, f"a assinatura tem mais de {largest} caracteres")
    protected, payload, signature = _parts(text)
    header = _header(protected)
    # (2) The algorithm is ours to choose: RFC 8725, section 3.1. Which of the two, the key decides.
    algorithm = header.get("alg")
    if algorithm not in ("RS256", "ES256"):
        raise SealRefused(SealReason.ALGORITHM, "a assinatura por certificado deve ser RS256 ou ES256")
    # (3) No `crit`, no `jku`, no `x5u`: nothing is fetched.
    if header.keys() != {"alg", "typ", "x5c"}:
        raise SealRefused(SealReason.HEADER_MEMBER, "o cabeçalho deve ter exatamente alg, typ e x5c")
    if header["typ"] != kind:
        raise SealRefused(SealReason.HEADER_MEMBER, f"o typ deve ser {kind}")
    signed = b".".join((protected, payload))
    chain = _chain(header["x5c"])
    return Certified(str(algorithm), chain, base64url.decode(payload), signed, base64url.decode(signature))


def verify(certified: Certified, key: object) -> bytes:
    """The payload, signed by `key`; raise `SealRefused`."""
    if _algorithm_of(key) != certified.algorithm:
        raise SealRefused(SealReason.ALGORITHM, "o alg não é o da chave do certificado")
    try:
        match key:
            case rsa.RSAPublicKey():
                key.verify(certified.signature, certified.signed, *_RS256)
            case ec.EllipticCurvePublicKey():
                key.verify(_der_signature(certified.signature), certified.signed, _ES256)
    except InvalidSignature as failure:
        raise _not_signed() from failure
    return certified.payload


def _algorithm_of(key: object) -> str:
    match key:
        case rsa.RSAPublicKey() if key.key_size >= _FEWEST_RSA_BITS:
            return "RS256"
        case ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP256R1):
            return "ES256"
    raise SealRefused(
        SealReason.KEY_WEAK,
        f"a chave do certificado deve ser RSA de {_FEWEST_RSA_BITS} bits ou mais, ou P-256",
    )


def _signature(key: PrivateKeyTypes, signed: bytes) -> bytes:
    match key:
        case rsa.RSAPrivateKey():
            return key.sign(signed, *_RS256)
        case ec.EllipticCurvePrivateKey():
            r, s = decode_dss_signature(key.sign(signed, _ES256))
            return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    raise SealRefused(SealReason.KEY_WEAK, "a chave do certificado deve ser RSA ou P-256")


def _der_signature(raw: bytes) -> bytes:
    if len(raw) != 2 * _HALF:
        raise _not_signed()
    return encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))


def _parts(text: str) -> tuple[bytes, bytes, bytes]:
    parts = text.split(".")
    if len(parts) != 3 or not text.isascii():
        raise _refused("não é uma assinatura JWS na forma compacta")
    first, second, third = (part.encode() for part in parts)
    return first, second, third


def _header(protected: bytes) -> dict[str, object]:
    return read_object(base64url.decode(protected), largest=_LARGEST_HEADER)


def _chain(value: object) -> tuple[bytes, ...]:
    if not (isinstance(value, list) and 1 <= len(value) <= MOST_CERTIFICATES):
        raise _refused(f"x5c deve ter de 1 a {MOST_CERTIFICATES} certificados")
    return tuple(_der(one) for one in value)


def _der(value: object) -> bytes:
    if not (isinstance(value, str) and value.isascii()):
        raise _refused("x5c leva certificados em base64")
    try:
        der = binascii.a2b_base64(value, strict_mode=True)
    except binascii.Error as failure:
        raise _refused("x5c leva certificados em base64") from failure
    if not 0 < len(der) <= _LARGEST_CERTIFICATE:
        raise _refused("um certificado da cadeia é grande demais")
    return der


def _refused(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)


def _not_signed() -> SealRefused:
    return SealRefused(SealReason.SIGNATURE, "a assinatura não confere com a chave do certificado")
