"""An agent at a desk: the `aval` command alone, against a running stack."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import main
from aval.cli.outcome import ExitCode
from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import new_request_id
from tests.e2e.enclave_agent import Agent
from tests.support.stack import Stack

NUMBER = "0.1700"


@dataclass(frozen=True, slots=True)
class Desk:
    """An agent's folder; the doors are asked as `curl` would."""

    agent: Agent
    folder: Path
    nonce: bytes

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def write(self, name: str, content: str | bytes) -> str:
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return self.path(name)

    def code(self) -> Sequence[str]:
        described = self.agent.stack.described
        operator = Path(described["measurements"]) / "operador.pem"
        log = ("--medidas", self.path("medidas.jsonl"), "--chave-medidas", str(operator))
        return ("--raiz", described["attestation_root"], *log)

    def about(self, company_word: str) -> Sequence[str]:
        return ("--evento", self.agent.event, company_word, self.agent.company)

    def seal(self, kind: str, file: str, jti: str) -> bytes:
        key = ("--chave", self.path("chave.json"), "--nonce", self.nonce.hex(), *self.code())
        told = ("--tipo", kind, "--leitor", self.path("ana.json"), "--jti", jti, "-o", self.path("selado"))
        assert main(["lote", "selar", file, *key, *self.about("--remetente"), *told]) == ExitCode.ACCEPTED
        return (self.folder / "selado").read_bytes()

    def sign(self, act: str, subject: str, *more: str) -> str:
        jti = new_request_id()
        told = ("--ato", act, "--objeto", subject, "--jti", jti, "-o", self.path("ato"), *more)
        assert main(["leitor", "assinar", self.path("ana.chaves"), *told, *self.about("--cnpj")]) == 0
        return jti

    def open(self, told: dict[str, Any], jti: str) -> dict[str, Any]:
        answer = self.write("resposta", told["resposta"])
        key = ("--chave", self.path("chave.json"), *self.code())
        files = (self.path("ana.chaves"), answer, "--jti", jti, "-o", self.path("aberta"))
        assert main(["leitor", "abrir", *files, *self.about("--cnpj"), *key]) == ExitCode.ACCEPTED
        opened: dict[str, Any] = json.loads((self.folder / "aberta").read_text())
        return opened


@pytest.fixture
def desk(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("AVAL_SENHA", "uma senha bem comprida")
    agent, nonce = Agent(stack), secrets.token_bytes(32)
    assert agent.key
    desk = Desk(agent, tmp_path, nonce)
    answer = stack.request("GET", f"/prudencial/chave?nonce={nonce.hex()}", token=agent.token)
    desk.write("chave.json", answer.body)
    desk.write("medidas.jsonl", stack.request("GET", "/prudencial/medidas").body)
    made = ("--id", "ana", "-o", desk.path("ana.chaves"), "--publica", desk.path("ana.json"))
    assert main(["leitor", "criar", *made]) == ExitCode.ACCEPTED
    return desk


def test_the_command_judges_the_key_as_of_released_code(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    offer = json.loads((desk.folder / "chave.json").read_text())
    document = desk.write("atestado.cbor", base64.b64decode(offer["atestado"]))
    capsys.readouterr()
    judged = ("--nonce", desk.nonce.hex(), "--json")
    assert main(["atestado", "verificar", document, *desk.code(), *judged]) == ExitCode.ACCEPTED
    told = json.loads(capsys.readouterr().out)
    assert (told["valido"], told["codigoComparado"], told["debug"]) == (True, True, False)
    # Without this machine's root it is no document of AWS's.
    assert main(["atestado", "verificar", document, "--json"]) == ExitCode.REFUSED
    assert json.loads(capsys.readouterr().out)["motivo"] == "RAIZ_DESCONHECIDA"


def test_an_agent_seals_reads_validates_sends_and_checks_the_receipt(desk: Desk) -> None:
    agent, jti = desk.agent, new_request_id()
    file = desk.write("ensaio.json", json.dumps({"numero": NUMBER}))
    told = agent.ended(agent.submit(TaskAct.DELIVER, desk.seal("ENSAIO", file, jti)))
    delivered = desk.open(told, jti)
    assert (told["estado"], delivered["numero"]) == ("CONCLUIDA", NUMBER)

    desk.sign("VALIDAR", delivered["objeto"])
    told = agent.ended(agent.submit(TaskAct.VALIDATE, (desk.folder / "ato").read_bytes()))
    assert told["estado"] == "CONCLUIDA"

    jti = desk.sign("ENVIAR", delivered["objeto"], "--fa", NUMBER)
    told = agent.ended(agent.submit(TaskAct.SEND, desk.seal("ENVIO", desk.path("ato"), jti)))
    assert (told["estado"], told["liberado"]["fa"]) == ("CONCLUIDA", NUMBER)
    receipt = desk.write("recibo", told["liberado"]["recibo"])
    assert main(["recibo", "verificar", receipt, *desk.code()]) == ExitCode.ACCEPTED


def test_nothing_is_sealed_to_code_that_the_log_does_not_name(desk: Desk) -> None:
    file = desk.write("ensaio.json", json.dumps({"numero": NUMBER}))
    key = ("--chave", desk.path("chave.json"), "--nonce", desk.nonce.hex(), "--pcr", f"0={'ab' * 48}")
    root = ("--raiz", desk.agent.stack.described["attestation_root"])
    told = ("--tipo", "ENSAIO", "--leitor", desk.path("ana.json"), "-o", desk.path("selado"))
    assert main(["lote", "selar", file, *key, *root, *desk.about("--remetente"), *told]) == ExitCode.REFUSED
    assert not (desk.folder / "selado").exists()
