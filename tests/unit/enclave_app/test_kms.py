import json
import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from aval.attestation.document import parse_document
from enclave_app.enclave.kms import Credentials, KmsClient
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from local.emulator.cms import make_enveloped_data
from tests.support import pki
from tests.support.attested_kms import CREDENTIALS, Kms, Reply, signature_of
from tests.support.measured import ARN, configuration, nsm

pytestmark = pytest.mark.enable_socket

CONTEXT = {"purpose": "evento", "evento": "202611003", "version": "1"}


def client(kms: Kms, **changes: Any) -> KmsClient:
    measured = configuration()
    told: dict[str, Any] = {
        "tls_roots": measured.tls_roots,
        "connect": kms.connect,
        "credentials": lambda: CREDENTIALS,
        "nsm": nsm(),
        **changes,
    }
    return KmsClient(measured.kms_key(), **told)


def refusal(kms: Kms, **changes: Any) -> EnclaveRefused:
    with pytest.raises(EnclaveRefused) as caught:
        client(kms, **changes).generate_data_key(CONTEXT)
    return caught.value


def test_a_data_key_comes_back_from_what_it_was_wrapped_as() -> None:
    kms = Kms()
    made = client(kms).generate_data_key(CONTEXT)
    assert len(made.plaintext) == 32
    assert client(kms).decrypt(made.wrapped, CONTEXT) == made.plaintext


def test_no_call_is_made_without_a_recipient() -> None:
    kms = Kms()
    made = client(kms).generate_data_key(CONTEXT)
    client(kms).decrypt(made.wrapped, CONTEXT)
    assert [headers["X-Amz-Target"] for headers, _ in kms.requests] == [
        "TrentService.GenerateDataKey",
        "TrentService.Decrypt",
    ]
    for _, asked in kms.requests:
        assert asked["KeyId"] == ARN
        assert asked["EncryptionContext"] == CONTEXT
        assert asked["Recipient"]["KeyEncryptionAlgorithm"] == "RSAES_OAEP_SHA_256"


def test_each_call_has_a_key_of_its_own() -> None:
    kms = Kms()
    caller = client(kms)
    for _ in range(2):
        caller.generate_data_key(CONTEXT)
    documents = [b64decode(asked["Recipient"]["AttestationDocument"]) for _, asked in kms.requests]
    assert len({parse_document(document).content.public_key for document in documents}) == 2


def test_a_data_key_is_on_no_wire_and_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    kms = Kms()
    with caplog.at_level(logging.INFO):
        made = client(kms).generate_data_key(CONTEXT)
    for message in kms.wire:
        assert made.plaintext not in message
        assert b64encode(made.plaintext) not in message
        assert CREDENTIALS.secret_key.encode() not in message
    assert made.plaintext.hex() not in caplog.text
    assert repr(made) == f"DataKey(wrapped={made.wrapped!r})"
    assert repr(CREDENTIALS) == "Credentials(access_key='AKIDEXAMPLE')"


def test_a_request_is_signed_as_aws_describes_it() -> None:
    kms = Kms()
    client(kms).generate_data_key(CONTEXT)
    headers, _ = kms.requests[0]
    body = kms.wire[0].partition(b"\r\n\r\n")[2]
    assert headers["Authorization"].endswith(f"Signature={signature_of(headers, body, region='sa-east-1')}")
    signed = headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-security-token", "x-amz-target"} <= set(signed)
    assert headers["Host"] == "kms.local.example:4430"


@pytest.mark.parametrize(
    "alter",
    [
        lambda reply: {**reply, "KeyId": ARN.replace("0001", "0002")},
        lambda reply: {**reply, "KeyId": None},
        lambda reply: {name: value for name, value in reply.items() if name != "KeyId"},
        lambda reply: {**reply, "Plaintext": b64encode(bytes(32)).decode()},
        lambda reply: {name: value for name, value in reply.items() if name != "CiphertextForRecipient"},
        lambda reply: {**reply, "CiphertextForRecipient": ""},
        lambda reply: {**reply, "CiphertextForRecipient": "$$$"},
        lambda reply: {**reply, "CiphertextForRecipient": b64encode(b"none").decode()},
        lambda reply: {**reply, "CiphertextForRecipient": _for_another_key()},
        lambda reply: {name: value for name, value in reply.items() if name != "CiphertextBlob"},
        lambda reply: {**reply, "CiphertextBlob": b64encode(bytes(6145)).decode()},
    ],
    ids=[
        "another key",
        "no key",
        "a key left out",
        "a data key in clear",
        "nothing for the recipient",
        "an empty envelope",
        "no base64",
        "no CMS",
        "for another recipient",
        "no wrapped key",
        "a wrapped key larger than any",
    ],
)
def test_refuses_an_answer_that_an_attested_caller_does_not_get(alter: Callable[[Reply], Reply]) -> None:
    assert refusal(Kms(alter=alter)).reason is EnclaveReason.KMS_ANSWER


