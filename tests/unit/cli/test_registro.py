import json
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import main
from tests.support.registry import AURORA, content, participant, person, profile, representation, whole


def run(*arguments: str) -> int:
    return main(["registro", "validar", *arguments])


def file(folder: Path, name: str, **datasets: Any) -> str:
    path = folder / name
    path.write_bytes(content(**datasets))
    return str(path)


def test_accepts_a_whole_registry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file(tmp_path, "a.json", **whole()), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "aceito": True,
        "linhas": {
            "participantes": 2,
            "perfis": 2,
            "ativos": 1,
            "parcelas": 1,
            "pessoas": 2,
            "representacoes": 1,
            "calendario": 1,
            "contratosRegulados": 1,
            "montantesRegulados": 1,
        },
        "referenciasNaoConferidas": [],
        "erros": [],
    }


def test_files_together_are_one_registry_in_whatever_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = file(tmp_path, "1.json", perfis=[profile()])
    two = file(tmp_path, "2.json", participantes=[participant()])
    assert run(one, two) == run(two, one) == 0
    assert "não conferido" not in capsys.readouterr().out


def test_a_reference_to_another_file_must_exist_there_and_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = file(tmp_path, "1.json", perfis=[profile(cnpj=AURORA)])
    two = file(tmp_path, "2.json", participantes=[participant()])
    assert run(one, two, "--json") == 1
    assert json.loads(capsys.readouterr().out)["erros"] == [
        {
            "arquivo": "1.json",
            "local": "/perfis/0",
            "campo": "cnpj",
            "detalhe": "não existe em participantes",
        }
    ]


def test_says_which_references_it_could_not_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file(tmp_path, "1.json", representacoes=[representation()])) == 0
    assert capsys.readouterr().out == (
        "representacoes: 1 linhas\n"
        "não conferido, por não estar entre os arquivos: referências a participantes, pessoas\n"
        "aceito\n"
    )


def test_a_dataset_belongs_to_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = file(tmp_path, "1.json", pessoas=[person()])
    two = file(tmp_path, "2.json", pessoas=[person()])
    assert run(one, two) == 1
    assert capsys.readouterr().out.startswith(
        "2.json: pessoas: o conjunto já está em 1.json, e cada carga o substitui inteiro\n"
    )


def test_a_file_that_cannot_be_read_is_another_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "none.json")) == 2
    assert "none.json" in capsys.readouterr().err
