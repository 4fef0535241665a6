"""An empty adhesion table, with its index."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import boto3
from moto import mock_aws

from aval.settings import BY_EXPIRY_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ADHESION_TABLE: Final = "adhesion"


@contextmanager
def empty_adhesion_table() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="sa-east-1")
        client.create_table(
            TableName=ADHESION_TABLE,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("pk", "sk", "expiry_pk", "expiry_sk")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": BY_EXPIRY_INDEX,
                    "KeySchema": [
                        {"AttributeName": "expiry_pk", "KeyType": "HASH"},
                        {"AttributeName": "expiry_sk", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client
