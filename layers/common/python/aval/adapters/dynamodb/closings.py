"""Closings of weeks in the confidential table, and the work that holds one up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import closing_items as items
from aval.adapters.dynamodb import confidential_items as task_items
from aval.adapters.dynamodb.attributes import key, number
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.adapters.dynamodb.week_items import WEEKS, closing_key
from aval.identifiers import EventCode
from aval.prudential.closing import Closing
from aval.prudential.tasks import TaskAct
from aval.settings import OPEN_TASKS_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What reads or tries out changes no state, and a rehearsal is no act of the week whose code it bears.
CHANGING: Final = frozenset(
    {
        TaskAct.PORTFOLIO,
        TaskAct.COUNTERPARTIES,
        TaskAct.COMPUTE,
        TaskAct.APPROVE,
        TaskAct.CANCEL,
        TaskAct.RELEASE,
    }
)


class _Lost(Exception):
    """The week was closed before, or has other parameters."""


@dataclass(frozen=True, slots=True)
class DynamoDbClosings:
    client: "DynamoDBClient"
    table_name: str

    def of(self, events: Collection[EventCode]) -> Mapping[EventCode, Closing]:
        found = self._partitions.get([closing_key(event) for event in dict.fromkeys(events)])
        return {closing.event: closing for closing in map(items.read_closing, found)}

    def add(self, closing: Closing) -> bool:
        try:
            with lost_races_as(_Lost):
                self.client.transact_write_items(
                    TransactItems=[
                        {
                            "Put": {
                                "TableName": self.table_name,
                                "Item": items.closing_item(closing),
                                "ConditionExpression": "attribute_not_exists(pk)",
                            }
                        },
                        {
                            "ConditionCheck": {
                                "TableName": self.table_name,
                                "Key": key(WEEKS, closing.event),
                                "ConditionExpression": "version = :version",
                                "ExpressionAttributeValues": {":version": number(closing.parameters.version)},
                            }
                        },
                    ]
                )
        except _Lost:
            return False
        return True

    def mark_told(self, event: EventCode) -> None:
        self.client.update_item(
            TableName=self.table_name,
            Key=closing_key(event),
            UpdateExpression="SET told = :yes",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )

    def open_acts(self, event: EventCode, *, before: datetime) -> int:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            IndexName=OPEN_TASKS_INDEX,
            KeyConditionExpression="open_pk = :open AND open_sk < :moment",
            ExpressionAttributeValues={
                ":open": {"S": task_items.OPEN},
                ":moment": {"S": task_items.open_until(before)},
            },
        )
        keys = [{"pk": item["pk"], "sk": item["sk"]} for page in pages for item in page["Items"]]
        # The index may still show what has ended: the row tells, without its sealed parts.
        rows = self._partitions.get(keys, only="event, act, open_pk")
        return sum(
            "open_pk" in row and row["event"]["S"] == event and row["act"]["S"] in CHANGING for row in rows
        )

    @property
    def _partitions(self) -> Partitions:
        return Partitions(self.client, self.table_name)
