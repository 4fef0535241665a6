"""Calls of the confidential key as anybody but the enclave would make them: without `Recipient`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# No ciphertext of the enclave was made under it: where a policy lets the call in, nothing opens all the same.
CONTEXT: Final = {"purpose": "canario"}
_REFUSED: Final = "AccessDeniedException"
# KMS says so after it has let the caller in.
_LET_IN: Final = "InvalidCiphertextException"


@dataclass(frozen=True, slots=True)
class UnattestedKmsCalls:
    client: "KMSClient"
    key_arn: str

    def lets_generate(self) -> bool:
        return _is_let(
            lambda: self.client.generate_data_key(
                KeyId=self.key_arn, KeySpec="AES_256", EncryptionContext=CONTEXT
            )
        )

    def lets_decrypt(self, wrapped: bytes) -> bool:
        return _is_let(
            lambda: self.client.decrypt(KeyId=self.key_arn, CiphertextBlob=wrapped, EncryptionContext=CONTEXT)
        )


def _is_let(call: Callable[[], object]) -> bool:
    """Raise whatever is neither a refusal nor a success: a result that is missing rings by itself."""
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in {_REFUSED, _LET_IN}:
            raise
        return code == _LET_IN
    return True
