"""Vectors of attestation: what the tests of the Python verifier ask of it, and what it answers, as JSON.

Those tests are run once more in a process of their own, under a plugin that writes down each call to the
verifier. So a case that is added to them is a vector of the verifier in the page, without being told twice.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation import cbor, chain, document, expectation, measurements, public_key, verification
from aval.attestation.document import AttestationDocument, SignedDocument
from aval.attestation.measurements import LogEntry, LogHead, Measurement, MeasurementLog
from aval.attestation.refusals import AttestationRefused, MeasurementLogRefused
from aval.identifiers import Fingerprint
from local.node_jose import node
from local.places import ROOT

CASES: Final = ROOT / "tests/unit/attestation"
_JUDGE: Final = ROOT / "web/tests/attestation/judge-vectors.ts"
_TARGET: Final = "AVAL_VECTORS"
_SECONDS: Final = 300
# Twenty thousand documents in search of a crash: the page has a search of its own.
_LEFT_OUT: Final = "test_hostile_documents.py"

Json = Any
Describe = Callable[..., dict[str, Json]]


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
    command = [sys.executable, "-m", "pytest", "-q", "-p", __name__, "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, "--hypothesis-seed=0", f"--ignore={CASES / _LEFT_OUT}", str(CASES)],
        cwd=ROOT,
        env={**os.environ, _TARGET: str(target)},
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
        outcome = {"told": _facts(verification.verify_replay(data, root=root, measurements=expected))}
    except AttestationRefused as refusal:
        outcome = {"refused": refusal.reason}
    return Vector("", "verify_replay", _replay(data, root=root, measurements=expected), outcome)


def log_vector(text: str, key: ec.EllipticCurvePublicKey) -> Vector:
    """Any text, and what Python says of it as a log."""
    outcome: dict[str, Json]
    try:
        outcome = {"told": _log_facts(MeasurementLog.parse(text, key))}
    except MeasurementLogRefused as refusal:
        outcome = {"refused": refusal.reason}
    return Vector("", "parse_log", _log(MeasurementLog, text, key), outcome)


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


def pytest_configure(config: pytest.Config) -> None:
    """Of the process that records, before any test has taken hold of a function."""
    target = os.environ.get(_TARGET)
    if target is None:
        return
    recorder = _Recorder(Path(target))
    for holder, name, function, describe, facts in _RECORDED:
        recorder.listen(holder, name, function, describe, facts)


class _Recorder:
    """Writes down outermost calls: what one of these functions asks of another is its own affair."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._is_inside = False
        target.write_text("", encoding="utf-8")

    def listen(
        self, holder: object, name: str, function: str, describe: Describe, facts: Callable[[Any], Json]
    ) -> None:
        own = vars(holder)[name]
        plain = own.__func__ if isinstance(own, classmethod) else own

        @wraps(plain)
        def listened(*told: Any, **named: Any) -> Any:
            if self._is_inside:
                return plain(*told, **named)
            self._is_inside = True
            try:
                answer = plain(*told, **named)
            except (AttestationRefused, MeasurementLogRefused) as refusal:
                self._write(function, describe(*told, **named), {"refused": refusal.reason})
                raise
            finally:
                self._is_inside = False
            self._write(function, describe(*told, **named), {"told": facts(answer)})
            return answer

        setattr(holder, name, classmethod(listened) if isinstance(own, classmethod) else listened)

    def _write(self, function: str, given: Json, outcome: Json) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "while tests were collected").rpartition(" (")[0]
        vector = {"name": test, "function": function, "given": given, "outcome": outcome}
        with self._target.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps(vector)}\n")


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _document_alone(data: bytes) -> dict[str, Json]:
    return {"data": data.hex()}


def _origin(
    data: bytes, *, root: str, at: datetime | None, max_age: timedelta | None = None
) -> dict[str, Json]:
    age = None if max_age is None else max_age // timedelta(milliseconds=1)
    moment = None if at is None else milliseconds(at)
    return {"data": data.hex(), "root": root, "at": moment, "maxAge": age}


def _live(
    data: bytes,
    *,
    root: str,
    measurements: Sequence[Measurement],
    now: datetime,
    nonce: bytes,
    max_age: timedelta | None = None,
) -> dict[str, Json]:
    told = {"measurements": _expected(measurements), "nonce": nonce.hex()}
    return {**_origin(data, root=root, at=now, max_age=max_age), **told}


def _replay(data: bytes, *, root: str, measurements: Sequence[Measurement]) -> dict[str, Json]:
    return {"data": data.hex(), "root": root, "measurements": _expected(measurements)}


