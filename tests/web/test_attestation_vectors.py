"""The verifier in the page judges as the one in Python: the same cases, and thousands that were damaged."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import cbor2
import pytest

from aval.attestation.refusals import LogReason, Reason
from local.places import ROOT
from tests.support import nitro
from tests.support.measurements import KEY, lines
from tests.support.mutations import mutate, mutations
from tests.web.attestation_recording import functions
from tests.web.attestation_vectors import judged_by_the_page, log_vector, recorded, replay_vector

PAGE: Final = ROOT / "docs/attestation.md"
DAMAGED: Final = 3_000
SIGNED: Final = 500
LOGS: Final = 1_000
# Certificates that nobody signed as they are: each verifier says what it stumbled over first.
OF_THE_CHAIN: Final = frozenset(
    {
        Reason.CERTIFICATE,
        Reason.CHAIN_ORDER,
        Reason.LEAF_IS_AUTHORITY,
        Reason.NOT_AN_AUTHORITY,
        Reason.PATH_LENGTH,
        Reason.KEY_USAGE,
        Reason.LEAF_KEY,
        Reason.CRITICAL_EXTENSION,
        Reason.NOT_YET_VALID,
        Reason.EXPIRED,
        Reason.CHAIN_SIGNATURE,
    }
)


def test_the_page_judges_every_case_of_the_tests_as_python_does(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    vectors = recorded(tmp_path / "vectors.jsonl")
    for vector, judgement in zip(vectors, judged_by_the_page(vectors), strict=True):
        with subtests.test(f"{vector.name}: {vector.function}"):
            sentence = judgement.pop("detail", None)
            assert judgement == vector.outcome
            assert (sentence is None) == ("told" in judgement)
    # Nothing is left out: each code of the documentation, each function that is recorded, and lawful cases.
    codes = re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {*codes} == {*Reason, *LogReason}
    assert {vector.outcome.get("refused") for vector in vectors} == {*codes, None}
    assert {vector.function for vector in vectors} == {*functions()}


def test_the_page_judges_damaged_documents_as_python_does() -> None:
    shapes = (
        nitro.document(indefinite=True, user_data=b"u" * 32, public_key=b"k" * 294),
        nitro.document(indefinite=False, nonce=None),
        b"\xd2" + nitro.document(user_data=b""),
    )
    compare([*mutations(shapes, seed=2026, count=DAMAGED)])


def test_the_page_judges_damaged_content_under_a_genuine_signature_as_python_does() -> None:
    assert compare([*signed_mutations(SIGNED)]) > 0


def test_the_page_judges_damaged_logs_as_python_does() -> None:
    text = "\n".join(lines()).encode()
    damaged = (data.decode("utf-8", errors="replace") for data in mutations([text], seed=2026, count=LOGS))
    vectors = [log_vector(told, KEY.public_key()) for told in damaged]
    for vector, judgement in zip(vectors, judged_by_the_page(vectors), strict=True):
        judgement.pop("detail", None)
        assert judgement == vector.outcome


def compare(documents: Sequence[bytes]) -> int:
    """How many were believed, by both alike."""
    vectors = [replay_vector(data, nitro.FINGERPRINT, [nitro.MEASUREMENT]) for data in documents]
    believed = 0
    for vector, judgement in zip(vectors, judged_by_the_page(vectors), strict=True):
        ours, page = vector.outcome.get("refused"), judgement.get("refused")
        if ours in OF_THE_CHAIN:
            assert page in OF_THE_CHAIN
        else:
            assert page == ours
            assert judgement.get("told") == vector.outcome.get("told")
        believed += page is None
    return believed


def signed_mutations(count: int) -> Iterator[bytes]:
    payload = cbor2.loads(nitro.document())[2]
    chance = random.Random(2026)
    for _ in range(count):
        changed = bytearray(payload)
        mutate(changed, chance)
        yield nitro.signed(bytes(changed))
