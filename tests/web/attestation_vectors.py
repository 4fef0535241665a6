"""Vectors of attestation: what the tests of the Python verifier ask of it, and what it answers, as JSON.

Those tests are run once more in a process of their own, under a plugin that writes down each call to the
verifier. So a case that is added to them is a vector of the verifier in the page, without being told twice.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from aval.attestation import verification
from aval.attestation.measurements import Measurement, MeasurementLog
from aval.attestation.refusals import AttestationRefused, MeasurementLogRefused
from aval.identifiers import Fingerprint
from local.node import node
from local.places import ROOT
from tests.web import attestation_recording as recording
from tests.web.attestation_recording import (
    TARGET,
    Json,
    document_answer,
    log_answer,
    log_given,
    replay_given,
)

CASES: Final = ROOT / "tests/unit/attestation"
_JUDGE: Final = ROOT / "web/tests/attestation/judge-vectors.ts"
_SECONDS: Final = 300
# Twenty thousand documents in search of a crash: the page has a search of its own.
_LEFT_OUT: Final = "test_hostile_documents.py"


@dataclass(frozen=True, slots=True)
class Vector:
    """One call: its test, the function that was called, with what, and either its answer or its refusal."""

    name: str
    function: str
    given: Mapping[str, Json]
    outcome: Mapping[str, Json]

    @property
    def line(self) -> str:
        return json.dumps({"function": self.function, "given": self.given})


def recorded(target: Path) -> list[Vector]:
    """Run the tests of the Python verifier, and read what was written down of them."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", recording.__name__, "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, "--hypothesis-seed=0", f"--ignore={CASES / _LEFT_OUT}", str(CASES)],
        cwd=ROOT,
        env={**os.environ, TARGET: str(target)},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"the tests that vectors are made of do not pass:\n{ended.stdout}{ended.stderr}")
    with target.open(encoding="utf-8") as lines:
        return [Vector(**json.loads(line)) for line in lines]


def replay_vector(data: bytes, root: Fingerprint, expected: Sequence[Measurement]) -> Vector:
    """Any bytes, and what Python says of them."""
    outcome: dict[str, Json]
    try:
        document = verification.verify_replay(data, root=root, measurements=expected)
        outcome = {"told": document_answer(document)}
    except AttestationRefused as refusal:
        outcome = {"refused": refusal.reason}
    return Vector("", "verify_replay", replay_given(data, root=root, measurements=expected), outcome)


def log_vector(text: str, key: ec.EllipticCurvePublicKey) -> Vector:
    """Any text, and what Python says of it as a log."""
    outcome: dict[str, Json]
    try:
        outcome = {"told": log_answer(MeasurementLog.parse(text, key))}
    except MeasurementLogRefused as refusal:
        outcome = {"refused": refusal.reason}
    return Vector("", "parse_log", log_given(MeasurementLog, text, key), outcome)


def judged_by_the_page(vectors: Sequence[Vector]) -> list[dict[str, Json]]:
    """What the verifier in TypeScript says of each."""
    ended = subprocess.run(
        [node(), str(_JUDGE)],
        input="".join(f"{vector.line}\n" for vector in vectors),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"the page's verifier broke down:\n{ended.stderr}")
    return [json.loads(line) for line in ended.stdout.split("\n")[:-1]]
