"""Key pairs of an enclave and data keys of KMS, without a KMS."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final

from aval.sealing.canonical import canonical
from aval.sealing.key_items import KeyPairs
from enclave_app.enclave.kms import DataKey
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused

CREATED: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@cache
def pairs(version: int = 1, created: datetime = CREATED) -> KeyPairs:
    """Made once a run: an RSA key takes its time."""
    return KeyPairs.make(version, created)


class DataKeysInMemory:
    """A KMS that opens only what it wrapped, and only under the same context."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[bytes, bytes]] = {}
        self.calls: list[str] = []

    def generate_data_key(self, context: Mapping[str, str]) -> DataKey:
        self.calls.append("GenerateDataKey")
        plaintext = secrets.token_bytes(32)
        wrapped = hashlib.sha256(plaintext).digest()
        self._kept[wrapped] = (plaintext, canonical(context))
        return DataKey(plaintext, wrapped)

    def decrypt(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self.calls.append("Decrypt")
        plaintext, bound = self._kept.get(wrapped, (b"", b""))
        if bound != canonical(context):
            raise EnclaveRefused(
                EnclaveReason.KMS_REFUSED, "o KMS recusou o pedido: InvalidCiphertextException"
            )
        return plaintext
