"""The loader's side of the registry's table: rows of a generation, and the pointer to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.partitions import Item, Partitions
from aval.adapters.dynamodb.registry_items import (
    ATTEMPTS_PARTITION,
    attempt_item,
    attempt_key,
    attempt_of,
    items_of,
    list_items,
    load_item,
    load_key,
    load_of,
    partitions,
    pointer_item,
    row_of,
    rows_partition,
)
from aval.adapters.dynamodb.registry_pointer import read_pointer
from aval.moments import to_storage
from aval.registry.drops import Drop
from aval.registry.generations import Generation, LoadRecord, Pointer, PointerMoved
from aval.registry.schemas import Dataset, Row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import DeleteTypeDef, PutTypeDef

_LOST_RACES: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


@dataclass(frozen=True, slots=True)
class DynamoDbRegistryStore:
    client: "DynamoDBClient"
    table_name: str

    def pointer(self) -> Pointer:
        return read_pointer(self.client, self.table_name)

    def rows(self, dataset: Dataset, generation: Generation) -> Sequence[Row]:
        return [row_of(item) for item in self._partitions.query(rows_partition(generation, dataset))]

    def write(self, generation: Generation, drop: Drop, *, at: datetime) -> None:
        self.client.put_item(TableName=self.table_name, Item=attempt_item(generation, drop, at))
        for dataset, records in drop.items():
            self._partitions.put_all(
                item for record in records for item in items_of(generation, dataset, record)
            )
            self._partitions.put_all(list_items(generation, dataset, records))

    def record_of(self, generation: Generation) -> LoadRecord | None:
        answer = self.client.get_item(
            TableName=self.table_name, Key=load_key(generation), ConsistentRead=True
        )
        return load_of(answer["Item"]) if "Item" in answer else None

    def switch(self, before: Pointer, after: Pointer, record: LoadRecord) -> None:
        """One transaction; raise `PointerMoved` when another load, or a sweep, came first."""
        pointer: PutTypeDef = {
            "TableName": self.table_name,
            "Item": pointer_item(after),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before.version:
            pointer["ConditionExpression"] = "version = :before"
            pointer["ExpressionAttributeValues"] = {":before": {"N": str(before.version)}}
        load: PutTypeDef = {
            "TableName": self.table_name,
            "Item": load_item(record),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        attempt: DeleteTypeDef = {
            "TableName": self.table_name,
            "Key": attempt_key(record.arrival.generation),
            "ConditionExpression": "attribute_exists(pk)",
        }
        try:
            self.client.transact_write_items(
                TransactItems=[{"Put": pointer}, {"Put": load}, {"Delete": attempt}]
            )
        except self.client.exceptions.TransactionCanceledException as error:
            reasons = {reason.get("Code") for reason in error.response["CancellationReasons"]}
            if reasons & _LOST_RACES:
                raise PointerMoved from error
            raise

    def discard(self, dataset: Dataset, generation: Generation) -> None:
        for partition in partitions(generation, dataset):
            self._partitions.delete_all(self._partitions.query(partition, keys_only=True))

    def sweep(self, *, before: datetime) -> None:
        for item in list(self._partitions.query(ATTEMPTS_PARTITION)):
            since = item["desde"]["S"]
            if since < to_storage(before) and self._forget_attempt(item, since):
                self._discard_attempt(*attempt_of(item))

    def _discard_attempt(self, generation: Generation, datasets: Sequence[Dataset]) -> None:
        # Of two deliveries at once, the slower may note its attempt after the other came into force.
        pointer = self.pointer()
        for dataset in datasets:
            if not pointer.is_read(dataset, generation):
                self.discard(dataset, generation)

    def _forget_attempt(self, item: Item, since: str) -> bool:
        """Once the note is gone its attempt can no longer come into force; False when it was renewed."""
        try:
            self.client.delete_item(
                TableName=self.table_name,
                Key={"pk": item["pk"], "sk": item["sk"]},
                ConditionExpression="desde = :since",
                ExpressionAttributeValues={":since": {"S": since}},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    @property
    def _partitions(self) -> Partitions:
        return Partitions(self.client, self.table_name)
