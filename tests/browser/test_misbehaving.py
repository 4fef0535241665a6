"""The machinery itself: the platform's own verifier refuses each lie by the code that it was made for."""

import base64
import json
import secrets
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from aval.attestation.measurements import MeasurementLog
from aval.attestation.refusals import AttestationRefused, MeasurementLogRefused
from aval.identifiers import Fingerprint
from aval.moments import utc_now
from aval.sealing.offered_key import KeyOffer, verify_offer
from tests.browser import misbehaving
from tests.browser.misbehaving import Genuine, Keeping
from tests.support.stack import Stack

ANA = "ana@demo.aval.example"
NONCE = secrets.token_bytes(32)


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    return stack.token(ANA)


def judged(stack: Stack, token: str, *, document: Callable[[Genuine], bytes] | None, log: str) -> None:
    """As a client judges what it is told; raise what it raises."""
    offer, genuine = misbehaving.asked(stack, f"/prudencial/chave?nonce={NONCE.hex()}", token)
    if document is not None:
        offer["atestado"] = base64.b64encode(document(genuine)).decode()
    keeper = Keeping.of(stack).key.public_key()
    pem = stack.places.attestation_root.read_bytes()
    verify_offer(
        KeyOffer.read(json.dumps(offer).encode()),
        root=Fingerprint(x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex()),
        measurements=MeasurementLog.parse(log, keeper).accepted(utc_now()),
        now=utc_now(),
        nonce=NONCE,
    )


def genuine_again(genuine: Genuine) -> bytes:
    return genuine.attested_again()


@pytest.mark.parametrize("document", [None, genuine_again])
@pytest.mark.parametrize(
    "log", [lambda keeping: keeping.text, misbehaving.longer], ids=["as it is", "longer"]
)
def test_what_is_no_lie_is_believed(
    stack: Stack, token: str, document: Callable[[Genuine], bytes] | None, log: Callable[[Keeping], str]
) -> None:
    judged(stack, token, document=document, log=log(Keeping.of(stack)))


@pytest.mark.parametrize(("lie", "code"), misbehaving.KEY_LIES)
def test_a_lie_about_the_key_is_refused(
    stack: Stack, token: str, lie: Callable[[Genuine], bytes], code: str
) -> None:
    with pytest.raises(AttestationRefused) as refused:
        judged(stack, token, document=lie, log=Keeping.of(stack).text)
    assert refused.value.reason.value == code


@pytest.mark.parametrize(("lie", "code"), misbehaving.LOG_LIES)
def test_a_lie_about_the_log_is_refused(
    stack: Stack, token: str, lie: Callable[[Keeping], str], code: str
) -> None:
    with pytest.raises((AttestationRefused, MeasurementLogRefused)) as refused:
        judged(stack, token, document=None, log=lie(Keeping.of(stack)))
    assert isinstance(refused.value, (AttestationRefused, MeasurementLogRefused))
    assert refused.value.reason.value == code
