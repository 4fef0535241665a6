import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local import page_tools, test_tools


def on_a_machine(
    monkeypatch: pytest.MonkeyPatch, fonts: Path, *, with_tools: set[str], user: int
) -> list[list[str]]:
    """What is run and fetched there."""
    ran: list[list[str]] = []
    monkeypatch.setattr(page_tools, "have_packages", lambda: ran.append(["fetch", "packages"]))
    monkeypatch.setattr(shutil, "which", lambda tool: tool if tool in with_tools else None)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    monkeypatch.setattr(test_tools, "FONT_FOLDERS", (str(fonts), str(fonts / "absent")))
    return ran


def with_a_font(folder: Path) -> Path:
    (folder / "truetype").mkdir()
    (folder / "truetype" / "Some.ttf").touch()
    return folder


def test_installs_nothing_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tools = {"chromium", "curl", "openssl", "apt-get"}
    ran = on_a_machine(monkeypatch, with_a_font(tmp_path), with_tools=tools, user=0)
    assert (test_tools.main(), ran) == (0, [["fetch", "packages"]])


def test_root_gets_what_is_missing_from_debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tools = {"chromium", "openssl", "apt-get"}
    ran = on_a_machine(monkeypatch, with_a_font(tmp_path), with_tools=tools, user=0)
    assert test_tools.main() == 0
    assert [command[:2] for command in ran] == [
        ["apt-get", "update"],
        ["apt-get", "install"],
        ["fetch", "packages"],
    ]
    assert ran[1][-1] == "curl"


def test_a_machine_without_a_font_gets_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "read.me").touch()
    tools = {"chromium", "curl", "openssl", "apt-get"}
    ran = on_a_machine(monkeypatch, tmp_path, with_tools=tools, user=0)
    assert test_tools.main() == 0
    assert ran[1][-1] == "fonts-dejavu-core"


@pytest.mark.parametrize(("tools", "user"), [({"apt-get"}, 1000), (set(), 0)])
def test_anybody_else_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tools: set[str],
    user: int,
) -> None:
    ran = on_a_machine(monkeypatch, tmp_path, with_tools=tools, user=user)
    assert (test_tools.main(), ran) == (1, [])
    assert "apt-get install chromium curl openssl fonts-dejavu-core" in capsys.readouterr().err


def test_says_what_npm_said_when_the_packages_do_not_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refuse() -> None:
        raise page_tools.PageFailed("npm error code ENOTFOUND")

    on_a_machine(monkeypatch, with_a_font(tmp_path), with_tools={"chromium", "curl", "openssl"}, user=1000)
    monkeypatch.setattr(page_tools, "have_packages", refuse)
    assert test_tools.main() == 1
    assert "npm error code ENOTFOUND" in capsys.readouterr().err
