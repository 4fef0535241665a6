"""Empty tables with the keys that the house's tables have."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import boto3
from moto import mock_aws

from aval.settings import BY_EXPIRY_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef

TABLE: Final = "table"
ADHESION_TABLE: Final = "adhesion"


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


@contextmanager
def empty_adhesion_table() -> Iterator["DynamoDBClient"]:
    with empty_table(ADHESION_TABLE) as client:
        client.update_table(
            TableName=ADHESION_TABLE,
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "expiry_pk", "expiry_sk")
            ],
            GlobalSecondaryIndexUpdates=[
                {
                    "Create": {
                        "IndexName": BY_EXPIRY_INDEX,
                        "KeySchema": _keys("expiry_pk", "expiry_sk"),
                        "Projection": {"ProjectionType": "KEYS_ONLY"},
                    }
                }
            ],
        )
        yield client


def _keys(partition: str, sort: str) -> "list[KeySchemaElementTypeDef]":
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
