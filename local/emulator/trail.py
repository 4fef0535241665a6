"""What CloudTrail would tell of a key that is for enclaves alone: a file of events, and the bus for changes.

https://docs.aws.amazon.com/kms/latest/developerguide/ct-nitro-enclave.html
"""

import json
import threading
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, kms
from ministack.services.cloudformation import provisioners

from aval.attestation.document import AttestationDocument
from aval.attestation.refusals import AttestationRefused
from local.emulator.attested_kms import Recipients, key_id_of_ciphertext, parsed
from local.emulator.key_policies import asks_for_attestation
from local.emulator.upstream import replace

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Dispatch = Callable[..., Awaitable[Answer]]

PREFIX: Final = "TrentService."
# CloudTrail tells EventBridge of every change, and of reading nothing.
READING: Final = ("Decrypt", "Encrypt", "Generate", "Describe", "Get", "List", "ReEncrypt", "Sign", "Verify")
# Never a plaintext, nor what opens one.
TOLD: Final = (
    *(
        "KeyId",
        "KeySpec",
        "NumberOfBytes",
        "EncryptionContext",
        "EncryptionAlgorithm",
        "PolicyName",
        "Policy",
    ),
    *("PendingWindowInDays", "ReplicaRegion", "PrimaryRegion", "GranteePrincipal", "Operations"),
)


@dataclass(slots=True)
class Trail:
    file: Path
    recipients: Recipients
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def install(self) -> None:
        replace(app, "_dispatch_service_request", still_has="detect_service(", by=self._recording)
        replace(
            provisioners,
            "_kms_key_update",
            still_has='new_props.get("KeyPolicy")',
            by=self._recording_updates,
        )
        provisioners._RESOURCE_HANDLERS["AWS::KMS::Key"]["update"] = provisioners._kms_key_update

    def _recording(self, original: Dispatch) -> Dispatch:
        async def dispatch(method: str, path: str, headers: Record, body: bytes, *rest: Any) -> Answer:
            target = headers.get("x-amz-target", "")
            if not target.startswith(PREFIX):
                return await original(method, path, headers, body, *rest)
            request = parsed(body)
            confidential = self._is_about_enclaves(request)  # a change may take the condition away
            answer = await original(method, path, headers, body, *rest)
            if confidential or self._is_about_enclaves(request):
                self._tell(target.removeprefix(PREFIX), request, answer)
            return answer

        return dispatch

    def _recording_updates(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """CloudFormation changes a policy by PutKeyPolicy, the emulator's by itself."""

        def update(physical_id: str, old: Record, new: Record, *rest: Any) -> Any:
            done = original(physical_id, old, new, *rest)
            before, after = (json.dumps(given.get("KeyPolicy")) for given in (old, new))
            if before != after and asks_for_attestation(before + after):
                request = {"KeyId": physical_id, "PolicyName": "default", "Policy": after}
                self._tell("PutKeyPolicy", request, (200, {}, b"{}"))
            return done

        return update

    @staticmethod
    def _is_about_enclaves(request: Record) -> bool:
        record = kms._resolve_key(_key_of(request))
        return record is not None and asks_for_attestation(record.get("Policy") or "")

    def _tell(self, action: str, request: Record, answer: Answer) -> None:
        event = self._event(action, request, answer)
        with self._lock, self.file.open("a") as opened:
            opened.write(json.dumps(event) + "\n")
        if not action.startswith(READING):
            entry = {
                "Source": "aws.kms",
                "DetailType": "AWS API Call via CloudTrail",
                "Detail": json.dumps(event),
            }
            eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)

    def _event(self, action: str, request: Record, answer: Answer) -> Record:
        caller = iam_evaluator.caller_arn()
        told = {name[:1].lower() + name[1:]: request[name] for name in TOLD if name in request}
        event: Record = {
            "eventVersion": "1.11",
            "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": "kms.amazonaws.com",
            "eventName": action,
            "awsRegion": get_region(),
            "userIdentity": {"arn": caller, "accountId": get_account_id()},
            "requestParameters": told,
            "resources": [{"type": "AWS::KMS::Key", "ARN": _arn_of(request)}],
            "responseElements": None,
            "readOnly": action.startswith(READING),
            "eventType": "AwsApiCall",
            "eventID": str(uuid.uuid4()),
        }
        status, _headers, body = answer
        if status != 200:
            refusal = json.loads(body)
            event["errorCode"] = refusal.get("__type", "")
            event["errorMessage"] = refusal.get("Message") or refusal.get("message", "")
        if document := self._document(request):
            event["additionalEventData"] = {"recipient": _recipient(document)}
        return event

    def _document(self, request: Mapping[str, Any]) -> AttestationDocument | None:
        try:
            return self.recipients.proven(request.get("Recipient"))
        except AttestationRefused:
            return None


def _recipient(document: AttestationDocument) -> Mapping[str, str]:
    pcrs = {
        f"attestationDocumentEnclavePCR{n}": value.hex() for n, value in document.pcrs.items() if any(value)
    }
    return {
        "attestationDocumentModuleId": document.module_id,
        "attestationDocumentEnclaveImageDigest": document.pcrs[0].hex(),
        **pcrs,
    }


def _key_of(request: Mapping[str, Any]) -> str:
    return str(request.get("KeyId") or key_id_of_ciphertext(str(request.get("CiphertextBlob", ""))))


def _arn_of(request: Mapping[str, Any]) -> str:
    record = kms._resolve_key(_key_of(request)) or {}
    return str(record.get("Arn", ""))
