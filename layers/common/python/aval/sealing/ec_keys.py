"""P-256 keys as JWK: one shape in, one shape out, and never a private half where a public one stands."""

import hashlib
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.sealing import base64url
from aval.sealing.canonical import canonical_digest
from aval.sealing.refusals import SealReason, SealRefused

_CURVE: Final = ec.SECP256R1()
_BYTES: Final = 32
_PUBLIC: Final = frozenset({"kty", "crv", "x", "y"})


def public_key(jwk: object) -> ec.EllipticCurvePublicKey:
    """Exactly kty, crv, x and y of a point on P-256 (RFC 7518, section 6.2.1); raise `SealRefused` if not."""
    if not (isinstance(jwk, Mapping) and jwk.keys() == _PUBLIC):
        raise _refused("a chave pública deve ter exatamente kty, crv, x e y")
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise _refused("a chave deve ser EC P-256")
    numbers = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), _CURVE)
    try:
        return numbers.public_key()
    except ValueError as failure:
        raise _refused("a chave não é um ponto da curva P-256") from failure


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url.encode_text(numbers.x.to_bytes(_BYTES, "big")),
        "y": base64url.encode_text(numbers.y.to_bytes(_BYTES, "big")),
    }


def private_key(jwk: object) -> ec.EllipticCurvePrivateKey:
    """A JWK with `d` (RFC 7518, section 6.2.2), whose halves belong together."""
    if not (isinstance(jwk, Mapping) and jwk.keys() == _PUBLIC | {"d"}):
        raise _refused("a chave privada deve ter exatamente kty, crv, x, y e d")
    public = public_key({name: jwk[name] for name in _PUBLIC})
    try:
        key = ec.derive_private_key(_number(jwk["d"]), _CURVE)
    except ValueError as failure:
        raise _refused("a chave privada não é da curva P-256") from failure
    if key.public_key() != public:
        raise _refused("as metades da chave não são uma da outra")
    return key


def private_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    secret = key.private_numbers().private_value.to_bytes(_BYTES, "big")
    return {**public_jwk(key.public_key()), "d": base64url.encode_text(secret)}


def thumbprint(key: ec.EllipticCurvePublicKey) -> str:
    """What people compare by eye: the JWK's thumbprint in hex (RFC 7638, section 3)."""
    return canonical_digest(public_jwk(key)).hex()


def spki_digest(key: ec.EllipticCurvePublicKey | RSAPublicKey) -> str:
    """SHA-256 of the SubjectPublicKeyInfo in DER, hex."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _number(text: object) -> int:
    """RFC 7518, section 6.2.1.2: as many bytes as the curve has, neither fewer nor more."""
    data = base64url.decode_text(text) if isinstance(text, str) else b""
    if len(data) != _BYTES:
        raise _refused("uma coordenada da chave deve ter 32 bytes em base64url")
    return int.from_bytes(data, "big")


def _refused(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
