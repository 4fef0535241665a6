"""What of the enclave's keys the doors may see, and what the canary last found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import confidential_items as items
from aval.moments import to_storage
from aval.prudential.vault import KeyAnswer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoDbEnclaveKeys:
    client: "DynamoDBClient"
    table_name: str

    def key_items(self) -> Sequence[bytes]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :keys",
            ExpressionAttributeValues={":keys": {"S": items.KEYS}},
        )
        return tuple(bytes(item["sealed"]["B"]) for page in pages for item in page["Items"])

    def key_answer(self, request: str) -> KeyAnswer | None:
        key = items.key_answer_key(request)
        answer = self.client.get_item(TableName=self.table_name, Key=key, ConsistentRead=True)
        return items.read_key_answer(answer["Item"]) if "Item" in answer else None

    def note_canary(self, opened: tuple[str, ...], *, at: datetime) -> None:
        note = {
            **items.canary_key(),
            "at": {"S": to_storage(at)},
            "opened": {"L": [{"S": act} for act in opened]},
        }
        self.client.put_item(TableName=self.table_name, Item=note)
