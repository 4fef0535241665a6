"""Arrows of the page point one way (docs/web.md)."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from local.places import ROOT

SOURCES: Final = ROOT / "web/src"
_IMPORTED: Final = re.compile(r'^(?:(?:import|export)\b[^;"]*?\bfrom\s+|import\s+)"([^"]+)"', re.MULTILINE)

# What the files of a folder may import besides their own folder; the files of `src` itself may import all.
MAY_IMPORT: Final[Mapping[str, frozenset[str]]] = {
    "attestation": frozenset(),
    "format": frozenset(),
    "api": frozenset(),
    "routing": frozenset({"preact", "@preact/signals"}),
    "sealing": frozenset({"api", "attestation", "format", "jose"}),
    "session": frozenset({"api", "application.ts", "@preact/signals"}),
    "components": frozenset({"api", "format", "routing", "preact", "@preact/signals"}),
    "frame": frozenset({"application.ts", "components", "routing", "session", "preact", "@preact/signals"}),
    "pages": frozenset(
        {
            "api",
            "application.ts",
            "attestation",
            "components",
            "format",
            "frame",
            "routing",
            "sealing",
            "session",
            "preact",
            "@preact/signals",
        }
    ),
    "styles": frozenset(),
}
FILES: Final = sorted(path for path in SOURCES.rglob("*.ts*") if path.parent != SOURCES)


def imported_by(source: Path) -> set[str]:
    """Folders of the page, files of its root, and packages that `source` imports, its own folder left out."""
    own = source.relative_to(SOURCES).parts[0]
    found = set()
    for named in _IMPORTED.findall(source.read_text()):
        if named.startswith("."):
            found.add((source.parent / named).resolve().relative_to(SOURCES.resolve()).parts[0])
        else:
            found.add(re.sub(r"^((?:@[^/]+/)?[^/]+).*", r"\1", named))
    return found - {own}


def test_every_folder_of_the_page_has_its_rule() -> None:
    assert {path.name for path in SOURCES.iterdir() if path.is_dir()} == set(MAY_IMPORT)


@pytest.mark.parametrize("source", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_imports_what_its_folder_may(source: Path) -> None:
    folder = source.relative_to(SOURCES).parts[0]
    assert imported_by(source) <= MAY_IMPORT[folder]


@pytest.mark.parametrize("source", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_makes_no_markup_and_no_code_from_text(source: Path) -> None:
    text = source.read_text()
    banned = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "dangerouslySetInnerHTML",
        "eval(",
        "new Function",
    )
    assert not [word for word in banned if word in text]


@pytest.mark.parametrize("source", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_areas_of_pages_stay_apart(source: Path) -> None:
    """An area takes nothing of another one, but for the password rules that both sides of a login have."""
    parts = source.relative_to(SOURCES).parts
    if parts[0] != "pages":
        return
    areas = {
        (source.parent / named).resolve().relative_to((SOURCES / "pages").resolve()).parts[0]
        for named in _IMPORTED.findall(source.read_text())
        if named.startswith(".") and "/pages/" in str((source.parent / named).resolve())
    }
    assert areas - {parts[1]} <= ({"entrance"} if parts[1] == "account" else set())


def test_sheets_of_components_come_in_one_order_before_all_others() -> None:
    """A component that asked for its own sheet would put it behind those of pages that came before it."""
    components = SOURCES / "components"
    ordered = re.findall(r'^@import "\./([^"]+)";$', (components / "sheets.css").read_text(), re.MULTILINE)
    assert sorted([*ordered, "sheets.css"]) == sorted(path.name for path in components.glob("*.css"))
    assert not [path.name for path in components.glob("*.ts*") if ".css" in path.read_text()]
    sheets = re.findall(r'^import "(\./\S+\.css)";$', (SOURCES / "main.tsx").read_text(), re.MULTILINE)
    assert sheets.index("./components/sheets.css") < sheets.index("./styles/frame.css")
