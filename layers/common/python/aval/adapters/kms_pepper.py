"""The pepper: an HMAC key that never leaves AWS KMS."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@dataclass(frozen=True, slots=True)
class KmsPepper:
    client: "KMSClient"
    key_id: str

    def mac(self, message: bytes) -> bytes:
        answer = self.client.generate_mac(KeyId=self.key_id, Message=message, MacAlgorithm="HMAC_SHA_256")
        return answer["Mac"]
