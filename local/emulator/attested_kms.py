"""KMS answers enclaves as AWS does: policies of keys see what an attestation document proves.

https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.md

The document is judged by the code that the product judges it with; only the root is this machine's. What it
proves becomes condition keys, and the policy of the key, as deployed, decides. All of it is inside the
emulator, so that no path goes round it.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from ministack.core import iam_actions
from ministack.services import kms

from aval.attestation.document import AttestationDocument
from aval.attestation.public_key import rsa_key_of
from aval.attestation.refusals import AttestationRefused, Reason
from aval.attestation.verification import MAX_AGE, verify_origin
from aval.identifiers import Fingerprint
from local.emulator.cms import make_enveloped_data
from local.emulator.kms import KEY_ID_BYTES, MARK
from local.emulator.upstream import replace

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

# Any other call takes no notice of a recipient, and of its document no condition.
ATTESTED_ACTIONS: Final = frozenset({"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateRandom"})
KEY_ENCRYPTION: Final = "RSAES_OAEP_SHA_256"


@dataclass(frozen=True, slots=True)
class Recipients:
    """For whom an answer is, believed as far as a document of this machine's root proves it."""

    root: Path
    """The certificate; whoever simulates the NSM writes it."""

    def proven(self, recipient: object) -> AttestationDocument:
        """Raise `AttestationRefused`."""
        try:
            document = base64.b64decode(_member(recipient, "AttestationDocument"), validate=True)
        except ValueError as malformed:
            raise AttestationRefused(Reason.CONTENT, "AttestationDocument não está em base64") from malformed
        return verify_origin(document, root=self._fingerprint(), at=datetime.now(UTC), max_age=MAX_AGE)

    def key_of(self, recipient: object) -> rsa.RSAPublicKey:
        """Raise `AttestationRefused` unless the document names the key that is to open the answer."""
        if _member(recipient, "KeyEncryptionAlgorithm") != KEY_ENCRYPTION:
            raise AttestationRefused(Reason.PUBLIC_KEY, f"KeyEncryptionAlgorithm deve ser {KEY_ENCRYPTION}")
        return rsa_key_of(self.proven(recipient))

    def conditions(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the condition keys that a request gives.

        https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
        """
        context = request.get("EncryptionContext") or {}
        given: dict[str, Any] = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
        if context:
            given["kms:EncryptionContextKeys"] = list(context)
        if action not in ATTESTED_ACTIONS or "Recipient" not in request:
            return given
        try:
            document = self.proven(request["Recipient"])
        except AttestationRefused:
            return given  # what is not proven is not there
        pcrs = {f"kms:RecipientAttestation:PCR{n}": value.hex() for n, value in document.pcrs.items()}
        return {**given, **pcrs, "kms:RecipientAttestation:ImageSha384": document.pcrs[0].hex()}

    def _fingerprint(self) -> Fingerprint:
        try:
            certificate = x509.load_pem_x509_certificate(self.root.read_bytes())
        except FileNotFoundError as absent:
            raise AttestationRefused(Reason.ROOT, "nenhum NSM foi simulado nesta máquina") from absent
        return Fingerprint(certificate.fingerprint(hashes.SHA256()).hex())


def install(recipients: Recipients) -> None:
    replace(
        iam_actions,
        "request_tag_context",
        still_has="aws:RequestTag/<key>",
        by=lambda original: _with_conditions(original, recipients),
    )
    replace(
        iam_actions,
        "_kms_key_id_from_ciphertext",
        still_has="raw[:36]",
        by=lambda _original: key_id_of_ciphertext,
    )
    for name, line in (
        ("_decrypt", "_opened(request, asked)"),
        ("_generate_data_key", 'if "Recipient" not in data:'),
        ("_generate_random", "CiphertextForRecipient"),
    ):
        replace(kms, name, still_has=line, by=lambda original: _for_recipient(original, recipients))


def _with_conditions(original: Callable[..., Record], recipients: Recipients) -> Callable[..., Record]:
    def context(service: str, iam_action: str, body: bytes, params: Record) -> Record:
        given = original(service, iam_action, body, params)
        if service != "kms":
            return given
        return {**given, **recipients.conditions(iam_action, parsed(body))}

    return context


def parsed(body: bytes) -> Record:
    """Return a request of KMS; an empty one when it is none, which the service itself refuses."""
    try:
        request = json.loads(body)
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


def key_id_of_ciphertext(ciphertext: str) -> str:
    """The key that a call without KeyId is about: our ciphertext names it, behind a mark of ours."""
    try:
        blob = base64.b64decode(ciphertext)
    except (binascii.Error, ValueError):
        return ""
    if not blob.startswith(MARK):
        return ""
    return blob[len(MARK) : len(MARK) + KEY_ID_BYTES].decode("ascii", "replace").strip()


def _for_recipient(
    original: Callable[[Record], Answer], recipients: Recipients
) -> Callable[[Record], Answer]:
    """Answer with the plaintext under the key of the attestation document, and never beside it."""

    def answer(request: Record) -> Answer:
        if "Recipient" not in request:
            return original(request)
        try:
            key = recipients.key_of(request["Recipient"])
        except AttestationRefused as refused:
            text = f"The attestation document was not accepted: {refused.reason}"
            refusal: Answer = kms.error_response_json("ValidationException", text, 400)
            return refusal
        status, headers, body = original({n: value for n, value in request.items() if n != "Recipient"})
        if status != 200:
            return status, headers, body
        told = json.loads(body)
        sealed = make_enveloped_data(base64.b64decode(told.pop("Plaintext")), key)
        given: Answer = kms.json_response(
            {**told, "CiphertextForRecipient": base64.b64encode(sealed).decode()}
        )
        return given

    return answer


def _member(recipient: object, name: str) -> str:
    value = recipient.get(name) if isinstance(recipient, dict) else None
    if not isinstance(value, str):
        raise AttestationRefused(Reason.CONTENT, f"falta {name}")
    return value
