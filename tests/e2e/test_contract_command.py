"""`aval contrato` against a running stack."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aval.cli.main import main
from tests.support.agents import ANA, PASSWORD, VENTO, Person
from tests.support.bus_files import FIRST, LAST, SELLER, row
from tests.support.contracts import file_xml
from tests.support.stack import Stack
from tests.support.systems import System


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def seller(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, VENTO, SELLER, tmp_path_factory.mktemp("vento"))


@pytest.fixture
def command(seller: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("AVAL_SENHA", PASSWORD)
    access = ["--ambiente", seller.url, "--cnpj", seller.company.masked, "--perfil", str(seller.profile)]
    access += ["--certificado", str(seller.pem), "--autoridades", str(seller.stack.authority)]
    return lambda name, *arguments: main(["contrato", name, *access, *arguments])


def test_the_command_sends_a_file_finds_it_again_and_lists_its_contract(
    command: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "contratos.xml"
    file.write_text(file_xml([row(1, referencia="COMANDO"), row(2, idComprador=99999)]))
    assert command("importar", str(file)) == 1
    told = capsys.readouterr()
    assert told.out.startswith("ERRO    linha 2 (sequencialControle 2): ")
    assert told.out.endswith("; 1 SUCESSO, 1 ERRO\n")
    code = told.err.split()[3]
    assert command("resultado", "--arquivo", str(file)) == 1
    assert f"processamento {code}: CONCLUIDO" in capsys.readouterr().out
    period = ("--inicio", f"{FIRST.instant:%Y-%m-%d}", "--fim", f"{LAST.instant:%Y-%m-%d}")
    assert command("listar", *period, "--papel", "VENDEDOR") == 0
    assert "NAO_VALIDADO" in capsys.readouterr().out


def test_the_command_is_told_why_nobody_lets_it_in(
    command: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AVAL_SENHA", "40281953")
    assert command("resultado", "1") == 2
    assert "confira certificado, CNPJ, senha e perfil" in capsys.readouterr().err
