"""Symmetric KMS keys really encrypt: AES-256-GCM with the encryption context authenticated.

The emulator's own is an XOR with a derived stream, which nothing authenticates. HMAC and elliptic-curve keys
are genuine upstream and stay.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from ministack.services import kms

from local.emulator.upstream import replace

Record = dict[str, Any]

MARK = b"\x01gcm"
KEY_ID_BYTES = 36
NONCE_BYTES = 12
MOST_PLAINTEXT_BYTES = 4096  # KMS API reference, Encrypt


def install() -> None:
    replace(kms, "_encrypt", still_has="encrypted = bytes(a ^ b", by=_encrypting)
    replace(kms, "_decrypt", still_has="plaintext = bytes(a ^ b", by=_decrypting)
    replace(kms, "_generate_data_key_common", still_has="encrypted = bytes(a ^ b", by=_generating_data_keys)


def seal(record: Record, plaintext: bytes, context: Mapping[str, str]) -> bytes:
    nonce, key_id = os.urandom(NONCE_BYTES), str(record["KeyId"])
    sealed: bytes = _cipher(record).encrypt(nonce, plaintext, _authenticated(record, context))
    return MARK + key_id.encode().ljust(KEY_ID_BYTES) + nonce + sealed


def unseal(record: Record, ciphertext: bytes, context: Mapping[str, str]) -> bytes:
    """Raises `InvalidTag` when the text or the context is another."""
    body = ciphertext[len(MARK) + KEY_ID_BYTES :]
    nonce, sealed = body[:NONCE_BYTES], body[NONCE_BYTES:]
    plaintext: bytes = _cipher(record).decrypt(nonce, sealed, _authenticated(record, context))
    return plaintext


def _cipher(record: Record) -> AESGCM:
    return AESGCM(hashlib.sha256(record["_symmetric_key"]).digest())


def _authenticated(record: Record, context: Mapping[str, str]) -> bytes:
    return json.dumps([record["KeyId"], dict(context)], sort_keys=True).encode()


class Refused(Exception):
    """KMS answers with an error code."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.answer = kms.error_response_json(code, text, 400)


def _encrypting(original: Callable[[Record], Any]) -> Callable[[Record], Any]:
    def encrypt(request: Record) -> Any:
        record = kms._resolve_key(request.get("KeyId", ""))
        if not record or "_symmetric_key" not in record:
            return original(request)
        if refused := kms._check_key_state(record):
            return refused
        plaintext = base64.b64decode(request.get("Plaintext", ""))
        if not 1 <= len(plaintext) <= MOST_PLAINTEXT_BYTES:
            return Refused("ValidationException", "1 validation error detected: Value at 'plaintext'").answer
        sealed = seal(record, plaintext, request.get("EncryptionContext") or {})
        return kms.json_response(
            {
                "KeyId": record["Arn"],
                "CiphertextBlob": base64.b64encode(sealed).decode(),
                "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            }
        )

    return encrypt


def _decrypting(original: Callable[[Record], Any]) -> Callable[[Record], Any]:
    def decrypt(request: Record) -> Any:
        asked = kms._resolve_key(request["KeyId"]) if request.get("KeyId") else None
        if asked and "_symmetric_key" not in asked:
            return original(request)
        try:
            record, plaintext = _opened(request, asked)
        except Refused as refused:
            return refused.answer
        return kms._check_key_state(record) or kms.json_response(
            {
                "KeyId": record["Arn"],
                "Plaintext": base64.b64encode(plaintext).decode(),
                "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            }
        )

    return decrypt


def _opened(request: Record, asked: Record | None) -> tuple[Record, bytes]:
    """Return the key named in the ciphertext and what it opens; raise `Refused`."""
    if request.get("KeyId") and not asked:
        raise Refused("NotFoundException", f"Key {request['KeyId']} not found")
    ciphertext = base64.b64decode(request.get("CiphertextBlob", ""))
    key_id = ciphertext[len(MARK) : len(MARK) + KEY_ID_BYTES].decode("ascii", "replace").strip()
    record = kms._resolve_key(key_id) if ciphertext.startswith(MARK) else None
    if record is None:
        raise Refused("InvalidCiphertextException")
    if asked and asked["KeyId"] != record["KeyId"]:
        raise Refused("IncorrectKeyException", "The key ID in the request does not identify a CMK")
    try:
        return record, unseal(record, ciphertext, request.get("EncryptionContext") or {})
    except InvalidTag as error:
        raise Refused("InvalidCiphertextException") from error


def _generating_data_keys(original: Callable[..., Any]) -> Callable[..., Any]:
    def generate(request: Record, action: str = "GenerateDataKey") -> Any:
        """Return (key record, data key, sealed data key), as the callers upstream expect."""
        record, data_key, outcome = original(request, action)
        if record is None:
            return None, None, outcome
        return record, data_key, seal(record, data_key, request.get("EncryptionContext") or {})

    return generate
