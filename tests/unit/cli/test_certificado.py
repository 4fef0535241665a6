"""`aval certificado verificar`: rows, words and exit codes."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from aval.certificates.judgement import MAX_UPLOAD_BYTES, judge
from aval.certificates.truststore import Truststore
from aval.cli.main import main
from aval.settings import Variable
from local.issuing import SERVER_AUTH
from tests.support import pki

AT = "2026-07-01T12:00:00Z"
RULES = ["tamanho", "formato", "cadeia", "uso", "chave", "validade", "assinatura"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "truststore.pem").write_bytes(pki.hierarchy().truststore_pem())
    (tmp_path / "bom.cer").write_bytes(pki.leaf())
    (tmp_path / "mau.cer").write_bytes(pki.leaf(usages=(SERVER_AUTH,), cnpj=pki.OLD_COMPANY))
    return tmp_path


def verify(folder: Path, name: str, *options: str) -> int:
    truststore = str(folder / "truststore.pem")
    return main(
        ["certificado", "verificar", str(folder / name), "--truststore", truststore, "--em", AT, *options]
    )


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def test_an_accepted_file_gives_zero_and_every_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "bom.cer", "--json") == 0
    document = told(capsys)
    assert document.keys() == {"aceito", "regras"}
    assert document["aceito"] is True
    assert [row["regra"] for row in document["regras"]] == RULES
    assert all(row.keys() == {"regra", "ok", "detalhe"} and row["ok"] is True for row in document["regras"])


def test_a_locale_that_cannot_spell_the_answer_does_not_turn_it_into_a_refusal(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", write_through=True))
    assert verify(folder, "bom.cer", "--json") == 0
    assert json.loads(written.getvalue().decode())["aceito"] is True


def test_the_row_cnpj_is_there_for_a_named_company(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "bom.cer", "--json", "--cnpj", pki.COMPANY.masked) == 0
    assert [row["regra"] for row in told(capsys)["regras"]] == [*RULES, "cnpj"]


def test_a_refused_file_gives_one_and_its_faults(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "mau.cer", "--json", "--cnpj", pki.COMPANY) == 1
    document = told(capsys)
    assert document["aceito"] is False
    assert [row["regra"] for row in document["regras"] if not row["ok"]] == ["uso", "cnpj"]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"", [("tamanho", True), ("formato", False)]),
        (b"x" * (MAX_UPLOAD_BYTES + 1), [("tamanho", False)]),
        (b"x" * 1_000_000, [("tamanho", False)]),
    ],
    ids=["empty", "one byte too long", "a megabyte"],
)
def test_what_is_no_certificate_has_no_later_rows(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes, rows: list[tuple[str, bool]]
) -> None:
    (folder / "outro").write_bytes(content)
    assert verify(folder, "outro", "--json", "--cnpj", pki.COMPANY) == 1
    assert [(row["regra"], row["ok"]) for row in told(capsys)["regras"]] == rows


def test_the_command_says_what_the_judgement_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("bom.cer", "mau.cer"):
        verify(folder, name, "--json", "--cnpj", pki.COMPANY)
        upload = (folder / name).read_bytes()
        judgement = judge(upload, truststore=pki.truststore(), at=pki.START, cnpj=pki.COMPANY)
        assert told(capsys) == {
            "aceito": judgement.accepted,
            "regras": [
                {"regra": verdict.rule.value, "ok": verdict.ok, "detalhe": verdict.detail}
                for verdict in judgement.verdicts
            ],
        }


def test_without_json_the_rows_are_read_by_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "mau.cer") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "RECUSADO"
    assert sum(line.startswith("RECUSADO ") for line in lines) == 1


@pytest.mark.parametrize(("options", "warned"), [((), True), (("--cnpj", pki.COMPANY), False)])
def test_who_accepts_without_a_company_is_told_what_was_not_judged(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], *, warned: bool
) -> None:
    assert verify(folder, "bom.cer", *options) == 0
    assert ("não foi conferido de que empresa" in capsys.readouterr().out) is warned


@pytest.mark.parametrize(("name", "why"), [("falta.cer", "não existe"), (".", "é uma pasta")])
def test_why_a_file_cannot_be_read_is_told_in_portuguese(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, why: str
) -> None:
    assert verify(folder, name) == 2
    assert capsys.readouterr().err.endswith(f": {why}\n")


@pytest.mark.parametrize("name", pki.hierarchy().authorities)
def test_each_authority_alone_serves_as_truststore(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    authority = pki.hierarchy().authorities[name].certificate
    (tmp_path / "bom.cer").write_bytes(pki.leaf())
    (tmp_path / "truststore.pem").write_bytes(authority.public_bytes(pki.PEM))
    assert verify(tmp_path, "bom.cer", "--json") == 1
    assert [row["regra"] for row in told(capsys)["regras"] if not row["ok"]] == ["cadeia"]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-06-30T11:59:59Z", 1),
        ("2026-06-30T12:00:00+00:00", 0),
        ("2026-06-30T09:00:00-03:00", 0),
        ("2026-06-30", 1),
        ("2026-07-01", 0),
        ("2027-06-30", 0),
        ("2027-07-01", 1),
        ("0001-01-01T00:00:00Z", 1),
        ("9999-12-31T23:59:59Z", 1),
    ],
)
def test_a_bare_date_is_midnight_in_sao_paulo(folder: Path, moment: str, code: int) -> None:
    assert verify(folder, "bom.cer", "--em", moment) == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["certificado", "verificar", "falta.cer", "--truststore", "truststore.pem"],
        ["certificado", "verificar", ".", "--truststore", "truststore.pem"],
        ["certificado", "verificar", "bom.cer", "--truststore", "falta.pem"],
        ["certificado", "verificar", "bom.cer", "--truststore", "."],
        ["certificado", "verificar", "bom.cer", "--truststore", "nada.pem"],
        ["certificado", "verificar", "bom.cer"],
    ],
)
def test_what_cannot_be_read_gives_two(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (folder / "nada.pem").write_text("nada")
    monkeypatch.chdir(folder)
    monkeypatch.setenv(Variable.TRUSTSTORE_FOLDER, str(folder / "nenhum"))
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["certificado"],
        ["certificado", "verificar"],
        ["certificado", "verificar", "bom.cer", "--cnpj", "12345"],
        ["certificado", "verificar", "bom.cer", "--em", "ontem"],
        ["certificado", "verificar", "bom.cer", "--em", "9999-12-31T23:59:59-03:00"],
        ["certificado", "apagar"],
    ],
)
def test_arguments_that_cannot_be_read_give_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2


def test_a_truststore_file_is_read_without_pins(folder: Path) -> None:
    assert len(Truststore.from_pem((folder / "truststore.pem").read_bytes()).anchors) == 1
    assert verify(folder, "bom.cer") == 0
