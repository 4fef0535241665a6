import re

import pytest

from aval.adapters.s3_confidential import LOTE_WORK
from aval.adapters.s3_lotes import QUARANTINE
from aval.settings import (
    BY_BUYER_INDEX,
    BY_EXPIRY_INDEX,
    BY_SELLER_INDEX,
    OPEN_IMPORTS_INDEX,
    OPEN_TASKS_INDEX,
)
from tests.infrastructure.assembly import Assembly, Statement

LASTING = (
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SES::EmailIdentity",
    "AWS::SQS::Queue",
)

# CloudFront gives itself the right to write its logs by an ACL, which no bucket takes that has none.
DELIVERED_BY_ACL = "aval-web/AccessLogs"


def test_every_table_is_protected_recoverable_and_under_our_key(assembly: Assembly) -> None:
    tables = assembly.resources("AWS::DynamoDB::Table")
    assert len(tables) == 5
    for table in tables:
        properties = table.properties
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["DeletionProtectionEnabled"] is True
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert properties["SSESpecification"]["SSEType"] == "KMS"
        assert "StorageKey" in properties["SSESpecification"]["KMSMasterKeyId"]
        assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
        assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]


def _indexes(assembly: Assembly, name: str) -> dict[str, list[str]]:
    [table] = [one for one in assembly.resources("AWS::DynamoDB::Table") if name in one.name]
    return {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table.properties.get("GlobalSecondaryIndexes", [])
    }


def test_certificates_in_service_are_found_by_their_end(assembly: Assembly) -> None:
    assert _indexes(assembly, "Adhesion") == {BY_EXPIRY_INDEX: ["expiry_pk", "expiry_sk"]}


def test_contracts_are_found_by_party_and_open_imports_by_when_they_moved(assembly: Assembly) -> None:
    assert _indexes(assembly, "Contracts") == {
        BY_SELLER_INDEX: ["seller", "code"],
        BY_BUYER_INDEX: ["buyer", "code"],
        OPEN_IMPORTS_INDEX: ["open_pk", "open_sk"],
    }


def test_open_tasks_are_found_by_when_they_came(assembly: Assembly) -> None:
    assert _indexes(assembly, "Confidential") == {OPEN_TASKS_INDEX: ["open_pk", "open_sk"]}


def test_what_happens_to_contracts_is_told_from_the_writes_themselves(assembly: Assembly) -> None:
    streams = {
        re.sub(r".*/([A-Z][a-z]+)Table\w+", r"\1", table.name): table.properties["StreamSpecification"]
        for table in assembly.resources("AWS::DynamoDB::Table")
        if "StreamSpecification" in table.properties
    }
    assert streams == {"Contracts": {"StreamViewType": "NEW_IMAGE"}}


def test_what_holds_data_outlives_its_stack(assembly: Assembly) -> None:
    for resource in assembly.resources(*LASTING):
        policies = (resource.raw.get("DeletionPolicy"), resource.raw.get("UpdateReplacePolicy"))
        assert policies == ("Retain", "Retain"), resource.name


def test_no_bucket_is_public(assembly: Assembly) -> None:
    buckets = assembly.resources("AWS::S3::Bucket")
    assert len(buckets) == 10
    for bucket in buckets:
        assert bucket.properties["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }
        [rule] = bucket.properties["OwnershipControls"]["Rules"]
        by_acl = bucket.name.startswith(DELIVERED_BY_ACL)
        assert rule == {"ObjectOwnership": "BucketOwnerPreferred" if by_acl else "BucketOwnerEnforced"}
        assert "AccessControl" not in bucket.properties


def test_every_bucket_keeps_versions_and_is_encrypted(assembly: Assembly) -> None:
    for bucket in assembly.resources("AWS::S3::Bucket"):
        assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"], bucket.name


@pytest.mark.parametrize("files", ["RegistryFiles", "ContractFiles", "ConfidentialFiles"])
def test_files_that_are_not_public_lie_under_our_key(assembly: Assembly, files: str) -> None:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if files in one.name]
    [rule] = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert "StorageKey" in rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]


