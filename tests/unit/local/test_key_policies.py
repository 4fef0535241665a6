import json
from typing import Any

from local.emulator.key_policies import asks_for_attestation, without_attestation

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
