"""Time to live and point-in-time recovery of tables, which the emulator's CloudFormation drops.

tests/e2e/test_emulator_contract.py says when this can go.
"""

from typing import Any

from local.assembly import Stack
from local.aws import Emulator

TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def reapply(emulator: Emulator, stack: Stack) -> None:
    tables = stack.resources_of(*TABLES)
    if not tables:
        return
    dynamodb, cloudformation = emulator.client("dynamodb"), emulator.client("cloudformation")
    for logical_id, resource in tables.items():
        described = cloudformation.describe_stack_resource(StackName=stack.name, LogicalResourceId=logical_id)
        name = described["StackResourceDetail"]["PhysicalResourceId"]
        wanted = resource["Properties"].get("TimeToLiveSpecification")
        if wanted and not _lives(dynamodb, name):
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
        if _asks_for_recovery(resource["Properties"]):
            dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )


def _lives(dynamodb: Any, name: str) -> bool:
    found = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return bool(found["TimeToLiveStatus"] in ("ENABLED", "ENABLING"))


def _asks_for_recovery(properties: dict[str, Any]) -> bool:
    replicas = properties.get("Replicas") or [properties]
    return any(
        (replica.get("PointInTimeRecoverySpecification") or {}).get("PointInTimeRecoveryEnabled")
        for replica in replicas
    )