def test_every_bucket_logs_accesses_but_those_that_take_logs(assembly: Assembly) -> None:
    silent = {
        re.sub(r"Bucket\w+$", "", bucket.name)
        for bucket in assembly.resources("AWS::S3::Bucket")
        if "LoggingConfiguration" not in bucket.properties
    }
    assert silent == {
        "aval-foundation/AccessLogs",
        "aval-confidential/AccessLogs",
        "aval-confidential/AccountTrailFiles",
        "aval-web/AccessLogs",
    }


def _refuses_plain_text(statement: Statement) -> bool:
    return (
        not statement.allows
        and statement.raw["Principal"] in ("*", {"AWS": "*"})
        and statement.conditions.get("Bool") == {"aws:SecureTransport": "false"}
    )


def test_buckets_queues_and_topics_refuse_plain_text(assembly: Assembly) -> None:
    for holder_type, policy_type, link in (
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ):
        policies = assembly.resources(policy_type)
        for holder in assembly.resources(holder_type):
            statements = [
                Statement(policy.name, raw)
                for policy in policies
                if holder.name in str(policy.properties[link])
                for raw in policy.properties["PolicyDocument"]["Statement"]
            ]
            assert any(_refuses_plain_text(one) for one in statements), holder.name


def test_buckets_refuse_tls_older_than_1_2(assembly: Assembly) -> None:
    policies = assembly.resources("AWS::S3::BucketPolicy")
    assert len(policies) == 10
    for policy in policies:
        denied = [
            raw.get("Condition", {}).get("NumericLessThan", {}).get("s3:TlsVersion")
            for raw in policy.properties["PolicyDocument"]["Statement"]
            if raw["Effect"] == "Deny"
        ]
        assert 1.2 in denied, policy.name


def test_queues_topics_and_logs_are_under_our_key(assembly: Assembly) -> None:
    for resource_type, name in (
        ("AWS::SQS::Queue", "KmsMasterKeyId"),
        ("AWS::SNS::Topic", "KmsMasterKeyId"),
        ("AWS::Logs::LogGroup", "KmsKeyId"),
    ):
        found = assembly.resources(resource_type)
        assert found
        assert [one.name for one in found if "StorageKey" not in one.properties.get(name, "")] == []


def test_no_log_is_kept_for_ever(assembly: Assembly) -> None:
    groups = assembly.resources("AWS::Logs::LogGroup")
    assert [group.name for group in groups if group.properties.get("RetentionInDays") != 365] == []


def test_a_page_of_our_own_may_send_forms_to_two_buckets_and_do_nothing_else(assembly: Assembly) -> None:
    rules = {
        re.sub(r"Bucket\w+$", "", bucket.name): bucket.properties["CorsConfiguration"]["CorsRules"]
        for bucket in assembly.resources("AWS::S3::Bucket")
        if "CorsConfiguration" in bucket.properties
    }
    assert rules == {
        f"{stack}/{files}": [
            {
                "AllowedMethods": ["POST"],
                "AllowedOrigins": [f"{stack}/PublicUrl"],
                "AllowedHeaders": ["content-type"],
                "ExposedHeaders": ["etag"],
                "MaxAge": 3600,
            }
        ]
        for stack, files in (("aval-foundation", "ContractFiles"), ("aval-confidential", "PrudentialFiles"))
    }


def test_what_is_made_of_a_lote_is_forgotten_and_its_file_is_not(assembly: Assembly) -> None:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if "/PrudentialFiles" in one.name]
    rules = bucket.properties["LifecycleConfiguration"]["Rules"]
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules} == {
        LOTE_WORK: 90,
        QUARANTINE: 180,
    }
    assert all(rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30} for rule in rules)