def _chain(
    bundle: Sequence[bytes], leaf: bytes, *, root: str, at: datetime, leeway: timedelta = timedelta()
) -> dict[str, Json]:
    return {
        "bundle": [one.hex() for one in bundle],
        "leaf": leaf.hex(),
        "root": root,
        "at": milliseconds(at),
        "leeway": leeway // timedelta(milliseconds=1),
    }


def _code(pcrs: Mapping[int, bytes], measurements: Sequence[Measurement]) -> dict[str, Json]:
    return {"pcrs": _registers(pcrs), "measurements": _expected(measurements)}


def _key(told: AttestationDocument, *, at_least_bits: int = public_key.MIN_RSA_BITS) -> dict[str, Json]:
    return {"publicKey": told.public_key and told.public_key.hex(), "atLeastBits": at_least_bits}


def _log(
    _: type, text: str, key: ec.EllipticCurvePublicKey | bytes | str, *, seen: LogHead | None = None
) -> dict[str, Json]:
    return {"text": text, "signer": _pem(key), "seen": None if seen is None else _head(seen)}


def _one_line_more(log: MeasurementLog, line: str, key: ec.EllipticCurvePublicKey) -> dict[str, Json]:
    entries = [_entry(entry) for entry in log.entries]
    return {"entries": entries, "head": _head(log.head), "line": line, "signer": _pem(key)}


def _expected(told: Sequence[Measurement]) -> Json:
    return [_registers(one.pcrs) for one in told]


def _registers(pcrs: Mapping[int, bytes]) -> Json:
    return {str(index): value.hex() for index, value in pcrs.items()}


def _head(head: LogHead) -> Json:
    return {"count": head.count, "digest": head.digest}


def _entry(entry: LogEntry) -> Json:
    told = {"act": entry.act.value, "at": milliseconds(entry.at), "version": entry.version}
    return {**told, "pcrs": _registers(entry.measurement.pcrs)}


def _pem(key: ec.EllipticCurvePublicKey | bytes | str) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return key.decode() if isinstance(key, bytes) else key


def _facts(told: AttestationDocument) -> Json:
    return {
        "moduleId": told.module_id,
        "instant": milliseconds(told.timestamp),
        "pcrs": _registers(told.pcrs),
        "publicKey": told.public_key and told.public_key.hex(),
        "userData": None if told.user_data is None else told.user_data.hex(),
        "nonce": None if told.nonce is None else told.nonce.hex(),
    }


def _signed_facts(told: SignedDocument) -> Json:
    parts = {"signature": told.signature.hex(), "toBeSigned": told.to_be_signed.hex()}
    return {**_facts(told.content), **parts}


def _log_facts(log: MeasurementLog) -> Json:
    moments = [at for entry in log.entries for at in (entry.at - timedelta(seconds=1), entry.at)]
    in_force = [_expected(log.accepted(at)) for at in moments]
    return {"head": _head(log.head), "entries": [_entry(one) for one in log.entries], "inForce": in_force}


def _spki(key: Any) -> Json:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()


def _nothing(_: None) -> Json:
    return None


def _plain(value: cbor.Value) -> Json:
    """Kinds that JSON does not tell apart, told apart."""
    match value:
        case bool() | None | str():
            return value
        case int():
            return {"number": str(value)}
        case bytes():
            return {"bytes": value.hex()}
        case list():
            return [_plain(inner) for inner in value]
        case dict():
            return {"map": [[_plain(key), _plain(inner)] for key, inner in value.items()]}
        case cbor.Tagged(tag, inner):
            return {"tag": str(tag), "value": _plain(inner)}


_RECORDED: Final[Sequence[tuple[object, str, str, Describe, Callable[[Any], Json]]]] = (
    (cbor, "decode", "decode", _document_alone, _plain),
    (document, "parse_document", "parse_document", _document_alone, _signed_facts),
    (chain, "verify_chain", "verify_chain", _chain, _spki),
    (expectation, "verify_code", "verify_code", _code, _nothing),
    (public_key, "rsa_key_of", "rsa_key_of", _key, _spki),
    (verification, "verify_origin", "verify_origin", _origin, _facts),
    (verification, "verify_replay", "verify_replay", _replay, _facts),
    (verification, "verify_live", "verify_live", _live, _facts),
    (measurements.MeasurementLog, "parse", "parse_log", _log, _log_facts),
    (measurements.MeasurementLog, "_followed_by", "followed_by", _one_line_more, _log_facts),
)


def functions() -> Iterator[str]:
    return (function for _, _, function, _, _ in _RECORDED)
