import json
import re
from pathlib import Path

import pytest
from aws_cdk import Stack
from aws_cdk import aws_s3 as s3

from aval.certificates.truststore import trusted_roots
from cdk.app import build, new_app
from cdk.components.function_code import LayerMissing, built_dependencies
from tests.infrastructure.assembly import Assembly
from tests.infrastructure.conftest import synthesise

SHORTEST_REASON = 60


def test_the_stacks_are_those_of_the_architecture(assembly: Assembly) -> None:
    assert sorted(assembly.templates) == [
        "aval-api",
        "aval-confidential",
        "aval-enclave",
        "aval-foundation",
        "aval-identity",
        "aval-monitoring",
        "aval-observability",
        "aval-services",
        "aval-web",
    ]


def test_stacks_that_hold_data_cannot_be_deleted_by_mistake(cloud_assembly: Path) -> None:
    manifest = json.loads((cloud_assembly / "manifest.json").read_text())
    protected = {
        name
        for name, artifact in manifest["artifacts"].items()
        if artifact.get("properties", {}).get("terminationProtection")
    }
    assert protected == {"aval-confidential", "aval-foundation", "aval-identity"}


def test_no_custom_resource_runs_a_function_that_we_do_not_own(assembly: Assembly) -> None:
    types = {resource.type for resource in assembly.resources()}
    assert [one for one in types if one.startswith("Custom::") or "CustomResource" in one] == []


def test_every_finding_that_we_take_has_a_reason(assembly: Assembly) -> None:
    taken = [
        (resource.name, finding["id"], finding["reason"])
        for resource in assembly.resources()
        for finding in resource.raw.get("Metadata", {}).get("cdk_nag", {}).get("rules_to_suppress", [])
    ]
    assert taken
    assert [one for one in taken if len(one[2]) < SHORTEST_REASON] == []


def test_only_what_a_deployer_must_say_has_no_default(assembly: Assembly) -> None:
    asked = {
        name
        for template in assembly.templates.values()
        for name, parameter in template.get("Parameters", {}).items()
        if "Default" not in parameter
    }
    assert asked == {"MailSenderAddress", "PublicUrl", "ServicesUrl"}


def test_templates_for_two_platforms_differ_in_the_asset_of_the_layer_alone(
    cloud_assembly: Path, tmp_path: Path
) -> None:
    folders = (cloud_assembly, synthesise(tmp_path, third_party="PLATFORM = 'other'"))
    ours, theirs = (_without_assets(folder) for folder in folders)
    assert ours == theirs
    one, other = (_dependencies(Assembly.read(folder)) for folder in folders)
    assert one != other


def _without_assets(folder: Path) -> dict[str, str]:
    templates = sorted(folder.glob("*.template.json"))
    return {one.name: re.sub(r"[0-9a-f]{64}\.zip", "", one.read_text()) for one in templates}


def _dependencies(assembly: Assembly) -> str:
    layers = assembly.resources("AWS::Lambda::LayerVersion")
    [key] = {
        str(one.properties["Content"]["S3Key"])
        for one in layers
        if one.properties["LayerName"] == "aval-dependencies"
    }
    return key


def test_a_finding_that_nobody_argued_stops_the_synthesis(tmp_path: Path) -> None:
    (tmp_path / "layer/python").mkdir(parents=True)
    app = new_app(tmp_path / "out")
    build(app, dependencies=tmp_path / "layer")
    s3.Bucket(Stack(app, "unargued"), "Bucket")
    with pytest.raises(RuntimeError, match="S3 Bucket has server access logs disabled"):
        app.synth()


def test_a_layer_that_nobody_built_is_refused_with_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(LayerMissing, match="make layers PLATFORM=linux-arm64"):
        built_dependencies("linux-arm64", root=tmp_path)


def test_the_roots_trusted_by_default_are_those_that_the_code_pins(assembly: Assembly) -> None:
    default = assembly.templates["aval-services"]["Parameters"]["TrustedRoots"]["Default"]
    assert trusted_roots(default) == trusted_roots("")
