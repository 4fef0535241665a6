"""The registry's pointer, read consistently: which generation answers for each dataset."""

from typing import TYPE_CHECKING

from aval.adapters.dynamodb.registry_items import POINTER_KEY, pointer_of
from aval.registry.generations import Pointer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def read_pointer(client: "DynamoDBClient", table_name: str) -> Pointer:
    answer = client.get_item(TableName=table_name, Key=POINTER_KEY, ConsistentRead=True)
    return pointer_of(answer.get("Item"))
