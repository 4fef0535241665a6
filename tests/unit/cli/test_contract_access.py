"""How a command gets its password and key: never from its own arguments."""

import argparse
import getpass
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from aval.adapters.ccee.bus import CceeContractBus
from aval.cli.contract_access import acting_of, add_access, bus_of
from aval.cli.main import main
from aval.cli.outcome import CommandFailed
from tests.support import pki
from tests.support.contracts import SELLER, SELLING
from tests.support.soap_peer import identity

PASSWORD = "73918264"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    shown = identity()
    (tmp_path / "cliente.pem").write_bytes(shown.certificate)
    (tmp_path / "cliente.key").write_bytes(shown.private_key)
    (tmp_path / "ambos.pem").write_bytes(shown.private_key + shown.certificate)
    (tmp_path / "senha").write_text(f"{PASSWORD}\r\noutra linha\n")
    (tmp_path / "ca.pem").write_bytes(pki.hierarchy().truststore_pem())
    return tmp_path


def given(files: Path, *more: str, environment: str = "https://localhost:9443") -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_access(parser)
    return parser.parse_args(
        [*REACHING, "--ambiente", environment, *(text.replace("@", f"{files}/") for text in more)]
    )


REACHING = ("--ambiente", "piloto", "--cnpj", SELLING.masked, "--perfil", str(SELLER))
KEYS = ("--certificado", "@cliente.pem", "--chave", "@cliente.key")


def reached(files: Path, *more: str, environment: str = "https://localhost:9443") -> CceeContractBus:
    return bus_of(given(files, *more, environment=environment))


def test_options_become_an_access(files: Path) -> None:
    bus = reached(files, *KEYS, "--arquivo-da-senha", "@senha", "--autoridades", "@ca.pem")
    access = bus.caller.access
    assert (access.company, access.profile, access.password) == (SELLING, SELLER, PASSWORD)
    assert access.authorities == (files / "ca.pem").read_bytes()
    assert bus.caller.environment.url == "https://localhost:9443"


def test_a_key_may_lie_in_the_certificates_file(files: Path) -> None:
    assert reached(files, "--certificado", "@ambos.pem", "--arquivo-da-senha", "@senha")


def test_who_asks_sees_through_the_profile_named(files: Path) -> None:
    acting = acting_of(given(files, *KEYS))
    assert (acting.company, acting.profile, acting.visible) == (SELLING, SELLER, frozenset({SELLER}))


def test_the_password_comes_from_the_environment(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVAL_SENHA", PASSWORD)
    assert reached(files, *KEYS).caller.access.password == PASSWORD


def test_the_password_is_asked_for_on_a_terminal(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(getpass, "getpass", {"Senha: ": PASSWORD}.__getitem__)
    assert reached(files, *KEYS).caller.access.password == PASSWORD


def test_without_a_terminal_nothing_is_asked(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(CommandFailed) as failed:
        reached(files, *KEYS)
    assert "--arquivo-da-senha" in failed.value.detail


def test_no_option_takes_a_password(files: Path) -> None:
    for option in ("--senha", "--arquivo"):
        with pytest.raises(SystemExit) as ended:
            main(["contrato", "importar", "x.xml", *REACHING, "--certificado", "x.pem", option, PASSWORD])
        assert ended.value.code == 2


@pytest.mark.parametrize(
    "more",
    [
        ("--certificado", "@missing.pem"),
        ("--certificado", "@cliente.pem"),
        ("--certificado", "@cliente.pem", "--chave", "@ca.pem"),
        (*KEYS, "--autoridades", "@senha"),
    ],
    ids=["missing", "no key", "wrong key", "no authorities"],
)
def test_files_that_cannot_be_used_are_told(files: Path, more: tuple[str, ...]) -> None:
    with pytest.raises(CommandFailed):
        reached(files, *more, "--arquivo-da-senha", "@senha")


def test_an_environment_that_is_none_is_told(files: Path) -> None:
    with pytest.raises(CommandFailed) as failed:
        reached(files, *KEYS, "--arquivo-da-senha", "@senha", environment="homologacao")
    assert "piloto" in failed.value.detail


@pytest.mark.parametrize("profile", ["0", "-1", "x", "٣", "9" * 30])
def test_a_profile_is_a_number(files: Path, profile: str) -> None:
    with pytest.raises(SystemExit):
        given(files, *KEYS, "--perfil", profile)