def _for_another_key() -> str:
    sealed = make_enveloped_data(bytes(32), pki.rsa_key("somebody else").public_key())
    return b64encode(sealed).decode()


@pytest.mark.parametrize("empty", [None, ""])
def test_takes_an_answer_whose_plaintext_is_empty_as_kms_writes_it(empty: str | None) -> None:
    kms = Kms(alter=lambda reply: {**reply, "Plaintext": empty})
    assert len(client(kms).generate_data_key(CONTEXT).plaintext) == 32


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_refuses_a_data_key_of_another_length(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", _only_the_first_is(length))
    assert refusal(Kms()).reason is EnclaveReason.KMS_ANSWER


def _only_the_first_is(length: int) -> Callable[[int], bytes]:
    """The first that is drawn is the data key of `Kms`; what is drawn after it is as asked for."""
    drawn: list[int] = []

    def draw(size: int) -> bytes:
        drawn.append(size)
        return bytes(length if len(drawn) == 1 else size)

    return draw


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b"[" * 100_000, b" " * (256 * 1024) + b"{}"],
    ids=lambda one: str(one[:8]),
)
def test_refuses_what_is_no_answer(content: bytes) -> None:
    assert refusal(Kms(content=content)).reason is EnclaveReason.KMS_ANSWER


def test_refuses_a_wrapped_key_of_another_context() -> None:
    kms = Kms()
    made = client(kms).generate_data_key(CONTEXT)
    with pytest.raises(EnclaveRefused) as caught:
        client(kms).decrypt(made.wrapped, {**CONTEXT, "evento": "202611004"})
    assert caught.value.reason is EnclaveReason.KMS_REFUSED
    assert "InvalidCiphertextException" in caught.value.detail


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"__type": "AccessDeniedException"}, "AccessDeniedException"),
        ({"__type": "com.amazonaws.kms#NotFoundException"}, "NotFoundException"),
        ({"__type": "segredo 123", "message": "arn:aws:iam::1"}, "sem motivo"),
        ({}, "sem motivo"),
    ],
)
def test_tells_the_name_of_an_error_and_nothing_else_of_it(told: dict[str, str], word: str) -> None:
    refused = refusal(Kms(content=json.dumps(told).encode(), status=400))
    assert refused.reason is EnclaveReason.KMS_REFUSED
    assert refused.detail == f"o KMS recusou o pedido: {word}"


def test_a_redirection_is_no_answer() -> None:
    assert refusal(Kms(content=b"{}", status=302)).reason is EnclaveReason.KMS_REFUSED


def test_refuses_a_host_that_another_authority_vouches_for() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of a desk")])
    now = datetime.now(UTC)
    impostor = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    kms = Kms(issuer=(impostor, key))
    assert refusal(kms).reason is EnclaveReason.KMS_UNREACHABLE
    assert kms.requests == []


def test_refuses_a_certificate_of_another_host() -> None:
    kms = Kms(host="kms.other.example")
    assert refusal(kms).reason is EnclaveReason.KMS_UNREACHABLE
    assert kms.requests == []


@pytest.mark.parametrize(
    "part", ["", "a token\r\nX-Amz-Target: TrentService.PutKeyPolicy", "ação", "x" * 4097]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_refuses_credentials_that_are_none(part: str, place: int) -> None:
    told = ["AKIDEXAMPLE", "a-secret-key", "a-session-token"]
    told[place] = part
    with pytest.raises(EnclaveRefused) as caught:
        Credentials(*told)
    assert caught.value.reason is EnclaveReason.NO_CREDENTIALS


def test_tells_that_the_relay_does_not_answer() -> None:
    def nobody() -> Any:
        raise ConnectionRefusedError

    assert refusal(Kms(), connect=nobody).reason is EnclaveReason.KMS_UNREACHABLE


def test_the_keys_of_a_session_are_written_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("keylog") / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(file))
    client(Kms()).generate_data_key(CONTEXT)
    assert not file.exists()
