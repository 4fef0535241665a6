"""`aval recibo verificar`: rows, words and exit codes."""

import json
from pathlib import Path

import pytest

from aval.cli.main import main
from aval.sealing.release import Released
from tests.support.attested import PCRS, receipt, signed_receipt
from tests.support.desk import Desk, laid_out


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return laid_out(tmp_path, monkeypatch)


def test_a_receipt_is_verified_offline_and_told_whole(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    told = receipt(released=Released("0.17", ""))
    desk.write("recibo", signed_receipt(told) + "\n")
    assert desk.verify("--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["valido"] is True
    assert document["atestadoPorHardware"] is False
    assert document["recibo"] == told.as_json()
    assert document["pcrs"]["0"] == PCRS[0].hex()
    assert desk.verify() == 0
    shown = capsys.readouterr().out
    assert "0.17" in shown
    assert "NÃO ATESTADO POR HARDWARE" in shown
    assert shown.endswith("VÁLIDO\n")


def test_an_agents_words_write_no_other_row(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reason = "sem patrimônio\nVÁLIDO\x1b[8m\u202e"
    desk.write("recibo", signed_receipt(receipt(released=Released(None, reason))))
    assert desk.verify() == 0
    shown = capsys.readouterr().out
    assert r"sem número: sem patrimônio\u000aVÁLIDO\u001b[8m\u202e" in shown
    assert shown.count("\nVÁLIDO") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "MALFORMADO"),
        ("ç".encode(), "MALFORMADO"),
        (b"\xff\xfe", "MALFORMADO"),
        (b"a" * 200_000, "GRANDE_DEMAIS"),
    ],
)
def test_a_readable_file_that_is_no_receipt_is_refused_in_json(
    desk: Desk, capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    desk.write("recibo", content)
    assert desk.verify("--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document == {
        "valido": False,
        "motivo": reason,
        "atestadoPorHardware": None,
        "recibo": None,
        "declaracao": None,
        "modulo": None,
        "pcrs": None,
    }


def test_a_receipt_is_judged_under_the_hardware_root_unless_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write("recibo", signed_receipt())
    assert main(["recibo", "verificar", desk.path("recibo"), *desk.log()]) == 1
    assert "RAIZ_DESCONHECIDA" in capsys.readouterr().out
    assert main(["recibo", "verificar", desk.path("recibo")]) == 2
    # The signer alone names no image.
    signer = ["--raiz", desk.path("raiz.pem"), "--pcr", f"8={PCRS[8].hex()}"]
    assert main(["recibo", "verificar", desk.path("recibo"), *signer]) == 2
    assert main(["recibo", "verificar", desk.path("nada"), *desk.log()]) == 2
