"""Empty tables with the keys that the house's tables have."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final

import boto3
from moto import mock_aws

from aval.settings import (
    BY_BUYER_INDEX,
    BY_EXPIRY_INDEX,
    BY_SELLER_INDEX,
    OPEN_IMPORTS_INDEX,
    OPEN_TASKS_INDEX,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef, ProjectionTypeDef

TABLE: Final = "table"
ADHESION_TABLE: Final = "adhesion"
CONTRACTS_TABLE: Final = "contracts"
CONFIDENTIAL_TABLE: Final = "confidential"


@contextmanager
def empty_table(name: str = TABLE) -> Iterator["DynamoDBClient"]:
    """A table with the house's keys alone."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="sa-east-1")
        client.create_table(
            TableName=name,
            KeySchema=_keys("pk", "sk"),
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def empty_adhesion_table() -> AbstractContextManager["DynamoDBClient"]:
    return _empty_table_indexed(ADHESION_TABLE, BY_EXPIRY_INDEX, "expiry")


def empty_confidential_table() -> AbstractContextManager["DynamoDBClient"]:
    return _empty_table_indexed(CONFIDENTIAL_TABLE, OPEN_TASKS_INDEX, "open")


@contextmanager
def _empty_table_indexed(name: str, index: str, prefix: str) -> Iterator["DynamoDBClient"]:
    """With an index of keys alone, on `<prefix>_pk` and `<prefix>_sk`."""
    partition, sort = f"{prefix}_pk", f"{prefix}_sk"
    with empty_table(name) as client:
        client.update_table(
            TableName=name,
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", partition, sort)
            ],
            GlobalSecondaryIndexUpdates=[
                {
                    "Create": {
                        "IndexName": index,
                        "KeySchema": _keys(partition, sort),
                        "Projection": {"ProjectionType": "KEYS_ONLY"},
                    }
                }
            ],
        )
        yield client


@contextmanager
def empty_contracts_table() -> Iterator["DynamoDBClient"]:
    filtered_by = ["begins", "ends", "shape", "pending", "outline", "links"]
    indexes: list[tuple[str, str, str, ProjectionTypeDef]] = [
        (BY_SELLER_INDEX, "seller", "code", {"ProjectionType": "INCLUDE", "NonKeyAttributes": filtered_by}),
        (BY_BUYER_INDEX, "buyer", "code", {"ProjectionType": "INCLUDE", "NonKeyAttributes": filtered_by}),
        (OPEN_IMPORTS_INDEX, "open_pk", "open_sk", {"ProjectionType": "KEYS_ONLY"}),
    ]
    named = ("pk", "sk", "seller", "buyer", "code", "open_pk", "open_sk")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="sa-east-1")
        client.create_table(
            TableName=CONTRACTS_TABLE,
            KeySchema=_keys("pk", "sk"),
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in named],
            GlobalSecondaryIndexes=[
                {"IndexName": name, "KeySchema": _keys(partition, sort), "Projection": projection}
                for name, partition, sort, projection in indexes
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def _keys(partition: str, sort: str) -> "list[KeySchemaElementTypeDef]":
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
