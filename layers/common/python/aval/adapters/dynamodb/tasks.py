"""Tasks in the confidential table: written once, ended once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import confidential_items as items
from aval.adapters.dynamodb.attributes import Item, Key
from aval.adapters.dynamodb.races import lost_races_as
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.prudential.tasks import Task, TaskId, TaskOutcome, TaskState, TaskUnknown
from aval.settings import OPEN_TASKS_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef


class _Lost(Exception):
    """Another write came first."""


@dataclass(frozen=True, slots=True)
class DynamoDbTasks:
    client: "DynamoDBClient"
    table_name: str
    objects: ConfidentialObjects

    def add(self, task: Task) -> bool:
        try:
            with lost_races_as(_Lost):
                self.client.put_item(
                    TableName=self.table_name,
                    Item=items.task_item(task, self.objects),
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except _Lost:
            return False
        return True

    def load(self, code: TaskId) -> Task:
        """A task without its body, which is the enclave's matter."""
        return items.read_task(self._item(code), self.objects)

    def load_whole(self, code: TaskId) -> Task:
        item = self._item(code)
        return replace(items.read_task(item, self.objects), body=items.read_body(item, self.objects))

    def fail(self, code: TaskId, reason: str, *, at: datetime) -> None:
        outcome = TaskOutcome(TaskState.FAILED, at, reason)
        ending = ending_of(self.table_name, code, items.outcome_values(code, outcome, self.objects))
        try:
            with lost_races_as(_Lost):
                self.client.update_item(**ending)
        except _Lost:
            # Ended meanwhile, or never there: neither is this caller's to change.
            return

    def open_before(self, moment: datetime) -> Sequence[TaskId]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            IndexName=OPEN_TASKS_INDEX,
            KeyConditionExpression="open_pk = :open AND open_sk < :moment",
            ExpressionAttributeValues={
                ":open": {"S": items.OPEN},
                ":moment": {"S": items.open_until(moment)},
            },
        )
        return tuple(items.task_in(item) for page in pages for item in page["Items"])

    def _item(self, code: TaskId) -> Item:
        answer = self.client.get_item(
            TableName=self.table_name, Key=items.task_key(code), ConsistentRead=True
        )
        if "Item" not in answer:
            raise TaskUnknown("nenhuma tarefa com este código é visível para você")
        return answer["Item"]


def ending_of(table_name: str, code: TaskId, values: Key) -> "UpdateTypeDef":
    """The update that ends a task which is still open, and changes no other."""
    sets = ", ".join(f"#{name} = :{name}" for name in values)
    return {
        "TableName": table_name,
        "Key": items.task_key(code),
        "UpdateExpression": f"SET {sets} REMOVE open_pk, open_sk",
        "ConditionExpression": "attribute_exists(open_pk)",
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }
