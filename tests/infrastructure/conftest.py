from pathlib import Path

import pytest

from cdk.app import build, new_app
from tests.infrastructure.assembly import Assembly


def synthesise(folder: Path, *, third_party: str) -> Path:
    """The templates, over a dependencies layer that holds one file: what is in it is not their matter."""
    layer = folder / "layer"
    (layer / "python").mkdir(parents=True)
    (layer / "python/third_party.py").write_text(third_party)
    app = new_app(folder / "out")
    build(app, dependencies=layer)
    app.synth()
    return folder / "out"


@pytest.fixture(scope="session")
def cloud_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(tmp_path_factory.mktemp("assembly"), third_party="PLATFORM = 'one'")


@pytest.fixture(scope="session")
def assembly(cloud_assembly: Path) -> Assembly:
    return Assembly.read(cloud_assembly)
