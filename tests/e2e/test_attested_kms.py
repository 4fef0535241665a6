"""KMS as the emulator has it, asked by an attested caller and by others: no part of the product is there."""

import json
import socket
import urllib.request
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.moments import Clock, utc_now
from aval.sealing.cms import open_enveloped_data
from aval.sealing.refusals import SealRefused
from enclave_app.enclave.configuration import KmsKey
from enclave_app.enclave.kms import Credentials, KmsClient
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from local.aws import ACCOUNT, REGION, Emulator
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from local.nsm.measuring import measure_all, new_module_id
from local.ports import HOST
from tests.e2e.contract.stack import ContractStack

ENCLAVE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/attested-enclave"
CANARY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/attested-canary"
INSTANCE = "i-0123456789abcdef0"
CONTEXT = {"purpose": "chaves", "kid": "a", "version": "1"}
OAEP = "RSAES_OAEP_SHA_256"


@dataclass(frozen=True, slots=True)
class Direct:
    """The module of an enclave without a socket between."""

    nsm: SimulatedNsm

    def exchange(self, request: bytes) -> bytes:
        return self.nsm.reply(request)


def image_in(folder: Path, code: bytes = b"print('code')\n") -> Path:
    (folder / "boot").mkdir(parents=True)
    (folder / "boot" / "boot.json").write_bytes(b"{}")
    (folder / "root").mkdir()
    (folder / "root" / "main.py").write_bytes(code)
    (folder / "signer.der").write_bytes(b"signer")
    return folder


def nsm_of(root: NitroRoot, image: Path, clock: Clock = utc_now) -> Nsm:
    hierarchy = Hierarchy(root, new_module_id(INSTANCE, clock()))
    measured = measure_all(image, role_arn=ENCLAVE_ROLE, instance_id=INSTANCE)
    return Nsm(Direct(SimulatedNsm(hierarchy, measured, clock)))


def key_policy(image_sha384: str) -> dict[str, Any]:
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:Encrypt"],
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": [ENCLAVE_ROLE, CANARY_ROLE]},
                "StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": [image_sha384]},
            },
        },
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ["kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateDataKeyPair*"],
            "Resource": "*",
        },
    ]
    return {"Version": "2012-10-17", "Statement": statements}


@dataclass(slots=True)
class Attested:
    """A key for one image, and the callers there are."""

    contract: ContractStack
    root: NitroRoot
    image: Path
    key: str
    wrapped: bytes
    credentials: dict[str, Credentials] = field(repr=False)

    def caller(self, role: str = ENCLAVE_ROLE) -> Any:
        told = self.credentials[role]
        endpoint = self.contract.emulator.endpoint
        return Emulator(endpoint, told.access_key, told.secret_key, told.token).client("kms")

    def enclave(self, nsm: Nsm | None = None) -> KmsClient:
        """The product's own client, over the TLS that ends at the edge."""
        return KmsClient(
            KmsKey(self.key, "localhost", self.contract.ports.kms),
            tls_roots=(self.contract.places.tls / "ca.pem").read_text(),
            connect=lambda: socket.create_connection((HOST, self.contract.ports.kms), timeout=10),
            credentials=lambda: self.credentials[ENCLAVE_ROLE],
            nsm=nsm or nsm_of(self.root, self.image),
        )

    def switch(self, act: str) -> None:
        url = f"{self.contract.emulator.endpoint}/_aval/kms/{act}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=10):
            pass

    def trail(self) -> list[dict[str, Any]]:
        lines = (self.contract.places.logs / "cloudtrail.jsonl").read_text().splitlines()
        return [event for event in map(json.loads, lines) if event["resources"][0]["ARN"] == self.key]


@pytest.fixture(scope="module")
def attested(contract: ContractStack, tmp_path_factory: pytest.TempPathFactory) -> Attested:
    root = NitroRoot.kept_in(contract.places.nsm, utc_now())
    image = image_in(tmp_path_factory.mktemp("image") / "image")
    measured = measure_all(image, role_arn=ENCLAVE_ROLE, instance_id=INSTANCE)[0].hex()
    kms = contract.emulator.client("kms")
    made = kms.create_key(Policy=json.dumps(key_policy(measured)), MultiRegion=True)
    key = made["KeyMetadata"]["Arn"]
    wrapped = kms.encrypt(KeyId=key, Plaintext=b"k" * 32, EncryptionContext=CONTEXT)["CiphertextBlob"]
    roles = (ENCLAVE_ROLE, CANARY_ROLE)
    credentials = {role: assumed(contract.emulator, role) for role in roles}
    return Attested(contract, root, image, key, wrapped, credentials)


