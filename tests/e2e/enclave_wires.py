"""What somebody with the account's rights can do: take roles, ask KMS, run other code here."""

import json
import os
import signal
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa

from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.moments import Clock, utc_now
from aval.sealing.cms import open_enveloped_data
from aval.sealing.key_items import KeyItem, spki
from enclave_app.enclave.nsm import Nsm
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from local.nsm.measuring import instance_kept_in, measure_all, new_module_id
from tests.support.stack import Stack

WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Direct:
    """A simulated module as a channel of the driver."""

    module: SimulatedNsm

    def exchange(self, request: bytes) -> bytes:
        return self.module.reply(request)


@dataclass(frozen=True, slots=True)
class Attacker:
    stack: Stack

    def host_credentials(self) -> Mapping[str, str]:
        role = self.stack.outputs["EnclaveParentRoleArn"]
        sts = self.stack.client("sts")
        told: Mapping[str, str] = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return told

    @property
    def host_kms(self) -> Any:
        return self.stack.client_as(self.stack.outputs["EnclaveParentRoleArn"], "kms")

    @property
    def vault(self) -> DynamoDbVault:
        outputs = self.stack.outputs
        return DynamoDbVault(
            self.stack.client("dynamodb"),
            outputs["ConfidentialTableName"],
            self.stack.client("s3"),
            outputs["ConfidentialBucketName"],
            outputs["PrudentialBucketName"],
        )

    @property
    def image(self) -> Path:
        return self.stack.places.enclave / "image"

    def wrapped(self) -> dict[str, Any]:
        """Return a data key of the enclave's pairs as KMS wrapped it, in the words of a call."""
        item = KeyItem.from_bytes(self.vault.key_items()[-1])
        return {"CiphertextBlob": item.wrapped_key, "EncryptionContext": dict(item.context)}

    def module(self, image: Path, *, root: NitroRoot | None = None, clock: Clock = utc_now) -> Nsm:
        """Start code on this machine: what its hardware would say of it."""
        state = self.stack.places.nsm
        instance = instance_kept_in(state)
        role = self.stack.outputs["EnclaveParentRoleArn"]
        hierarchy = Hierarchy(root or NitroRoot.kept_in(state, utc_now()), new_module_id(instance, clock()))
        measured = measure_all(image, role_arn=role, instance_id=instance)
        return Nsm(Direct(SimulatedNsm(hierarchy, measured, clock)))

    def unwrapped_by(self, module: Nsm, wrapped: Mapping[str, Any] | None = None) -> bytes:
        """Have KMS unwrap a key, that of the pairs or another, for that module; raise its `ClientError`."""
        own = rsa.generate_private_key(65537, 3072)
        document = module.attest(public_key=spki(own.public_key()))
        recipient = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": document}
        answer = self.host_kms.decrypt(**(wrapped or self.wrapped()), Recipient=recipient)
        return open_enveloped_data(answer["CiphertextForRecipient"], own)

    def restart_enclave(self) -> None:
        """Kill module and enclave, and wait until both were started again."""
        before = self.stack.pids()
        for name in ("nsm", "enclave"):
            os.kill(before[name], signal.SIGKILL)
        deadline = time.monotonic() + WAIT_SECONDS
        while any(self.stack.pids()[name] == before[name] for name in ("nsm", "enclave")):
            assert time.monotonic() < deadline, "nobody started them again"
            time.sleep(0.1)

    def refusal_of(self, call: Any, **asked: Any) -> str:
        """Return KMS's refusal of a call that is to be refused."""
        with pytest.raises(ClientError) as refused:
            call(**asked)
        told = refused.value.response
        assert told["ResponseMetadata"]["HTTPStatusCode"] == 400
        return str(told["Error"]["Code"])

    def switch_kms(self, act: str) -> None:
        """Have the emulator's KMS `misbehave`, or `behave` again."""
        url = f"{self.stack.described['emulator_url']}/_aval/kms/{act}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=10):
            pass

    def trail(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.stack.logs / "cloudtrail.jsonl").read_text().splitlines()]
