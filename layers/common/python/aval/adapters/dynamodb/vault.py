"""What the enclave keeps, in the confidential table and bucket: every place is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import confidential_items as items
from aval.adapters.dynamodb.attributes import Item, Key
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.races import lost_races_as
from aval.adapters.dynamodb.tasks import DynamoDbTasks, ending_of
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import Task, TaskId
from aval.prudential.vault import Commit, CommitLost, JournalEntry, KeyAnswer, StoredRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef
    from mypy_boto3_s3 import S3Client


class _Lost(Exception):
    """Another write came first."""


@dataclass(frozen=True, slots=True)
class DynamoDbVault:
    client: "DynamoDBClient"
    table_name: str
    s3: "S3Client"
    bucket: str

    def task(self, code: TaskId) -> Task:
        """Raise `TaskUnknown`."""
        return DynamoDbTasks(self.client, self.table_name, self._objects).load_whole(code)

    def commit(self, commit: Commit) -> None:
        try:
            with lost_races_as(_Lost):
                self.client.transact_write_items(TransactItems=self._parts(commit))
        except _Lost as lost:
            # What ended before stays as it is, and nothing of this was written. Raises for an unknown task.
            if self.task(commit.task).outcome is None:
                raise _taken() from lost

    def add_entry(self, entry: JournalEntry) -> None:
        self._put_or_same(items.entry_item(entry), entry.sealed)

    def journal_after(self, event: EventCode, counter: int) -> Sequence[JournalEntry]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :event AND sk BETWEEN :next AND :last",
            ExpressionAttributeValues={
                ":event": items.journal_partition(event),
                ":next": {"S": items.entry_sk(counter + 1)},
                ":last": {"S": items.last_entry_sk()},
            },
        )
        return tuple(items.read_entry(event, item) for page in pages for item in page["Items"])

    def record(self, event: EventCode, company: Cnpj, kind: str, version: int) -> StoredRecord | None:
        item = self._item(items.place_key(event, company, kind, version))
        return items.read_record(item, (event, company, kind, version), self._objects) if item else None

    def event_key(self, event: EventCode) -> bytes | None:
        item = self._item(items.event_key(event))
        return bytes(item["sealed"]["B"]) if item else None

    def add_event_key(self, event: EventCode, wrapped: bytes) -> None:
        self._put({**items.event_key(event), "sealed": {"B": wrapped}})

    def key_items(self) -> Sequence[bytes]:
        return DynamoDbEnclaveKeys(self.client, self.table_name).key_items()

    def add_key_item(self, version: int, item: bytes) -> None:
        self._put({**items.key_item_key(version), "sealed": {"B": item}})

    def destroy_key_item(self, version: int) -> None:
        self.client.delete_item(TableName=self.table_name, Key=items.key_item_key(version))

    def give_key_answer(self, request: str, answer: KeyAnswer, *, until: datetime) -> None:
        item = items.key_answer_item(request, answer, until=until)
        self.client.put_item(TableName=self.table_name, Item=item)

    @property
    def _objects(self) -> ConfidentialObjects:
        return ConfidentialObjects(self.s3, self.bucket)

    def _parts(self, commit: Commit) -> "list[TransactWriteItemTypeDef]":
        values = items.outcome_values(commit.task, commit.outcome, self._objects)
        written = [
            *map(items.entry_item, commit.entries),
            *(items.record_item(record, self._objects) for record in commit.records),
        ]
        parts: list[TransactWriteItemTypeDef] = [{"Update": ending_of(self.table_name, commit.task, values)}]
        parts += [
            {
                "Put": {
                    "TableName": self.table_name,
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
            for item in written
        ]
        return parts

    def _put_or_same(self, item: Key, sealed: bytes) -> None:
        try:
            self._put(item)
        except CommitLost:
            there = self._item({"pk": item["pk"], "sk": item["sk"]})
            if there is None or bytes(there["sealed"]["B"]) != sealed:
                raise

    def _put(self, item: Key) -> None:
        """Raise `CommitLost` when its place is taken."""
        try:
            with lost_races_as(_Lost):
                self.client.put_item(
                    TableName=self.table_name, Item=item, ConditionExpression="attribute_not_exists(pk)"
                )
        except _Lost as lost:
            raise _taken() from lost

    def _item(self, key: Key) -> Item | None:
        answer = self.client.get_item(TableName=self.table_name, Key=key, ConsistentRead=True)
        return answer.get("Item")


def _taken() -> CommitLost:
    return CommitLost("o lugar já foi escrito; leia de novo")
