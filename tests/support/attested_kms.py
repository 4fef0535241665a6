"""A KMS behind TLS that answers attested callers, in a thread; a test may have it answer otherwise."""

import hashlib
import hmac
import json
import secrets
import socket
import ssl
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)
from cryptography.x509.oid import NameOID

from aval.attestation.document import parse_document
from enclave_app.enclave.kms import Credentials
from local.emulator.cms import make_enveloped_data
from tests.support.measured import ARN, HOST, authority

CREDENTIALS: Final = Credentials("AKIDEXAMPLE", "a-secret-key", "a-session-token")
Reply = dict[str, Any]


@dataclass
class Kms:
    """Wraps and unwraps data keys; `alter` changes a reply before it goes out, `content` all of it."""

    alter: Callable[[Reply], Reply] = lambda reply: reply
    content: bytes | None = None
    status: int = 200
    host: str = HOST
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None = None
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    wrapped: dict[bytes, tuple[bytes, dict[str, str]]] = field(default_factory=dict)
    wire: list[bytes] = field(default_factory=list)

    def connect(self) -> socket.socket:
        """One end of a stream that this KMS serves at the other, as the parent's relay would."""
        near, far = socket.socketpair()
        Thread(target=self._serve, args=(far,), daemon=True).start()
        return near

    def _serve(self, stream: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            context.load_cert_chain(_server_file(Path(folder), self.host, self.issuer or authority()))
        try:
            with context.wrap_socket(stream, server_side=True) as connection:
                connection.sendall(self._reply_to(_received(connection)))
        except OSError:
            stream.close()

    def _reply_to(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        self.wire.append(request)
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        asked = json.loads(body)
        self.requests.append((headers, asked))
        operation = headers["X-Amz-Target"].removeprefix("TrentService.")
        content = self.content
        if content is None:
            reply = self._generated(asked) if operation == "GenerateDataKey" else self._decrypted(asked)
            content = json.dumps(self.alter(reply)).encode()
        self.wire.append(content)
        reason = BaseHTTPRequestHandler.responses.get(self.status, ("", ""))[0]
        return f"HTTP/1.1 {self.status} {reason}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content

    def _generated(self, asked: Reply) -> Reply:
        plaintext = secrets.token_bytes(32)
        wrapped = hashlib.sha256(plaintext).digest()
        self.wrapped[wrapped] = (plaintext, asked["EncryptionContext"])
        return {"CiphertextBlob": b64encode(wrapped).decode(), **_for_recipient(plaintext, asked)}

    def _decrypted(self, asked: Reply) -> Reply:
        plaintext, context = self.wrapped[b64decode(asked["CiphertextBlob"])]
        if context != asked["EncryptionContext"]:
            self.status = 400
            return {"__type": "InvalidCiphertextException"}
        return {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT", **_for_recipient(plaintext, asked)}


def _for_recipient(plaintext: bytes, asked: Reply) -> Reply:
    recipient = asked["Recipient"]
    assert recipient["KeyEncryptionAlgorithm"] == "RSAES_OAEP_SHA_256"
    document = parse_document(b64decode(recipient["AttestationDocument"])).content
    key = load_der_public_key(document.public_key or b"")
    assert isinstance(key, rsa.RSAPublicKey)
    sealed = make_enveloped_data(plaintext, key)
    return {"KeyId": ARN, "CiphertextForRecipient": b64encode(sealed).decode()}


def _received(connection: ssl.SSLSocket) -> bytes:
    taken = BytesIO()
    while b"\r\n\r\n" not in taken.getvalue():
        taken.write(connection.recv(65536))
    head, _, body = taken.getvalue().partition(b"\r\n\r\n")
    length = next(
        int(line.split(b": ")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _server_file(
    folder: Path, host: str, issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey]
) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(issuer[1], hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return file


def signature_of(headers: dict[str, str], body: bytes, *, region: str) -> str:
    """SigV4 worked out from its description, apart from the library that signs."""
    authorization = headers["Authorization"]
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    lower = {name.lower(): value for name, value in headers.items()}
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            *(f"{name}:{lower[name]}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    moment = lower["x-amz-date"]
    scope = f"{moment[:8]}/{region}/kms/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + CREDENTIALS.secret_key.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}".encode(), "sha256").hex()
