"""The log of released measurements, kept and signed by this machine's operator, and published for clients."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from aval.adapters.s3_measurements import LOG
from aval.attestation.measurements import MOST_ACCEPTED, LogAct, LogEntry, Measurement, MeasurementLog
from local.aws import Emulator
from local.files import write_whole


@dataclass(frozen=True, slots=True)
class ReleaseLog:
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "measurements.jsonl"

    @property
    def public_key(self) -> Path:
        return self.folder / "operador.pem"

    def in_force(self, at: datetime) -> tuple[Measurement, ...]:
        return self._log().accepted(at)

    def release(self, registers: dict[int, bytes], *, at: datetime) -> tuple[Measurement, ...]:
        """Add a measurement unless it is in force, retire the oldest beyond two; return those in force."""
        key, log, measured = self._operator_key(), self._log(), Measurement(registers)
        in_force = log.accepted(at)
        if measured in in_force:
            return in_force
        wanted = [(LogAct.RETIRE, oldest) for oldest in in_force[: len(in_force) - MOST_ACCEPTED + 1]]
        for act, measurement in (*wanted, (LogAct.RELEASE, measured)):
            entry = LogEntry(act, at, version=registers[0].hex()[:12], measurement=measurement)
            line = log.append(entry, key)
            log = log.with_line(line, key.public_key())
            self._append(line)
        return log.accepted(at)

    def publish(self, emulator: Emulator, bucket: str) -> None:
        emulator.client("s3").put_object(Bucket=bucket, Key=LOG, Body=self.file.read_bytes())

    def _log(self) -> MeasurementLog:
        try:
            return MeasurementLog.parse(self.file.read_text(), self._operator_key().public_key())
        except FileNotFoundError:
            return MeasurementLog()

    def _append(self, line: str) -> None:
        with self.file.open("a") as opened:
            opened.write(f"{line}\n")

    def _operator_key(self) -> ec.EllipticCurvePrivateKey:
        self.folder.mkdir(parents=True, exist_ok=True)
        private = self.folder / "operador.key"
        try:
            key = load_pem_private_key(private.read_bytes(), password=None)
        except FileNotFoundError:
            key = ec.generate_private_key(ec.SECP384R1())
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_whole(private, pem.decode(), mode=0o600)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("operador.key is no elliptic-curve key")
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        write_whole(self.public_key, public.decode())
        return key
