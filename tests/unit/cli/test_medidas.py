"""`aval medidas`: a key, lines that are added, and a log that is verified."""

import getpass
import json
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from aval.cli import medidas
from aval.cli.main import main
from aval.settings import Variable
from tests.support import measurements, nitro

PASSPHRASE = "uma frase comprida"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(Variable.PASSWORD, PASSPHRASE)
    monkeypatch.delenv(Variable.MEASUREMENTS_SIGNER, raising=False)
    monkeypatch.setattr(medidas, "utc_now", lambda: nitro.START)
    return tmp_path


@pytest.fixture
def key(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["medidas", "gerar-chave", "-o", "chave.pem", "--publica", "publica.pem"]) == 0
    capsys.readouterr()
    return folder / "chave.pem"


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medidas, "utc_now", lambda: moment)


def append(number: int, act: str = "LIBERAR") -> int:
    measurement = measurements.measurement(number)
    told = {str(index): value.hex() for index, value in measurement.pcrs.items()}
    Path("medida.json").write_text(json.dumps(told))
    what = ["--ato", act, "--versao", f"2026.7.{number}", "--medida", "medida.json"]
    return main(["medidas", "anexar", "medidas.jsonl", "--chave", "chave.pem", *what])


def verify(*options: str) -> int:
    return main(["medidas", "verificar", "medidas.jsonl", "--chave-medidas", "publica.pem", *options])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


def test_a_key_is_made_under_the_passphrase_and_for_its_user_alone(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in key.read_bytes()
    assert load_pem_private_key(key.read_bytes(), PASSPHRASE.encode())
    assert b"PRIVATE" not in Path("publica.pem").read_bytes()


def test_a_key_is_never_written_over(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = key.read_bytes()
    assert main(["medidas", "gerar-chave", "-o", "chave.pem", "--publica", "outra.pem"]) == 2
    assert "já existe" in capsys.readouterr().err
    assert key.read_bytes() == before


def test_a_short_passphrase_makes_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Variable.PASSWORD, "curta")
    assert main(["medidas", "gerar-chave", "-o", "chave.pem", "--publica", "publica.pem"]) == 2
    assert not list(folder.iterdir())


def test_a_new_passphrase_is_asked_for_twice_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(Variable.PASSWORD)
    command = ["medidas", "gerar-chave", "-o", "chave.pem", "--publica", "publica.pem"]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    assert main(command) == 2
    assert "não há terminal" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    answers = iter([PASSPHRASE, f"{PASSPHRASE}!", PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    assert main(command) == 2
    assert "não são iguais" in capsys.readouterr().err
    assert main(command) == 0
    assert load_pem_private_key(Path("chave.pem").read_bytes(), PASSPHRASE.encode())


def test_what_is_appended_is_in_force(
    key: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert append(1) == 0
    at(nitro.START + timedelta(days=1), monkeypatch)
    assert append(2) == 0
    at(nitro.START + timedelta(days=2), monkeypatch)
    assert append(1, "RETIRAR") == 0
    capsys.readouterr()
    for day, numbers in ((0, [1]), (1, [1, 2]), (2, [2])):
        assert verify("--json", "--em", (nitro.START + timedelta(days=day)).isoformat()) == 0
        document = told(capsys)
        assert [int(one["0"][:2], 16) for one in document["medidas"]] == numbers
        assert (document["valido"], document["motivo"], document["fim"]["n"]) == (True, None, 3)


def test_registers_may_be_told_one_by_one(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = [f"{index}={value.hex()}" for index, value in measurements.measurement(1).pcrs.items()]
    told_pcrs = [word for value in values for word in ("--pcr", value)]
    command = ["medidas", "anexar", "medidas.jsonl", "--chave", "chave.pem", "--ato", "LIBERAR"]
    assert main([*command, "--versao", "1", *told_pcrs]) == 0
    assert main([*command, "--versao", "1", *told_pcrs, "--pcr", values[0]]) == 2
    assert verify() == 0
    assert "LIBERAR" in capsys.readouterr().out


def test_what_the_log_would_not_take_changes_nothing(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert append(1) == 0
    before = Path("medidas.jsonl").read_bytes()
    for number, act, reason in (
        (1, "LIBERAR", "REGISTRO_JA_LIBERADA"),
        (2, "RETIRAR", "REGISTRO_NAO_LIBERADA"),
    ):
        assert append(number, act) == 1
        assert reason in capsys.readouterr().err
    assert Path("medidas.jsonl").read_bytes() == before


def test_nothing_is_appended_to_a_log_of_another_key(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("medidas.jsonl").write_text(f"{measurements.lines()[0]}\n")
    assert append(2) == 1
    assert "REGISTRO_ASSINATURA" in capsys.readouterr().err


def test_a_log_whose_last_line_break_is_missing_is_continued(key: Path) -> None:
    assert append(1) == 0
    log = Path("medidas.jsonl")
    log.write_text(log.read_text().rstrip("\n"))
    assert append(2) == 0
    assert len(log.read_text().splitlines()) == 2
    assert verify() == 0


def test_a_wrong_passphrase_opens_no_key(
    key: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(Variable.PASSWORD, "outra frase comprida")
    assert append(1) == 2
    assert "a senha não é a dela" in capsys.readouterr().err
    assert not Path("medidas.jsonl").exists()


def test_an_edited_log_gives_one_and_the_rule(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert append(1) == 0
    capsys.readouterr()
    log = Path("medidas.jsonl")
    log.write_text(log.read_text().replace(".", ".A", 1))
    assert verify("--json") == 1
    document = told(capsys)
    assert (document["valido"], document["fim"], document["medidas"]) == (False, None, None)
    assert document["motivo"].startswith("REGISTRO_")


def test_a_log_that_went_back_is_told_by_who_saw_its_end(
    key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert append(1) == 0
    [first] = Path("medidas.jsonl").read_text().splitlines()
    assert append(2) == 0
    head = capsys.readouterr().out.rpartition(" ")[2].strip()
    assert verify("--visto", head) == 0
    Path("medidas.jsonl").write_text(f"{first}\n")
    assert verify() == 0
    capsys.readouterr()
    assert verify("--visto", head) == 1
    assert "REGISTRO_CORTADO" in capsys.readouterr().out


def test_the_key_of_the_log_is_asked_for(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert append(1) == 0
    assert main(["medidas", "verificar", "medidas.jsonl"]) == 2
    assert "--chave-medidas" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{", '{"0": 1}', '{"99": ""}'])
def test_a_measurement_of_another_form_gives_two(
    key: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    Path("medida.json").write_text(content)
    what = ["--ato", "LIBERAR", "--versao", "1", "--medida", "medida.json"]
    assert main(["medidas", "anexar", "medidas.jsonl", "--chave", "chave.pem", *what]) == 2
    assert not Path("medidas.jsonl").exists()


@pytest.mark.parametrize("seen", ["", "1", "0:" + "0" * 64, "1:00", "x:" + "0" * 64])
def test_a_head_of_another_form_gives_two(key: Path, capsys: pytest.CaptureFixture[str], seen: str) -> None:
    with pytest.raises(SystemExit) as left:
        verify("--visto", seen)
    assert left.value.code == 2
