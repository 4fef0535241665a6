import json
from pathlib import Path

import pytest

from local import page_build, page_tools, tls
from local.page_tools import PageFailed


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A page of one source file, whose build copies it; the list grows by each build."""
    (tmp_path / "web/src").mkdir(parents=True)
    (tmp_path / "web/src/main.ts").write_text("one")
    made: list[str] = []

    def build(_program: str, arguments: list[str]) -> str:
        source = (tmp_path / "web/src/main.ts").read_text()
        if source == "wrong":
            raise PageFailed("main.ts(1,1): wrong")
        folder = Path(arguments[arguments.index("--outDir") + 1])
        folder.mkdir()
        (folder / "index.html").write_text(source)
        made.append(source)
        return ""

    monkeypatch.setattr(page_build, "WEB", tmp_path / "web")
    monkeypatch.setattr(page_build, "DIST", tmp_path / "web/dist")
    monkeypatch.setattr(page_build, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(page_build, "_STAMP", tmp_path / "cache/page.json")
    monkeypatch.setattr(page_build, "run_tool", build)
    return made


def edit(text: str) -> None:
    (page_build.DIST.parent / "src/main.ts").write_text(text)


def test_the_page_is_built_once_for_the_same_sources(builds: list[str]) -> None:
    assert page_build.built() == page_build.built()
    edit("two")
    assert (page_build.built() / "index.html").read_text() == "two"
    assert builds == ["one", "two"]


def test_a_folder_that_somebody_else_wrote_is_built_again(builds: list[str]) -> None:
    (page_build.built() / "index.html").write_text("another")
    assert (page_build.built() / "index.html").read_text() == "one"


def test_a_build_that_fails_tells_why_and_leaves_the_page_as_it_was(builds: list[str]) -> None:
    page_build.built()
    edit("wrong")
    with pytest.raises(PageFailed, match="wrong"):
        page_build.built()
    assert (page_build.DIST / "index.html").read_text() == "one"
    assert [path.name for path in page_build.DIST.parent.iterdir() if "dist" in path.name] == ["dist"]


def test_packages_are_installed_again_only_when_their_pins_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pins = tmp_path / "package-lock.json"
    pins.write_text(json.dumps({"packages": {}}))
    installs: list[list[str]] = []

    def install(command: list[str], _failure: str) -> str:
        installs.append(command)
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        return ""

    monkeypatch.setattr(page_tools, "_PINS", (pins,))
    monkeypatch.setattr(page_tools, "_STAMP", tmp_path / "node_modules/.installed-from")
    monkeypatch.setattr(page_tools, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(page_tools, "_run", install)
    page_tools.have_packages()
    page_tools.have_packages()
    assert len(installs) == 1
    assert {"ci", "--ignore-scripts"} <= set(installs[0])
    pins.write_text("{}")
    page_tools.have_packages()
    assert len(installs) == 2


def test_what_a_tool_says_stands_in_the_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page_tools, "WEB", tmp_path)
    monkeypatch.setattr(page_tools, "have_packages", lambda: None)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/tool.js").write_text("console.error('main.ts(1,1): wrong'); process.exit(2)")
    with pytest.raises(PageFailed, match=r"main.ts\(1,1\): wrong"):
        page_tools.run_tool("tool.js", [])


def test_a_tool_trusts_the_authorities_that_this_machine_trusts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(page_tools, "WEB", tmp_path)
    monkeypatch.setattr(page_tools, "have_packages", lambda: None)
    authority = tls.server_files(tmp_path).authority
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/tool.js").write_text("console.log(require('tls').getCACertificates().join())")
    body = authority.read_text().splitlines()[1:-1]
    assert "".join(body) in page_tools.run_tool("tool.js", []).replace("\n", "")
