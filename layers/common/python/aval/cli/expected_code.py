"""Options by which a command learns whose attestation it believes, and of what code."""

import argparse
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from aval.attestation.document import MAX_PCRS
from aval.attestation.measurements import LogHead, Measurement, MeasurementLog
from aval.attestation.roots import AWS_ROOT
from aval.cli.outcome import CommandFailed, reason
from aval.identifiers import Fingerprint
from aval.settings import Settings, Variable

_LARGEST_FILE: Final = 16 << 20
_PCR: Final = re.compile(r"([0-9]{1,2})=([0-9A-Fa-f]{96})")
_HEAD: Final = re.compile(r"([0-9]{1,9}):([0-9a-f]{64})")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){1,1024}")


@dataclass(frozen=True, slots=True)
class ExpectedCode:
    """A root, and the measurements that are believed under it."""

    root: Fingerprint
    pcrs: Mapping[int, bytes] = field(default_factory=dict)
    log: MeasurementLog | None = None

    @property
    def is_told(self) -> bool:
        return bool(self.pcrs) or self.log is not None

    @property
    def names_image(self) -> bool:
        """Whether it is one image: other code of the same signer or role has their registers too."""
        return self.log is not None or 0 in self.pcrs

    def accepted(self, at: datetime) -> tuple[Measurement, ...]:
        """What may have run at the moment `at`: what the log says, and the PCRs that were told, together."""
        if self.log is None:
            return (Measurement(self.pcrs),) if self.pcrs else ()
        return tuple(
            Measurement({**released.pcrs, **self.pcrs})
            for released in self.log.accepted(at)
            if all(self.pcrs.get(index, value) == value for index, value in released.pcrs.items())
        )


def add_expected_code(parser: argparse.ArgumentParser) -> None:
    told = parser.add_argument_group("código esperado")
    told.add_argument(
        "--pcr", action="append", default=[], type=pcr, metavar="N=HEX", help="medida que deve estar lá"
    )
    told.add_argument("--medidas", type=Path, metavar="REGISTRO", help="registro assinado das medidas")
    told.add_argument(
        "--chave-medidas",
        type=Path,
        metavar="PEM",
        help=f"chave pública do registro; sem isto, a que {Variable.MEASUREMENTS_SIGNER} nomeia",
    )
    told.add_argument(
        "--medidas-vistas", type=log_head, metavar="N:HEX", help="fim do registro que já foi visto"
    )
    told.add_argument("--raiz", type=Path, metavar="PEM", help="raiz do atestado; sem isto, a da AWS")


def expected_code(given: argparse.Namespace) -> ExpectedCode:
    """Raise `CommandFailed` for what cannot be read, `MeasurementLogRefused` for a log that does not hold."""
    pcrs: dict[int, bytes] = {}
    for index, value in given.pcr:
        if pcrs.setdefault(index, value) != value:
            raise CommandFailed(f"--pcr diz duas medidas para o PCR{index}")
    return ExpectedCode(root_of(given.raiz), pcrs, _log(given))


def root_of(path: Path | None) -> Fingerprint:
    if path is None:
        return AWS_ROOT
    try:
        certificate = x509.load_pem_x509_certificate(read_file(path))
    except ValueError as failure:
        raise CommandFailed(f"{path} não é um certificado em PEM") from failure
    return Fingerprint(certificate.fingerprint(hashes.SHA256()).hex())


def signer_pem(path: Path | None) -> bytes:
    """The public key that a log is judged by; there is no such thing as a log believed for itself."""
    named = path or (Settings.from_env().optional(Variable.MEASUREMENTS_SIGNER) or None)
    if named is None:
        raise CommandFailed(
            f"diga a chave do registro de medidas: --chave-medidas ou {Variable.MEASUREMENTS_SIGNER}"
        )
    return read_file(Path(named))


def read_log(path: Path, signer: bytes, *, seen: LogHead | None = None) -> MeasurementLog:
    """Raise `CommandFailed` or `MeasurementLogRefused`."""
    try:
        text = read_file(path).decode("ascii")
    except UnicodeDecodeError:
        # No line of a log has such a byte: it is read as one that no line can be.
        text = "\ufffd"
    return MeasurementLog.parse(text, signer, seen=seen)


def read_file(path: Path, *, most: int = _LARGEST_FILE) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as failure:
        raise CommandFailed(f"não foi possível ler {path}: {reason(failure)}") from failure


def pcr(text: str) -> tuple[int, bytes]:
    found = _PCR.fullmatch(text)
    if not found or int(found[1]) >= MAX_PCRS:
        raise argparse.ArgumentTypeError(f"{text!r} não é N=HEX: um PCR de 0 a 31 e seus 48 bytes")
    return int(found[1]), bytes.fromhex(found[2])


def log_head(text: str) -> LogHead:
    found = _HEAD.fullmatch(text)
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} não é um fim de registro: N:HEX")
    return LogHead(int(found[1]), found[2])


def nonce(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} não é um nonce: de 1 a 1024 bytes em hexadecimal")
    return bytes.fromhex(text)


def _log(given: argparse.Namespace) -> MeasurementLog | None:
    if given.medidas is None:
        return None
    return read_log(given.medidas, signer_pem(given.chave_medidas), seen=given.medidas_vistas)
