"""A plugin of pytest that writes down what tests ask of the verifier of attestation, and its answers."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
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

TARGET: Final = "AVAL_VECTORS"
"""The variable that names the file to write, in the process that records."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Json = Any
Describe = Callable[..., dict[str, Json]]


def pytest_configure(config: pytest.Config) -> None:
    """Of the process that records, before any test has taken hold of a function."""
    target = os.environ.get(TARGET)
    if target is None:
        return
    recorder = _Recorder(Path(target))
    for holder, name, function, describe, answer_of in _RECORDED:
        recorder.listen(holder, name, function, describe, answer_of)


class _Recorder:
    """Writes down outermost calls: what one of these functions asks of another is its own affair."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._is_inside = False
        target.write_text("", encoding="utf-8")

    def listen(
        self, holder: object, name: str, function: str, describe: Describe, answer_of: Callable[[Any], Json]
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
            self._write(function, describe(*told, **named), {"told": answer_of(answer)})
            return answer

        setattr(holder, name, classmethod(listened) if isinstance(own, classmethod) else listened)

    def _write(self, function: str, given: Json, outcome: Json) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "while tests were collected").rpartition(" (")[0]
        vector = {"name": test, "function": function, "given": given, "outcome": outcome}
        with self._target.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps(vector)}\n")


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


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


def replay_given(data: bytes, *, root: str, measurements: Sequence[Measurement]) -> dict[str, Json]:
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


def log_given(
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


def document_answer(told: AttestationDocument) -> Json:
    return {
        "moduleId": told.module_id,
        "instant": milliseconds(told.timestamp),
        "pcrs": _registers(told.pcrs),
        "publicKey": told.public_key and told.public_key.hex(),
        "userData": None if told.user_data is None else told.user_data.hex(),
        "nonce": None if told.nonce is None else told.nonce.hex(),
    }


def _signed_answer(told: SignedDocument) -> Json:
    parts = {"signature": told.signature.hex(), "toBeSigned": told.to_be_signed.hex()}
    return {**document_answer(told.content), **parts}


def log_answer(log: MeasurementLog) -> Json:
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
    (document, "parse_document", "parse_document", _document_alone, _signed_answer),
    (chain, "verify_chain", "verify_chain", _chain, _spki),
    (expectation, "verify_code", "verify_code", _code, _nothing),
    (public_key, "rsa_key_of", "rsa_key_of", _key, _spki),
    (verification, "verify_origin", "verify_origin", _origin, document_answer),
    (verification, "verify_replay", "verify_replay", replay_given, document_answer),
    (verification, "verify_live", "verify_live", _live, document_answer),
    (measurements.MeasurementLog, "parse", "parse_log", log_given, log_answer),
    (measurements.MeasurementLog, "_followed_by", "followed_by", _one_line_more, log_answer),
)


def functions() -> Iterator[str]:
    return (function for _, _, function, _, _ in _RECORDED)
