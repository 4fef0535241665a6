import json

import pytest

from local import cloud_only

TEMPLATE = json.dumps(
    {
        "Resources": {"Trail": {"Type": "AWS::Trail::Trail"}, "Table": {"Type": "AWS::DynamoDB::Table"}},
        "Outputs": {"T": {"Value": {"Ref": "Table"}}, "R": {"Value": {"Ref": "Trail"}}},
    }
)


def test_a_template_without_such_resources_stays_byte_for_byte() -> None:
    assert cloud_only.without_cloud_only(TEMPLATE) is TEMPLATE


def test_such_a_resource_goes_with_the_outputs_that_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_only, "CLOUD_ONLY", {"AWS::Trail::Trail": "audits an account"})
    left = json.loads(cloud_only.without_cloud_only(TEMPLATE))
    assert left == {
        "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}},
        "Outputs": {"T": {"Value": {"Ref": "Table"}}},
    }
