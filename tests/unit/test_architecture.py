"""Arrows point one way (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "layers/common/python/aval"
SHARED = {"identifiers", "moments", "errors", "settings", "events"}
MAY_IMPORT = {
    **{word: {"errors"} for word in SHARED},
    "certificates": {"identifiers", "moments", "errors"},
    "registry": {"identifiers", "moments", "errors", "events"},
    "adhesion": {"identifiers", "moments", "errors", "events", "certificates", "registry"},
    "contracts": {"identifiers", "moments", "errors", "events", "registry"},
    "notices": {
        "identifiers",
        "moments",
        "errors",
        "events",
        "certificates",
        "registry",
        "adhesion",
        "prudential",
    },
    "attestation": {"identifiers", "moments", "errors"},
    "sealing": {"identifiers", "moments", "errors", "attestation", "certificates"},
    "prudential": {
        "identifiers",
        "moments",
        "errors",
        "events",
        "registry",
        "identity",
        "certificates",
        "attestation",
        "sealing",
    },
    "identity": {"identifiers", "moments", "errors", "events", "registry", "adhesion", "certificates"},
}
DOMAINS = set(MAY_IMPORT) - SHARED
MAY_IMPORT["adapters"] = SHARED | DOMAINS
MAY_IMPORT["edge"] = SHARED | DOMAINS
MAY_IMPORT["cli"] = SHARED | DOMAINS | {"adapters", "edge"}
ONLY_IN_ADAPTERS = ("boto3", "botocore", "zeep", "socket", "http.client", "urllib.request")

_DOTTED = tuple(f"{name}." for name in ONLY_IN_ADAPTERS)


def imports_of(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms() -> list[tuple[str, Path]]:
    sources = sorted(PACKAGE.rglob("*.py"))
    return [
        (source.relative_to(PACKAGE).parts[0].removesuffix(".py"), source)
        for source in sources
        if source != PACKAGE / "__init__.py"
    ]


def test_every_room_is_in_the_table() -> None:
    assert {room for room, _ in rooms()} == set(MAY_IMPORT)


@pytest.mark.parametrize(("room", "source"), rooms(), ids=lambda value: str(value).rpartition("/aval/")[2])
def test_a_room_imports_only_what_the_table_allows(room: str, source: Path) -> None:
    reached = {name.split(".")[1] for name in imports_of(source) if name.startswith("aval.")}
    assert reached <= MAY_IMPORT[room] | {room}


@pytest.mark.parametrize(("room", "source"), rooms(), ids=lambda value: str(value).rpartition("/aval/")[2])
def test_only_adapters_and_the_command_reach_the_network(room: str, source: Path) -> None:
    if room not in {"adapters", "cli"}:
        reached = [name for name in imports_of(source) if f"{name}.".startswith(_DOTTED)]
        assert reached == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        source.relative_to(PACKAGE).as_posix()
        for _, source in rooms()
        if {"os.environ", "os.getenv"} & set(_attributes(source))
    ]
    assert readers == ["settings.py"]


def _attributes(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


HANDLERS = sorted((ROOT / "lambdas").glob("*/*.py"))


@pytest.mark.parametrize("source", HANDLERS, ids=lambda source: f"{source.parent.name}/{source.stem}")
def test_a_handler_is_a_thin_door(source: Path) -> None:
    assert len(source.read_text(encoding="utf-8").splitlines()) <= 70
    names = set(imports_of(source))
    assert not {name.split(".")[0] for name in names} & {"boto3", "botocore", "os", "lambdas", "local", "cdk"}


@pytest.mark.parametrize("folder", ["layers/common/python/aval", "lambdas", "cdk", "enclave_app"])
def test_nothing_but_tests_imports_the_local_stack(folder: str) -> None:
    for source in (ROOT / folder).rglob("*.py"):
        assert "local" not in {name.split(".")[0] for name in imports_of(source)}


@pytest.mark.parametrize(
    "forbidden", ["utils", "helpers", "common", "misc", "constants", "base", "util", "helper"]
)
def test_no_file_is_named_after_reuse(forbidden: str) -> None:
    folders = ["layers/common/python/aval", "lambdas", "cdk", "local", "tests", "enclave_app", "benchmarks"]
    assert not [path for folder in folders for path in (ROOT / folder).rglob(f"{forbidden}.py")]
