import json
import zipfile
from io import BytesIO
from pathlib import Path

from local import assembly
from local.assembly import Asset


def write_assembly(folder: Path) -> None:
    stack = {"type": "aws:cloudformation:stack"}
    artifacts = {
        "later": {
            **stack,
            "properties": {"templateFile": "later.json"},
            "dependencies": ["first", "x.assets"],
        },
        "first": {**stack, "properties": {"templateFile": "first.json", "stackName": "named"}},
        "x.assets": {"type": "cdk:asset-manifest"},
    }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    for name in ("later", "first"):
        (folder / f"{name}.json").write_text(json.dumps({"Resources": {"T": {"Type": "A::B::C"}}}))
    destination = {"bucketName": "assets-${AWS::AccountId}-${AWS::Region}", "objectKey": "k.zip"}
    files = {
        "a": {"source": {"path": "code", "packaging": "zip"}, "destinations": {"here": destination}},
        "t": {
            "source": {"path": "first.template.json", "packaging": "file"},
            "destinations": {"h": destination},
        },
    }
    (folder / "first.assets.json").write_text(json.dumps({"files": files}))


def test_a_stack_comes_after_those_it_imports_from(tmp_path: Path) -> None:
    write_assembly(tmp_path)
    assert [stack.name for stack in assembly.read(tmp_path)] == ["named", "later"]


def test_assets_are_those_of_functions_and_go_to_this_account_and_region(tmp_path: Path) -> None:
    write_assembly(tmp_path)
    first, _ = assembly.read(tmp_path)
    assert first.assets == (
        Asset(tmp_path / "code", zipped=True, bucket="assets-000000000000-sa-east-1", key="k.zip"),
    )


def test_resources_are_found_by_type(tmp_path: Path) -> None:
    write_assembly(tmp_path)
    first, _ = assembly.read(tmp_path)
    assert list(first.resources_of("A::B::C", "D::E::F")) == ["T"]
    assert first.resources_of("D::E::F") == {}


def test_a_folder_zips_to_the_same_bytes_whenever_it_is_the_same(tmp_path: Path) -> None:
    asset = Asset(tmp_path, zipped=True, bucket="", key="")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text("1")
    before = asset.content()
    (tmp_path / "package" / "module.py").touch()
    assert asset.content() == before
    with zipfile.ZipFile(BytesIO(before)) as archive:
        assert archive.namelist() == ["package/module.py"]
