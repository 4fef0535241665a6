"""Token makers: a user pool and a system key of a test's own."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

from aval.identity.tokens import TokenRefused

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ISSUER = "https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_test"
CLIENT = "client-of-the-test"


@dataclass
class FakePool:
    key_id: str = "pool-1"
    private: RSAKey = field(
        default_factory=lambda: RSAKey.import_key(
            rsa.generate_private_key(public_exponent=65537, key_size=2048), {"kid": "pool-1"}
        )
    )

    def key_set(self, key_id: str) -> KeySet:
        if key_id != self.key_id:
            raise TokenRefused("token assinado por uma chave desconhecida")
        return KeySet([self.private])

    def token(self, *, algorithm: str = "RS256", **changes: Any) -> str:
        issued_at = int(NOW.timestamp())
        payload = {
            "sub": "11111111-2222-3333-4444-555555555555",
            "iss": ISSUER,
            "client_id": CLIENT,
            "token_use": "access",
            "iat": issued_at,
            "exp": issued_at + 3600,
        } | changes
        claims = json.dumps({key: value for key, value in payload.items() if value is not None})
        header = {"alg": algorithm, "kid": self.key_id}
        return jws.serialize_compact(header, claims, self.private, algorithms=[algorithm])


@dataclass
class LocalSigner:
    """An ES256 key in memory, answering as the KMS one does."""

    key_id: str = "system-1"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def public_key_pem(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
