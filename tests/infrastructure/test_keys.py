from collections.abc import Mapping
from typing import Any

from tests.infrastructure.assembly import Assembly, Resource, Statement, as_list

PEPPERED = {
    "aval-change-adhesion",
    "aval-issue-system-token",
    "aval-soap-amounts",
    "aval-soap-assets",
    "aval-soap-contracts",
    "aval-soap-import-file",
    "aval-soap-parcels",
    "aval-soap-participants",
    "aval-soap-profiles",
    "aval-soap-read-outcome",
}
USE = (
    "Encrypt",
    "Decrypt",
    "ReEncrypt",
    "GenerateDataKey",
    "GenerateMac",
    "VerifyMac",
    "Sign",
    "CreateGrant",
)


def _statements(key: Resource) -> list[Statement]:
    return [Statement(key.name, raw) for raw in key.properties["KeyPolicy"]["Statement"]]


def _roles_allowed(assembly: Assembly, action: str) -> set[str]:
    return {
        role.properties["RoleName"]
        for role in assembly.resources("AWS::IAM::Role")
        if "RoleName" in role.properties
        and any(action in one.actions for one in assembly.role_statements(role.properties["RoleName"]))
    }


def _roles_named_by_the_key(key: Resource, action: str) -> set[str]:
    [statement] = [one for one in _statements(key) if action in one.actions]
    assert set(statement.conditions) == {"ArnEquals"}
    arns = as_list(statement.conditions["ArnEquals"]["aws:PrincipalArn"])
    return {arn.rsplit("/", 1)[1] for arn in arns}


def _storage_key(assembly: Assembly) -> Resource:
    [found] = [one for one in _storage_keys(assembly) if one.stack == "aval-foundation"]
    return found


def _storage_keys(assembly: Assembly) -> list[Resource]:
    return [key for key in assembly.resources("AWS::KMS::Key") if "/StorageKey" in key.name]


def test_every_symmetric_key_rotates_every_year(assembly: Assembly) -> None:
    symmetric = [key for key in assembly.resources("AWS::KMS::Key") if "KeySpec" not in key.properties]
    assert len(symmetric) == 3
    for key in symmetric:
        properties = key.properties
        assert (properties["EnableKeyRotation"], properties["RotationPeriodInDays"]) == (True, 365)


def test_what_the_enclave_keeps_lies_under_a_storage_key_of_its_own(assembly: Assembly) -> None:
    assert sorted(key.stack for key in _storage_keys(assembly)) == ["aval-confidential", "aval-foundation"]


def test_every_key_outlives_its_stack_and_waits_a_month_before_it_dies(assembly: Assembly) -> None:
    keys = assembly.resources("AWS::KMS::Key")
    assert len(keys) == 5
    for key in keys:
        assert (key.raw["DeletionPolicy"], key.raw["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert key.properties["PendingWindowInDays"] == 30


def test_who_administers_a_key_cannot_use_it(assembly: Assembly) -> None:
    for key in assembly.resources("AWS::KMS::Key"):
        unconditional = [one for one in _statements(key) if one.allows and not one.conditions]
        assert [one.raw["Sid"] for one in unconditional] == ["Administration"]
        for action in unconditional[0].actions:
            assert "*" not in action
            assert not action.removeprefix("kms:").startswith(USE), action


def test_no_key_allows_a_wildcard_action(assembly: Assembly) -> None:
    for key in assembly.resources("AWS::KMS::Key"):
        assert [a for one in _statements(key) for a in one.actions if "*" in a] == []


def test_a_storage_key_is_used_only_through_a_service(assembly: Assembly) -> None:
    for key in _storage_keys(assembly):
        for statement in _statements(key):
            if statement.raw["Sid"] == "Administration":
                continue
            assert _binds_to_a_service(statement.conditions), statement.raw["Sid"]


def _binds_to_a_service(conditions: Mapping[str, Mapping[str, Any]]) -> bool:
    keys = {key for condition in conditions.values() for key in condition}
    return bool(keys & {"kms:ViaService", "kms:EncryptionContext:aws:logs:arn", "aws:SourceAccount"})


def test_roles_reach_a_storage_key_only_through_the_service_that_they_call(assembly: Assembly) -> None:
    keys = {f"{key.name}.Arn" for key in _storage_keys(assembly)}
    statements = [
        one for one in assembly.statements("AWS::IAM::Policy", "PolicyDocument") if keys & set(one.resources)
    ]
    assert statements
    assert [one.holder for one in statements if "kms:ViaService" not in one.conditions["StringEquals"]] == []


def test_the_pepper_is_usable_by_exactly_the_functions_that_handle_passwords(assembly: Assembly) -> None:
    key = assembly.the("AWS::KMS::Key", KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    assert _roles_named_by_the_key(key, "kms:GenerateMac") == PEPPERED
    assert _roles_allowed(assembly, "kms:GenerateMac") == PEPPERED
    assert {a for one in _statements(key) if one.conditions for a in one.actions} == {"kms:GenerateMac"}


def test_only_the_issuer_signs_tokens_and_only_the_authorizer_takes_the_public_key(
    assembly: Assembly,
) -> None:
    key = assembly.the("AWS::KMS::Key", KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    for action, role in (("kms:Sign", "aval-issue-system-token"), ("kms:GetPublicKey", "aval-authorize")):
        assert _roles_named_by_the_key(key, action) == {role}
        assert _roles_allowed(assembly, action) == {role}
