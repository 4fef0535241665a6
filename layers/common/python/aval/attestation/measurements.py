"""What code is released: measurements, and the log that adds and retires them.

The log is append-only, each line signed and chained to the line before. Whoever has the public
key can tell an edited, inserted, dropped or reordered line. A log cut short at its end is one that is older,
which nobody can tell who has not seen a longer one: for that, a head that was seen is kept and given.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from aval.attestation.document import MAX_PCRS, PCR_BYTES, ZERO
from aval.attestation.log_lines import malformed, read_line, read_signer, sign_line
from aval.attestation.refusals import LogReason, MeasurementLogRefused
from aval.moments import from_storage, to_storage

IMAGE_PCRS: Final = (0, 1, 2)
MOST_ACCEPTED: Final = 2
"""What a roll-out needs: the measurement that goes, and the one that comes."""

_MAX_VERSION: Final = 64
_PCR_NAMES: Final = {str(index): index for index in range(MAX_PCRS)}
_HEX: Final = re.compile(r"[0-9a-f]{96}")


@dataclass(frozen=True, slots=True)
class Measurement:
    """PCRs that must all be there and equal; what it does not name may be anything."""

    pcrs: Mapping[int, bytes]

    def __post_init__(self) -> None:
        for index, value in self.pcrs.items():
            if not 0 <= index < MAX_PCRS or len(value) != PCR_BYTES:
                raise ValueError(f"PCR{index} is no measurement of {PCR_BYTES} bytes")
        object.__setattr__(self, "pcrs", MappingProxyType(dict(self.pcrs)))


class LogAct(StrEnum):
    RELEASE = "LIBERAR"
    RETIRE = "RETIRAR"


@dataclass(frozen=True, slots=True)
class LogHead:
    """How far a log goes, and the digest of its last line."""

    count: int
    digest: str


START: Final = LogHead(0, "0" * 64)


@dataclass(frozen=True, slots=True)
class LogEntry:
    act: LogAct
    at: datetime
    version: str
    measurement: Measurement


@dataclass(frozen=True, slots=True)
class MeasurementLog:
    """Entries that were verified, and the head that they lead to."""

    entries: tuple[LogEntry, ...] = ()
    head: LogHead = START

    @classmethod
    def parse(
        cls, text: str, key: ec.EllipticCurvePublicKey | bytes | str, *, seen: LogHead | None = None
    ) -> Self:
        """Read and verify every line; raise `MeasurementLogRefused`. A log without a line is refused too."""
        signer = key if isinstance(key, ec.EllipticCurvePublicKey) else read_signer(key)
        log = cls()
        for line in _lines(text):
            log = log._followed_by(line, signer)
            if seen is not None and log.head.count == seen.count and log.head != seen:
                raise _forked()
        if seen is not None and log.head.count < seen.count:
            raise MeasurementLogRefused(
                LogReason.TRUNCATED, f"o registro de medidas já teve {seen.count} linhas, e aqui é mais curto"
            )
        return log

    def append(self, entry: LogEntry, key: ec.EllipticCurvePrivateKey) -> str:
        """The line that adds `entry`; raise `MeasurementLogRefused` when the log would not take it."""
        content = {
            "n": self.head.count + 1,
            "anterior": self.head.digest,
            "ato": entry.act.value,
            "instante": to_storage(entry.at),
            "versao": entry.version,
            "medida": {str(index): value.hex() for index, value in sorted(entry.measurement.pcrs.items())},
        }
        line = sign_line(content, key)
        # What a reader would refuse is not written.
        self._followed_by(line, key.public_key())
        return line

    def with_line(self, line: str, key: ec.EllipticCurvePublicKey) -> Self:
        """This log and one line more; raise `MeasurementLogRefused`."""
        return self._followed_by(line, key)

    def accepted(self, at: datetime) -> tuple[Measurement, ...]:
        """What was released and not retired at the moment `at`, oldest first."""
        return _in_force([entry for entry in self.entries if entry.at <= at])

    def _followed_by(self, line: str, key: ec.EllipticCurvePublicKey) -> Self:
        # (1) The signature, before anything in it is believed.
        content = read_line(line, key)
        # (2) Its place: a number that is missing, repeated or out of order; then what came before.
        if content["n"] != self.head.count + 1:
            raise MeasurementLogRefused(
                LogReason.ORDER, f"a linha {self.head.count + 1} do registro diz ser a {content['n']}"
            )
        if content["anterior"] != self.head.digest:
            raise MeasurementLogRefused(
                LogReason.CHAIN, f"a linha {self.head.count + 1} do registro não continua a anterior"
            )
        # (3) Its meaning.
        entry = _entry(content)
        self._verify_next(entry)
        digest = hashlib.sha256(line.encode()).hexdigest()
        return type(self)((*self.entries, entry), LogHead(self.head.count + 1, digest))

    def _verify_next(self, entry: LogEntry) -> None:
        if self.entries and entry.at < self.entries[-1].at:
            raise MeasurementLogRefused(LogReason.TIME, "uma linha do registro é mais antiga que a anterior")
        in_force = _in_force(self.entries)
        if entry.act is LogAct.RETIRE:
            if entry.measurement not in in_force:
                raise MeasurementLogRefused(LogReason.NOT_RELEASED, "a medida a retirar não está em vigor")
            return
        _verify_release(entry.measurement)
        if entry.measurement in in_force:
            raise MeasurementLogRefused(LogReason.ALREADY_RELEASED, "a medida já está em vigor")
        if len(in_force) == MOST_ACCEPTED:
            raise MeasurementLogRefused(
                LogReason.TOO_MANY, f"já há {MOST_ACCEPTED} medidas em vigor: retire uma antes"
            )


def _in_force(entries: Sequence[LogEntry]) -> tuple[Measurement, ...]:
    standing: list[Measurement] = []
    for entry in entries:
        if entry.act is LogAct.RELEASE:
            standing.append(entry.measurement)
        else:
            standing.remove(entry.measurement)
    return tuple(standing)


def _verify_release(measurement: Measurement) -> None:
    # Less than the image, the kernel and the application would let other code pass.
    if any(measurement.pcrs.get(index, ZERO) == ZERO for index in IMAGE_PCRS):
        raise MeasurementLogRefused(LogReason.FORM, "uma medida liberada traz os PCRs 0, 1 e 2, não zerados")
    if ZERO in measurement.pcrs.values():
        raise MeasurementLogRefused(LogReason.FORM, "uma medida liberada não traz PCR zerado")


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        raise MeasurementLogRefused(LogReason.EMPTY, "o registro de medidas está vazio")
    return lines


def _entry(content: Mapping[str, Any]) -> LogEntry:
    version = content["versao"]
    if not isinstance(version, str) or not 1 <= len(version) <= _MAX_VERSION or not version.isprintable():
        raise malformed()
    try:
        return LogEntry(
            act=LogAct(content["ato"]),
            at=from_storage(content["instante"]),
            version=version,
            measurement=read_measurement(content["medida"]),
        )
    except (ValueError, TypeError) as failure:
        raise malformed() from failure


def read_measurement(told: object) -> Measurement:
    """`{"0": "lower hex", …}`; raise `ValueError`."""
    if not isinstance(told, dict) or not told.keys() <= _PCR_NAMES.keys():
        raise ValueError("a measurement names its PCRs by number")
    if not all(isinstance(value, str) and _HEX.fullmatch(value) for value in told.values()):
        raise ValueError("a PCR is told in 96 hexadecimal digits")
    return Measurement({_PCR_NAMES[name]: bytes.fromhex(value) for name, value in told.items()})


def _forked() -> MeasurementLogRefused:
    return MeasurementLogRefused(
        LogReason.FORK, "o registro de medidas não é a continuação do que já foi visto"
    )
