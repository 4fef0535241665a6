"""One line of the log of measurements: a JWS in compact form (RFC 7515, section 7.1) under ES384."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from aval.attestation.refusals import LogReason, MeasurementLogRefused

_HEADER: Final = b'{"alg":"ES384","typ":"aval-medida"}'
_MEMBERS: Final = frozenset({"n", "anterior", "ato", "instante", "versao", "medida"})
_HALF: Final = 48
_MAX_LINE: Final = 8 * 1024


def read_signer(pem: bytes | str) -> ec.EllipticCurvePublicKey:
    """The operator's public key; raise `MeasurementLogRefused`."""
    try:
        key = load_pem_public_key(pem.encode() if isinstance(pem, str) else pem)
    except (ValueError, UnsupportedAlgorithm) as failure:
        raise MeasurementLogRefused(
            LogReason.KEY, "a chave do registro de medidas não é PEM público"
        ) from failure
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise _not_p384()
    return key


def sign_line(content: Mapping[str, Any], key: ec.EllipticCurvePrivateKey) -> str:
    payload = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signed = f"{_encode(_HEADER)}.{_encode(payload)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA384())))
    return f"{signed}.{_encode(r.to_bytes(_HALF, 'big') + s.to_bytes(_HALF, 'big'))}"


def read_line(line: str, key: ec.EllipticCurvePublicKey) -> Mapping[str, Any]:
    """What the holder of `key` signed; raise `MeasurementLogRefused`."""
    if not isinstance(key.curve, ec.SECP384R1):
        raise _not_p384()
    parts = line.split(".")
    if len(line) > _MAX_LINE or len(parts) != 3:
        raise malformed()
    header, payload, signature = (_decode(part) for part in parts)
    # There is one header: nothing in it can be chosen (RFC 8725, section 3.1).
    if header != _HEADER or len(signature) != 2 * _HALF:
        raise malformed()
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        key.verify(encode_dss_signature(r, s), ".".join(parts[:2]).encode(), ec.ECDSA(hashes.SHA384()))
    except InvalidSignature as failure:
        raise MeasurementLogRefused(
            LogReason.SIGNATURE, "uma linha do registro não foi assinada por quem o mantém"
        ) from failure
    return _members(payload)


def _members(payload: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(payload.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as failure:
        raise malformed() from failure
    if not isinstance(content, dict) or content.keys() != _MEMBERS or type(content["n"]) is not int:
        raise malformed()
    return content


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is told twice")
    return members


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """One spelling for each content, so that a line has one digest (RFC 4648, section 3.5)."""
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as failure:
        raise malformed() from failure
    if _encode(content) != text:
        raise malformed()
    return content


def malformed() -> MeasurementLogRefused:
    return MeasurementLogRefused(LogReason.FORM, "uma linha do registro de medidas não tem a forma devida")


def _not_p384() -> MeasurementLogRefused:
    return MeasurementLogRefused(LogReason.KEY, "a chave do registro de medidas deve ser P-384")
