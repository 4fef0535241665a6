"""A log of measurements: three versions, two of them at once, the first retired."""

from datetime import timedelta
from functools import cache
from typing import Final

from aval.attestation.measurements import LogAct, LogEntry, LogHead, Measurement, MeasurementLog
from tests.support import nitro

KEY: Final = nitro.key_of("registro")
DAY: Final = timedelta(days=1)


def measurement(number: int) -> Measurement:
    return Measurement(dict.fromkeys((0, 1, 2, 8), bytes([number]) * 48))


def release(number: int, *, day: int | None = None) -> LogEntry:
    at = nitro.START + DAY * (number if day is None else day)
    return LogEntry(LogAct.RELEASE, at, f"2026.7.{number}", measurement(number))


def retirement(number: int, *, day: int) -> LogEntry:
    return LogEntry(LogAct.RETIRE, nitro.START + DAY * day, f"2026.7.{number}", measurement(number))


@cache
def lines() -> tuple[str, ...]:
    """Released on day 1 and 2; the first retired on day 3; another released on day 4."""
    return written(release(1), release(2), retirement(1, day=3), release(4))


def written(*entries: LogEntry) -> tuple[str, ...]:
    log, told = MeasurementLog(), []
    for entry in entries:
        told.append(log.append(entry, KEY))
        log = log.with_line(told[-1], KEY.public_key())
    return tuple(told)


def parsed(text: str, *, seen: LogHead | None = None) -> MeasurementLog:
    return MeasurementLog.parse(text, KEY.public_key(), seen=seen)
