"""The files of an agent who uses the `aval` command."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation.measurements import LogAct, LogEntry, MeasurementLog
from aval.cli import lote
from aval.cli.main import main
from aval.sealing import reader_file
from aval.settings import Variable
from tests.support.attested import MEASUREMENTS, offer, root
from tests.support.sealing import (
    AT,
    COMPANY,
    EVENT,
    PLAINTEXT,
    REQUEST,
    reader,
)

PASSPHRASE: Final = "uma senha comprida"


@dataclass(frozen=True, slots=True)
class Desk:
    """The files of an agent: a document of the key, the log of measurements, a reader's keys."""

    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def code(self) -> list[str]:
        return ["--raiz", self.path("raiz.pem"), *self.log()]

    def log(self) -> list[str]:
        return ["--medidas", self.path("medidas.jsonl"), "--chave-medidas", self.path("medidas.pem")]

    def seal(self, *more: str, code: list[str] | None = None) -> int:
        told = ["--chave", self.path("chave.json"), "--evento", EVENT, "--remetente", COMPANY]
        reading = ["--tipo", "ENSAIO", "--leitor", self.path("ana.json"), self.path("bia.json")]
        given = self.code() if code is None else code
        file = self.path("ensaio.json")
        return main(["lote", "selar", file, *told, *reading, "-o", self.path("selado"), *given, *more])

    def open(self, *more: str, jti: str = REQUEST) -> int:
        told = ["--chave", self.path("chave.json"), "--evento", EVENT, "--cnpj", COMPANY, "--jti", jti]
        files = [self.path("ana.chaves"), self.path("resposta")]
        return main(["leitor", "abrir", *files, *told, *self.code(), *more])

    def verify(self, *more: str) -> int:
        return main(["recibo", "verificar", self.path("recibo"), *self.code(), *more])

    def write(self, name: str, content: bytes | str) -> None:
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)


def laid_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(folder)
    signer = ec.generate_private_key(ec.SECP384R1())
    public = signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    released = LogEntry(LogAct.RELEASE, AT - timedelta(days=1), "1", MEASUREMENTS[0])
    desk.write("medidas.jsonl", MeasurementLog().append(released, signer) + "\n")
    desk.write("medidas.pem", public)
    desk.write("raiz.pem", root().holder.certificate.public_bytes(Encoding.PEM))
    desk.write("chave.json", offer())
    desk.write("ensaio.json", PLAINTEXT)
    for name in ("ana", "bia"):
        desk.write(f"{name}.json", json.dumps(reader(name).public.as_json()))
    fewest = reader_file.FEWEST_ITERATIONS
    desk.write("ana.chaves", reader_file.protect(reader("ana"), PASSPHRASE, iterations=fewest))
    monkeypatch.setenv(Variable.PASSWORD, PASSPHRASE)
    monkeypatch.setattr(lote, "utc_now", lambda: AT + timedelta(minutes=1))
    return desk
