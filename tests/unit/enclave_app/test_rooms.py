"""What the measured code may import: the less it is, the more of it can be read."""

from pathlib import Path

import pytest

from enclave_app.image import ENCLAVE, PACKAGE, ROOMS
from tests.unit.test_architecture import imports_of

APPLICATION = Path(__file__).resolve().parents[3] / "enclave_app"
MEASURED = sorted([*(APPLICATION / "enclave").glob("*.py"), APPLICATION / "protocol.py"])
PARENT = sorted((APPLICATION / "parent").glob("*.py"))


@pytest.mark.parametrize("source", MEASURED, ids=lambda source: source.stem)
def test_the_measured_code_imports_of_us_only_what_its_image_holds(source: Path) -> None:
    rooms = {f"aval.{room.removesuffix('.py').replace('/', '.')}" for room in ROOMS}
    ours = {f"enclave_app.{name.removesuffix('.py')}" for name in ENCLAVE}
    names = {name for name in imports_of(source) if name.startswith(("aval.", "enclave_app."))}
    outside = [name for name in names if not any(f"{name}.".startswith(f"{room}.") for room in rooms | ours)]
    assert outside == []


@pytest.mark.parametrize("room", ROOMS)
def test_what_the_image_holds_imports_of_us_only_what_it_holds(room: str) -> None:
    rooms = {f"aval.{one.removesuffix('.py').replace('/', '.').removesuffix('.__init__')}" for one in ROOMS}
    place = PACKAGE / room
    sources = [place] if place.is_file() else sorted(place.rglob("*.py"))
    # A name of a module in it, or of the module itself: both forms come from one import.
    modules = {name.rpartition(".")[0] or name for one in sources for name in imports_of(one)} - {"aval"}
    reached = {name for name in modules if name.startswith("aval.") and name.count(".") > 1}
    outside = [name for name in reached if not any(f"{name}.".startswith(f"{one}.") for one in rooms)]
    assert outside == []


def reached() -> set[Path]:
    """Every file of the domain that the enclave's code imports, itself or through another."""
    found: set[Path] = set()
    waiting = list(MEASURED)
    while waiting:
        places = {module_file(name) for name in imports_of(waiting.pop()) if name.startswith("aval.")}
        waiting += [place for place in places - found if place]
        found |= {place for place in places if place}
    return found


def module_file(name: str) -> Path | None:
    place = PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py")
    return place if place.is_file() else None


def test_the_image_holds_what_the_measured_code_imports_through_others_and_no_more() -> None:
    files = {PACKAGE / room for room in ROOMS if room.endswith(".py")}
    folders = [PACKAGE / room for room in ROOMS if not room.endswith(".py")]
    imported = reached()
    outside = {place for place in imported if place.parent not in folders}
    assert outside - files == set()
    assert {place for place in files - outside if place.name != "__init__.py"} == set()
    assert {PACKAGE / room for room in ("certificates", "registry", "prudential")} <= {
        place.parent for place in files if place.name == "__init__.py"
    }


@pytest.mark.parametrize("source", MEASURED, ids=lambda source: source.stem)
def test_the_measured_code_knows_no_service_of_aws_but_kms_and_no_environment(source: Path) -> None:
    names = set(imports_of(source))
    assert not {name.split(".")[0] for name in names} & {"boto3", "requests", "subprocess"}
    assert "os.environ" not in source.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", PARENT, ids=lambda source: source.stem)
def test_the_parent_imports_nothing_that_opens_what_is_sealed(source: Path) -> None:
    """It carries ciphertext; of the enclave it shares the addresses alone."""
    names = {name for name in imports_of(source) if name.startswith(("aval.sealing", "enclave_app.enclave"))}
    assert all(name.startswith("enclave_app.enclave.addresses") for name in names)


@pytest.mark.parametrize("source", PARENT, ids=lambda source: source.stem)
def test_the_parent_reaches_aws_through_adapters(source: Path) -> None:
    names = set(imports_of(source))
    assert not {name.split(".")[0] for name in names} & {"boto3", "botocore"}
    assert "os.environ" not in source.read_text(encoding="utf-8")
