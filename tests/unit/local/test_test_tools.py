import os
import shutil
import subprocess

import pytest

from local import test_tools


def on_a_machine(monkeypatch: pytest.MonkeyPatch, *, with_tools: set[str], user: int) -> list[list[str]]:
    ran: list[list[str]] = []
    monkeypatch.setattr(shutil, "which", lambda tool: tool if tool in with_tools else None)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    return ran


def test_installs_nothing_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = on_a_machine(monkeypatch, with_tools={"curl", "openssl", "apt-get"}, user=0)
    assert (test_tools.main(), ran) == (0, [])


def test_root_gets_what_is_missing_from_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = on_a_machine(monkeypatch, with_tools={"openssl", "apt-get"}, user=0)
    assert test_tools.main() == 0
    assert [command[:2] for command in ran] == [["apt-get", "update"], ["apt-get", "install"]]
    assert ran[1][-1] == "curl"


@pytest.mark.parametrize(("tools", "user"), [({"apt-get"}, 1000), (set(), 0)])
def test_anybody_else_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tools: set[str], user: int
) -> None:
    ran = on_a_machine(monkeypatch, with_tools=tools, user=user)
    assert (test_tools.main(), ran) == (1, [])
    assert "apt-get install curl openssl" in capsys.readouterr().err
