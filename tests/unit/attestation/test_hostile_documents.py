"""Twenty thousand documents with a few bytes changed: none crashes the verifier, none is believed."""

import random
from collections.abc import Iterator

import cbor2
import pytest

from aval.attestation.document import parse_document
from aval.attestation.refusals import AttestationRefused, MeasurementLogRefused, Reason
from aval.attestation.verification import verify_replay
from tests.support import nitro
from tests.support.measurements import lines, parsed
from tests.support.mutations import mutate, mutations

ROUNDS = 10
DOCUMENTS_A_ROUND = 2_000


def originals() -> tuple[bytes, ...]:
    return (
        nitro.document(indefinite=True, user_data=b"u" * 32, public_key=b"k" * 294),
        nitro.document(indefinite=False, nonce=None),
        b"\xd2" + nitro.document(user_data=b""),
    )


def judged(data: bytes) -> Reason | None:
    try:
        verify_replay(data, root=nitro.FINGERPRINT, measurements=[nitro.MEASUREMENT])
    except AttestationRefused as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_mutated_document_is_believed_and_none_crashes(seed: int) -> None:
    shapes = originals()
    lawful = {_signed_parts(shape) for shape in shapes}
    reasons = set()
    for mutated in mutations(shapes, seed, DOCUMENTS_A_ROUND):
        reason = judged(mutated)
        # Bytes outside what is signed can be spelt in several ways; what was said is then the same.
        assert reason is not None or _signed_parts(mutated) in lawful
        reasons.add(reason)
    # The mutations reach every layer: CBOR, content, chain and signature.
    assert {Reason.CBOR, Reason.CONTENT, Reason.CHAIN_SIGNATURE, Reason.SIGNATURE} <= reasons


def _signed_parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    signed = parse_document(data)
    return signed.protected, signed.payload, signed.signature


@pytest.mark.parametrize("seed", range(2))
def test_no_content_crashes_even_when_it_was_signed(seed: int) -> None:
    """What a stranger cannot make: mutated content under a genuine signature of it."""
    for mutated in _signed_mutations(seed, 500):
        judged(mutated)


def _signed_mutations(seed: int, count: int) -> Iterator[bytes]:
    payload = cbor2.loads(nitro.document())[2]
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(payload)
        mutate(changed, chance)
        yield nitro.signed(bytes(changed))


@pytest.mark.parametrize("size", [0, 1, 2, 100, 16 * 1024, 16 * 1024 + 1, 1_000_000])
def test_no_bytes_whatever_are_a_document(size: int) -> None:
    assert judged(random.Random(size).randbytes(size)) is not None
    assert judged(bytes(size)) is not None


def test_no_mutated_log_of_measurements_is_believed() -> None:
    text = "\n".join(lines()).encode()
    for mutated in mutations([text], seed=0, count=2_000):
        told = mutated.decode("utf-8", errors="replace")
        try:
            log = parsed(told)
        except MeasurementLogRefused:
            continue
        # What is still believed says nothing new: a line break more at the end, or lines that are cut off.
        assert text.decode().startswith(told.removesuffix("\n"))
        assert log.head.count >= 1
