"""The two tokens that open the JSON API: a person's from the user pool, a system's of our own."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from aval.errors import DomainError
from aval.identifiers import Cnpj, Fingerprint, parse_fingerprint

SYSTEM_TOKEN_LIFETIME: Final = timedelta(minutes=10)
SYSTEM_ISSUER: Final = "aval"
SYSTEM_AUDIENCE: Final = "aval-json"
_LEEWAY: Final = timedelta(seconds=30)
_MAX_TOKEN_CHARACTERS: Final = 8192


class TokenRefused(DomainError):
    """A token that is malformed, foreign, expired or not meant for us."""


class TokenSigner(Protocol):
    """An ES256 key whose private half stays where it is."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes:
        """The raw r‖s signature of RFC 7518, section 3.4."""

    def public_key_pem(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class SystemClaims:
    company: Cnpj
    thumbprint: Fingerprint


class UserPoolKeys(Protocol):
    def key_set(self, key_id: str) -> KeySet: ...


def issue_system_token(claims: SystemClaims, *, signer: TokenSigner, token_id: str, at: datetime) -> str:
    """A JWT bound to the certificate that it was asked for with (RFC 8705, section 3.1)."""
    header = {"alg": "ES256", "typ": "JWT", "kid": signer.key_id}
    issued_at = int(at.timestamp())
    payload = {
        "iss": SYSTEM_ISSUER,
        "aud": SYSTEM_AUDIENCE,
        "sub": claims.company,
        "jti": token_id,
        "iat": issued_at,
        "exp": issued_at + int(SYSTEM_TOKEN_LIFETIME.total_seconds()),
        "cnf": {"x5t#S256": _encode(bytes.fromhex(claims.thumbprint))},
    }
    signing_input = f"{_encode(_json(header))}.{_encode(_json(payload))}"
    return f"{signing_input}.{_encode(signer.sign(signing_input.encode()))}"


def token_algorithm(token: str) -> str:
    """The algorithm that the token claims, which only chooses the verifier; each verifier allows just one."""
    if len(token) > _MAX_TOKEN_CHARACTERS:
        raise TokenRefused("token longo demais")
    return str(_header(token).get("alg", ""))


def verify_system_token(token: str, *, public_key_pem: bytes, at: datetime) -> SystemClaims:
    """Check signature, issuer, audience and time; not whether the certificate still stands."""
    payload = _verified_payload(token, lambda _: ECKey.import_key(public_key_pem), algorithm="ES256")
    _require(payload, "iss", SYSTEM_ISSUER)
    _require(payload, "aud", SYSTEM_AUDIENCE)
    issued_at, _ = _require_time(payload, at)
    if at.timestamp() >= issued_at + SYSTEM_TOKEN_LIFETIME.total_seconds():
        raise TokenRefused("token expirado")
    confirmation = payload.get("cnf")
    if not isinstance(confirmation, dict):
        raise TokenRefused("token sem vínculo com um certificado")
    thumbprint = _decode_hex(str(confirmation.get("x5t#S256", "")))
    return SystemClaims(Cnpj.parse(str(payload.get("sub", ""))), parse_fingerprint(thumbprint))


def verify_person_token(token: str, *, keys: UserPoolKeys, issuer: str, client_id: str, at: datetime) -> str:
    """The login (`sub`) of a Cognito access token, verified as the user pool's documentation demands."""
    payload = _verified_payload(token, keys.key_set, algorithm="RS256")
    _require(payload, "iss", issuer)
    _require(payload, "token_use", "access")
    _require(payload, "client_id", client_id)
    _require_time(payload, at)
    login = payload.get("sub")
    if not isinstance(login, str) or not login:
        raise TokenRefused("token sem usuário")
    return login


def _verified_payload(
    token: str, key_for: Callable[[str], KeySet | ECKey | RSAKey], *, algorithm: str
) -> Mapping[str, object]:
    key_id = str(_header(token).get("kid", ""))
    try:
        verified = jws.deserialize_compact(token, key_for(key_id), algorithms=[algorithm])
        payload = json.loads(verified.payload)
    except (JoseError, ValueError) as error:
        raise TokenRefused("token com assinatura inválida") from error
    if not isinstance(payload, dict):
        raise TokenRefused("token malformado")
    return payload


def _header(token: str) -> Mapping[str, object]:
    try:
        header: Mapping[str, object] = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise TokenRefused("token malformado") from error
    # RFC 7515, section 4.1.11: extensions that we do not know; the library also trips over odd values here.
    if "crit" in header:
        raise TokenRefused("token com extensão desconhecida")
    return header


def _require(payload: Mapping[str, object], claim: str, expected: str) -> None:
    if payload.get(claim) != expected:
        raise TokenRefused("token emitido para outro destino")


def _require_time(payload: Mapping[str, object], at: datetime) -> tuple[int, int]:
    issued_at, expires_at = payload.get("iat"), payload.get("exp")
    if not isinstance(issued_at, int) or not isinstance(expires_at, int):
        raise TokenRefused("token sem validade")
    if at.timestamp() >= expires_at:
        raise TokenRefused("token expirado")
    if issued_at > (at + _LEEWAY).timestamp():
        raise TokenRefused("token emitido no futuro")
    return issued_at, expires_at


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _encode(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _decode_hex(text: str) -> str:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()
    except ValueError as error:
        raise TokenRefused("token sem vínculo com um certificado") from error