def assumed(emulator: Emulator, role: str) -> Credentials:
    """Make the role, which may do anything with any key as far as its own policy goes, and take it."""
    name = role.rpartition("/")[2]
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    anything = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    iam = emulator.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document(trust)))
    iam.put_role_policy(RoleName=name, PolicyName="keys", PolicyDocument=json.dumps(document(anything)))
    taken = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return Credentials(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])


def document(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def recipient(document: bytes) -> dict[str, Any]:
    return {"KeyEncryptionAlgorithm": OAEP, "AttestationDocument": document}


def refusal(call: Any, **asked: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as raised:
        call(**asked)
    told = raised.value.response
    return told["ResponseMetadata"]["HTTPStatusCode"], told["Error"]["Code"]


def public_key_of(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def own_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


def test_the_measured_image_gets_data_keys_and_unwraps_them(attested: Attested) -> None:
    enclave = attested.enclave()
    made = enclave.generate_data_key(CONTEXT)
    assert attested.enclave().decrypt(made.wrapped, CONTEXT) == made.plaintext
    assert attested.enclave().decrypt(attested.wrapped, CONTEXT) == b"k" * 32


def test_an_attested_answer_holds_no_plaintext_beside(attested: Attested, own_key: rsa.RSAPrivateKey) -> None:
    document = nsm_of(attested.root, attested.image).attest(public_key=public_key_of(own_key))
    asked = {"CiphertextBlob": attested.wrapped, "EncryptionContext": CONTEXT}
    answer = attested.caller().decrypt(**asked, Recipient=recipient(document))
    assert "Plaintext" not in answer
    assert open_enveloped_data(answer["CiphertextForRecipient"], own_key) == b"k" * 32


@pytest.mark.parametrize("role", [ENCLAVE_ROLE, CANARY_ROLE])
def test_without_recipient_nobody_decrypts(attested: Attested, role: str) -> None:
    asked = {"CiphertextBlob": attested.wrapped, "EncryptionContext": CONTEXT}
    assert refusal(attested.caller(role).decrypt, **asked) == (400, "AccessDeniedException")
    # The key named or not: it is in the ciphertext.
    assert refusal(attested.caller(role).decrypt, KeyId=attested.key, **asked) == (
        400,
        "AccessDeniedException",
    )


def test_the_accounts_root_is_no_way_round(attested: Attested) -> None:
    kms = attested.contract.emulator.client("kms")
    asked = {"CiphertextBlob": attested.wrapped, "EncryptionContext": CONTEXT}
    assert refusal(kms.decrypt, **asked) == (400, "AccessDeniedException")
    made = {"KeyId": attested.key, "KeySpec": "AES_256"}
    assert refusal(kms.generate_data_key, **made) == (400, "AccessDeniedException")
    assert refusal(kms.generate_data_key_without_plaintext, **made) == (400, "AccessDeniedException")


def test_another_image_is_refused(attested: Attested, tmp_path: Path) -> None:
    edited = image_in(tmp_path / "edited", b"print('kode')\n")
    with pytest.raises(EnclaveRefused, match="AccessDeniedException") as raised:
        attested.enclave(nsm_of(attested.root, edited)).decrypt(attested.wrapped, CONTEXT)
    assert raised.value.reason is EnclaveReason.KMS_REFUSED


def test_a_stale_document_is_refused(attested: Attested) -> None:
    earlier = nsm_of(attested.root, attested.image, lambda: utc_now() - timedelta(minutes=6))
    with pytest.raises(EnclaveRefused, match="AccessDeniedException"):
        attested.enclave(earlier).decrypt(attested.wrapped, CONTEXT)


def test_a_document_of_another_root_is_refused(attested: Attested) -> None:
    foreign = nsm_of(NitroRoot.create(utc_now()), attested.image)
    with pytest.raises(EnclaveRefused, match="AccessDeniedException"):
        attested.enclave(foreign).decrypt(attested.wrapped, CONTEXT)


def test_a_document_that_was_edited_is_refused(attested: Attested, own_key: rsa.RSAPrivateKey) -> None:
    document = bytearray(nsm_of(attested.root, attested.image).attest(public_key=public_key_of(own_key)))
    document[-1] ^= 1
    asked = {"CiphertextBlob": attested.wrapped, "Recipient": recipient(bytes(document))}
    assert (
        refusal(attested.caller().decrypt, **asked, EncryptionContext=CONTEXT)[1] == "AccessDeniedException"
    )


def test_a_document_shown_again_answers_for_its_own_key_alone(
    attested: Attested, own_key: rsa.RSAPrivateKey
) -> None:
    """Whoever caught a document gets what only the enclave opens."""
    document = nsm_of(attested.root, attested.image).attest(public_key=public_key_of(own_key))
    thief = rsa.generate_private_key(65537, 3072)
    answer = attested.caller().decrypt(
        CiphertextBlob=attested.wrapped, EncryptionContext=CONTEXT, Recipient=recipient(document)
    )
    with pytest.raises(SealRefused):
        open_enveloped_data(answer["CiphertextForRecipient"], thief)


@pytest.mark.parametrize("public_key", [None, b"no key"])
def test_a_document_without_an_rsa_key_is_refused(attested: Attested, public_key: bytes | None) -> None:
    document = nsm_of(attested.root, attested.image).attest(public_key=public_key)
    asked = {"CiphertextBlob": attested.wrapped, "Recipient": recipient(document)}
    assert refusal(attested.caller().decrypt, **asked, EncryptionContext=CONTEXT) == (
        400,
        "ValidationException",
    )


def test_a_wrapped_key_of_another_context_does_not_open(attested: Attested) -> None:
    with pytest.raises(EnclaveRefused, match="InvalidCiphertextException"):
        attested.enclave().decrypt(attested.wrapped, {**CONTEXT, "version": "2"})


def test_a_policy_without_its_condition_opens_to_the_canary(attested: Attested) -> None:
    """What the canary is for: the missing attestation alone refuses it."""
    canary = attested.caller(CANARY_ROLE)
    asked = {"CiphertextBlob": attested.wrapped, "EncryptionContext": CONTEXT}
    attested.switch("misbehave")
    try:
        assert canary.decrypt(**asked)["Plaintext"] == b"k" * 32
    finally:
        attested.switch("behave")
    assert refusal(canary.decrypt, **asked) == (400, "AccessDeniedException")


def test_the_trail_tells_who_was_attested_and_who_was_refused(attested: Attested) -> None:
    before = len(attested.trail())
    attested.enclave().decrypt(attested.wrapped, CONTEXT)
    refusal(attested.caller().decrypt, CiphertextBlob=attested.wrapped, EncryptionContext=CONTEXT)
    allowed, refused = attested.trail()[before:]
    measured = measure_all(attested.image, role_arn=ENCLAVE_ROLE, instance_id=INSTANCE)
    told = allowed["additionalEventData"]["recipient"]
    assert told["attestationDocumentEnclaveImageDigest"] == measured[0].hex()
    assert told["attestationDocumentModuleId"].startswith(INSTANCE)
    assert allowed["requestParameters"]["encryptionContext"] == CONTEXT
    assert refused["errorCode"] == "AccessDeniedException"
    assert refused["userIdentity"]["arn"].endswith("attested-enclave/test")


def test_a_change_of_the_policy_is_an_event_on_the_bus(attested: Attested) -> None:
    emulator = attested.contract.emulator
    sqs, events = emulator.client("sqs"), emulator.client("events")
    queue = sqs.create_queue(QueueName="policy-changes")["QueueUrl"]
    pattern = {"source": ["aws.kms"], "detail": {"eventName": ["PutKeyPolicy"]}}
    events.put_rule(Name="policy-changes", EventPattern=json.dumps(pattern))
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:policy-changes"
    events.put_targets(Rule="policy-changes", Targets=[{"Id": "queue", "Arn": arn}])
    kms = emulator.client("kms")
    policy = kms.get_key_policy(KeyId=attested.key, PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=attested.key, PolicyName="default", Policy=policy)
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    event = json.loads(message["Body"])
    assert event["detail-type"] == "AWS API Call via CloudTrail"
    assert event["detail"]["requestParameters"]["keyId"] == attested.key
