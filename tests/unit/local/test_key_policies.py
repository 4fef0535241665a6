import json
from typing import Any

import pytest
from ministack.core import iam_actions

from local.emulator.key_policies import asks_for_attestation, named_by_its_target, without_attestation

IMAGE = {"kms:RecipientAttestation:ImageSha384": ["aa"]}
WHO = {"aws:PrincipalArn": ["arn:aws:iam::000000000000:role/enclave"]}


def statement(effect: str, **conditions: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Condition": conditions}


def taken_out(*statements: dict[str, Any]) -> list[dict[str, Any]]:
    changed: list[dict[str, Any]] = json.loads(without_attestation(json.dumps({"Statement": statements})))[
        "Statement"
    ]
    return changed


def test_a_policy_that_names_the_condition_is_one_for_enclaves_whatever_its_case() -> None:
    assert asks_for_attestation(json.dumps(statement("Allow", StringEquals=IMAGE)))
    assert asks_for_attestation('{"kms:recipientattestation:pcr8": "aa"}')
    assert not asks_for_attestation(json.dumps(statement("Allow", ArnEquals=WHO)))


def test_what_else_a_statement_asks_stays() -> None:
    allowed = statement("Allow", StringEqualsIgnoreCase=IMAGE, ArnEquals=WHO)
    assert taken_out(allowed) == [statement("Allow", ArnEquals=WHO)]


def test_a_denial_of_the_unattested_goes_whole_and_any_other_stays() -> None:
    unattested, others = (
        statement("Deny", StringNotEquals=IMAGE, ArnEquals=WHO),
        statement("Deny", ArnNotEquals=WHO),
    )
    assert taken_out(unattested, others) == [others]


@pytest.mark.parametrize(
    ("content_type", "body", "query"),
    [
        ("application/x-amz-json-1.1", b"{}", {"Action": ["DescribeKey"]}),
        ("application/x-www-form-urlencoded", b'{"KeyId": "1", "x": "&Action=DescribeKey&"}', {}),
    ],
)
def test_policies_are_asked_about_what_kms_will_do(content_type: str, body: bytes, query: object) -> None:
    headers = {"x-amz-target": "TrentService.Decrypt", "content-type": content_type}
    named = named_by_its_target(iam_actions.extract_iam_action)
    assert named("kms", "POST", "/", headers, body, query) == "kms:Decrypt"
    assert named("kms", "POST", "/", {}, body, query) is None


def test_other_services_name_their_actions_as_before() -> None:
    named = named_by_its_target(iam_actions.extract_iam_action)
    assert named("sns", "POST", "/", {}, b"", {"Action": ["Publish"]}) == "sns:Publish"
