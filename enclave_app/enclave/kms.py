"""KMS for the enclave: TLS ends here, over bytes that the parent only relays, and every call is attested.

Recipient is part of every request, so a data key in clear is never on a wire: what comes back is CMS for a
key that was made for this one call and is in the attestation document (KMS, Cryptographic attestation).
"""

import http.client
import json
import re
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningCredentials
from cryptography.hazmat.primitives.asymmetric import rsa

from aval.sealing.cms import open_enveloped_data
from aval.sealing.key_items import spki
from aval.sealing.refusals import SealRefused
from enclave_app.enclave.configuration import KmsKey
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused

TIMEOUT_SECONDS: Final = 10.0
RECIPIENT_BITS: Final = 3072
_EXPONENT: Final = 65537
_DATA_KEY_BYTES: Final = 32
_MOST_REPLY_BYTES: Final = 256 * 1024
_MOST_WRAPPED_BYTES: Final = 6144
"""What KMS takes as CiphertextBlob."""
_CREDENTIAL: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_ERROR_NAME: Final = re.compile(r"(?:[\w.]+#)?([A-Za-z]{1,64})")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Temporary ones of the parent's role; the key policy lets them do nothing without an attestation.

    Raise `EnclaveRefused` for what is no credential.
    """

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        # They become header lines: a line break in one would be a header of the parent's own.
        if not all(_CREDENTIAL.fullmatch(part) for part in (self.access_key, self.secret_key, self.token)):
            raise EnclaveRefused(
                EnclaveReason.NO_CREDENTIALS, "as credenciais não têm a forma das credenciais da AWS"
            )


@dataclass(frozen=True, slots=True)
class DataKey:
    plaintext: bytes = field(repr=False)
    wrapped: bytes


class DataKeys(Protocol):
    """What the ceremony needs of KMS."""

    def generate_data_key(self, context: Mapping[str, str]) -> DataKey:
        """Raise `EnclaveRefused`."""

    def decrypt(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Raise `EnclaveRefused`."""


class KmsClient:
    def __init__(
        self,
        key: KmsKey,
        *,
        tls_roots: str,
        connect: Callable[[], socket.socket],
        credentials: Callable[[], Credentials],
        nsm: Nsm,
    ) -> None:
        """`key` and `tls_roots` are of the measured configuration; `connect` opens the relay."""
        self._key = key
        self._connect = connect
        self._credentials = credentials
        self._nsm = nsm
        self._tls = _tls_context(tls_roots)

    def generate_data_key(self, context: Mapping[str, str]) -> DataKey:
        """Raise `EnclaveRefused` when KMS gives none, or answers in any way but the one that is safe."""
        plaintext, reply = self._call(
            "GenerateDataKey", {"KeySpec": "AES_256", "EncryptionContext": dict(context)}
        )
        wrapped = _decoded(reply, "CiphertextBlob")
        if len(wrapped) > _MOST_WRAPPED_BYTES:
            raise _unacceptable()
        return DataKey(plaintext, wrapped)

    def decrypt(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Unwrap a data key; raise `EnclaveRefused` when it is another key's or another context's."""
        asked = {"CiphertextBlob": b64encode(wrapped).decode(), "EncryptionContext": dict(context)}
        return self._call("Decrypt", {**asked, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"})[0]

    def _call(self, operation: str, asked: Mapping[str, object]) -> tuple[bytes, Mapping[str, object]]:
        recipient = rsa.generate_private_key(_EXPONENT, RECIPIENT_BITS)
        document = self._nsm.attest(public_key=spki(recipient.public_key()))
        body = {
            **asked,
            "KeyId": self._key.arn,
            "Recipient": {
                "KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
                "AttestationDocument": b64encode(document).decode(),
            },
        }
        reply = self._exchange(operation, json.dumps(body).encode())
        # (1) The measured key and no other: a key of somebody else's would be known to him.
        if reply.get("KeyId") != self._key.arn:
            raise _unacceptable()
        # (2) Whoever answers a data key in clear did not look at the attestation.
        if reply.get("Plaintext"):
            raise _unacceptable()
        # (3) For the key of this call.
        try:
            plaintext = open_enveloped_data(_decoded(reply, "CiphertextForRecipient"), recipient)
        except SealRefused as error:
            raise _unacceptable() from error
        if len(plaintext) != _DATA_KEY_BYTES:
            raise _unacceptable()
        return plaintext, reply

    def _exchange(self, operation: str, body: bytes) -> Mapping[str, object]:
        headers = self._signed_headers(operation, body)
        connection = _RelayedConnection(self._key, self._connect, self._tls)
        try:
            connection.request("POST", "/", body, headers)
            response = connection.getresponse()
            # What is longer than any answer is cut off, and so is none.
            content = response.read(_MOST_REPLY_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise EnclaveRefused(EnclaveReason.KMS_UNREACHABLE, "o KMS não respondeu") from error
        finally:
            connection.close()
        reply = _json_object(content)
        if response.status != http.client.OK:
            raise _refused_by_kms(reply)
        return reply

    def _signed_headers(self, operation: str, body: bytes) -> dict[str, str]:
        told = self._credentials()
        request = AWSRequest(
            "POST",
            f"https://{_authority(self._key)}/",
            headers={
                "Host": _authority(self._key),
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"TrentService.{operation}",
            },
            data=body,
        )
        signer = SigV4Auth(
            SigningCredentials(told.access_key, told.secret_key, told.token), "kms", self._key.region
        )
        signer.add_auth(request)
        return {str(name): str(value) for name, value in request.headers.items()}


class _RelayedConnection(http.client.HTTPConnection):
    """HTTP over TLS over a stream that somebody else opened."""

    def __init__(self, key: KmsKey, connect: Callable[[], socket.socket], context: ssl.SSLContext) -> None:
        super().__init__(key.host, key.port)
        self._open_stream = connect
        self._context = context

    def connect(self) -> None:
        stream = self._open_stream()
        stream.settimeout(TIMEOUT_SECONDS)
        try:
            self.sock = self._context.wrap_socket(stream, server_hostname=self.host)
        except OSError:
            stream.close()
            raise


def _tls_context(roots: str) -> ssl.SSLContext:
    # Not `create_default_context`: it reads from the environment where to write the keys of the session.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=roots)
    return context


def _authority(key: KmsKey) -> str:
    return key.host if key.port == http.client.HTTPS_PORT else f"{key.host}:{key.port}"


def _json_object(content: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _unacceptable() from error
    if not isinstance(told, dict):
        raise _unacceptable()
    return told


def _decoded(reply: Mapping[str, object], name: str) -> bytes:
    value = reply.get(name)
    if not isinstance(value, str) or not value:
        raise _unacceptable()
    try:
        return b64decode(value, validate=True)
    except ValueError as error:
        raise _unacceptable() from error


def _refused_by_kms(reply: Mapping[str, object]) -> EnclaveRefused:
    # The name of an error is a word of AWS's; its message may tell names of the account, and is left out.
    named = _ERROR_NAME.fullmatch(str(reply.get("__type", "")))
    return EnclaveRefused(
        EnclaveReason.KMS_REFUSED, f"o KMS recusou o pedido: {named[1] if named else 'sem motivo'}"
    )


def _unacceptable() -> EnclaveRefused:
    return EnclaveRefused(
        EnclaveReason.KMS_ANSWER, "a resposta não é a que o KMS dá a um enclave atestado, com a chave medida"
    )
