"""What the simulated KMS believes of a recipient."""

from pathlib import Path

import pytest

from aval.attestation.refusals import AttestationRefused, Reason
from local.emulator.attested_kms import Recipients


@pytest.mark.parametrize("document", ["a", "####", "AAA\n="])
def test_a_document_that_is_no_base64_proves_nothing_and_is_refused(document: str, tmp_path: Path) -> None:
    recipients = Recipients(tmp_path / "root.pem")
    asked = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": document}
    assert recipients.conditions("kms:Decrypt", {"Recipient": asked}) == {}
    with pytest.raises(AttestationRefused) as told:
        recipients.key_of(asked)
    assert told.value.reason is Reason.CONTENT
