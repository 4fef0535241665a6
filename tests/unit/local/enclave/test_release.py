from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aval.attestation.measurements import LogAct, MeasurementLog
from aval.attestation.refusals import MeasurementLogRefused
from local.enclave.release import ReleaseLog

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def registers(number: int) -> dict[int, bytes]:
    return {index: bytes([number, index]) * 24 for index in (0, 1, 2, 8)}


@pytest.fixture
def log(tmp_path: Path) -> ReleaseLog:
    return ReleaseLog(tmp_path / "medidas")


def in_force(log: ReleaseLog) -> list[dict[int, bytes]]:
    return [dict(measurement.pcrs) for measurement in log.in_force(AT + timedelta(days=1))]


def test_nothing_is_in_force_before_a_release(log: ReleaseLog) -> None:
    assert in_force(log) == []


def test_the_same_measurement_is_released_once(log: ReleaseLog) -> None:
    log.release(registers(1), at=AT)
    written = log.file.read_text()
    log.release(registers(1), at=AT + HOUR)
    assert log.file.read_text() == written
    assert in_force(log) == [registers(1)]


def test_two_overlap_and_a_third_retires_the_oldest(log: ReleaseLog) -> None:
    for number in (1, 2, 3):
        log.release(registers(number), at=AT + number * HOUR)
    assert in_force(log) == [registers(2), registers(3)]
    acts = [entry.act for entry in MeasurementLog.parse(log.file.read_text(), key_of(log)).entries]
    assert acts == [LogAct.RELEASE, LogAct.RELEASE, LogAct.RETIRE, LogAct.RELEASE]


def test_a_client_reads_it_with_the_operators_key_and_with_no_other(log: ReleaseLog, tmp_path: Path) -> None:
    log.release(registers(1), at=AT)
    other = ReleaseLog(tmp_path / "other")
    other.release(registers(1), at=AT)
    assert MeasurementLog.parse(log.file.read_text(), key_of(log)).head.count == 1
    with pytest.raises(MeasurementLogRefused):
        MeasurementLog.parse(log.file.read_text(), key_of(other))


def test_the_operators_key_is_his_alone(log: ReleaseLog) -> None:
    log.release(registers(1), at=AT)
    assert (log.folder / "operador.key").stat().st_mode & 0o077 == 0


def key_of(log: ReleaseLog) -> str:
    return log.public_key.read_text()
