"""The key of system tokens: signs inside KMS, verified anywhere."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_COORDINATE_BYTES = 32


@dataclass(frozen=True, slots=True)
class KmsTokenSigner:
    client: "KMSClient"
    key_id: str

    def sign(self, message: bytes) -> bytes:
        answer = self.client.sign(
            KeyId=self.key_id, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
        )
        r, s = decode_dss_signature(answer["Signature"])
        return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")

    def public_key_pem(self) -> bytes:
        return _public_key_pem(self.client, self.key_id)


@cache
def _public_key_pem(client: "KMSClient", key_id: str) -> bytes:
    der = client.get_public_key(KeyId=key_id)["PublicKey"]
    return load_der_public_key(der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
