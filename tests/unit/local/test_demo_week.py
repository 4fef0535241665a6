"""`make demo`: what it shows and when it gives up, without a stack."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import GROUPS, _parser
from aval.identifiers import EventCode
from local import demo_files, demo_week
from local.demo_operator import OperatorsView
from local.demo_week import ONCE, SIX, Demo, DemoFailed, Shown
from local.places import Places


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that were started; each ends as the next of `codes` says."""
    started: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        started.append(command[1:])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return started


def demo(folder: Path) -> Demo:
    """As it is prepared, but for the login."""
    running = {
        "people_url": "https://localhost:1",
        "certificate_authority": "ca.pem",
        "attestation_root": "raiz.pem",
        "measurements": "medidas",
    }
    places = Places(folder)
    places.secrets.write_text(json.dumps({"people": {demo_week.PERSON: "a password"}}))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo_week, "access_token", lambda *_: "a token")
        patched.setattr(Places, "running", lambda _: running)
        return Demo.prepared(places, folder, EventCode("202611001"))


@pytest.mark.parametrize("shown", [*ONCE, *SIX], ids=lambda shown: shown.words.partition("$")[0])
def test_each_command_is_one_of_aval(tmp_path: Path, shown: Shown) -> None:
    assert callable(_parser().parse_args(demo(tmp_path)._words(shown.words)).run)


def test_six_commands_are_the_week() -> None:
    assert len(SIX) == 6
    assert [(one.words.split()[1], one.code) for one in SIX] == [
        ("enviar", 1),
        ("enviar", 0),
        ("enviar", 0),
        ("listar", 0),
        ("validar", 0),
        ("enviar", 0),
    ]
    groups = {group.__name__.rpartition(".")[2] for group in GROUPS}
    assert {one.words.split()[0] for one in SIX} <= groups


def test_a_command_is_printed_and_run_with_its_variables(
    tmp_path: Path, ran: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    demo(tmp_path).show(SIX[4])
    assert "$ aval fa validar --todos --selado $SELADOS $SEMANA $ACESSO" in capsys.readouterr().out
    (command,) = ran
    assert command[:4] == ["fa", "validar", "--todos", "--selado"]
    assert command[-2:] == ["--raiz", "raiz.pem"]
    assert "202611001" in command


@pytest.mark.usefixtures("ran")
def test_a_command_that_ends_otherwise_ends_the_demo(tmp_path: Path) -> None:
    with pytest.raises(DemoFailed, match="ended with 0, not 1"):
        demo(tmp_path).show(SIX[0])


def test_a_readers_keys_are_made_and_authorised_once_and_serve_every_run(
    tmp_path: Path, ran: list[list[str]]
) -> None:
    kept, first, second = (tmp_path / name for name in ("kept", "first", "second"))
    for folder in (kept, first, second):
        folder.mkdir()
    for name in ("fabio.chaves", "fabio.json"):
        (first / name).write_text(name)
    demo(first).have_keys(kept)
    assert [command[:2] for command in ran] == [["leitor", "criar"], ["leitor", "autorizar"]]
    demo(second).have_keys(kept)
    assert len(ran) == 2
    assert (second / "fabio.chaves").read_text() == "fabio.chaves"


def test_a_run_makes_keys_then_the_six_and_ends_with_what_an_operator_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    made = demo(tmp_path)
    view = OperatorsView(made.event, [], {})
    monkeypatch.setattr(Demo, "prepared", lambda *_: made)
    monkeypatch.setattr(Demo, "have_keys", lambda *_: done.append("keys"))
    monkeypatch.setattr(Demo, "show", lambda _, shown: done.append(shown.words))
    monkeypatch.setattr(OperatorsView, "of", lambda *_: view)
    demo_week.run(Places(tmp_path), tmp_path, made.event)
    assert done == ["keys", *(one.words for one in SIX)]
    assert capsys.readouterr().out.endswith("em 0 linhas e 0 objetos: nenhum aparece.\n")
    leaking = OperatorsView(
        made.event, [], {"aberto": demo_files.planted(demo_files.represented()[3]).encode()}
    )
    monkeypatch.setattr(OperatorsView, "of", lambda *_: leaking)
    with pytest.raises(DemoFailed, match="aberto"):
        demo_week.run(Places(tmp_path), tmp_path, made.event)


def test_the_passphrase_is_its_owners_and_stays(tmp_path: Path) -> None:
    place = tmp_path / "semana/senha.txt"
    first = demo_week._passphrase(place)
    assert len(first) >= 12
    assert demo_week._passphrase(place) == first
    assert place.stat().st_mode & 0o777 == 0o600


def test_a_reset_forgets_what_the_demo_made(tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert places.week in places.everything_of_a_stack
