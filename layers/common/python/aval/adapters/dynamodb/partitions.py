"""Whole partitions and batches of DynamoDB: pages joined, what was left unprocessed sent again."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputPaginateTypeDef

Item = Mapping[str, Any]
"""Attributes, each in DynamoDB's own spelling, such as {"S": "text"}."""

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/: BatchWriteItem, BatchGetItem
_WRITES_PER_CALL: Final = 25
_READS_PER_CALL: Final = 100
_ROUNDS: Final = 10
_FIRST_PAUSE_SECONDS: Final = 0.05


class TableOverloaded(Exception):
    """DynamoDB kept leaving part of a batch undone."""


@dataclass(frozen=True, slots=True)
class Partitions:
    client: "DynamoDBClient"
    table_name: str

    def query(self, partition: str, *, prefix: str = "", keys_only: bool = False) -> Iterator[Item]:
        """The items of a partition whose sort key begins with `prefix`, in its order, read consistently."""
        request: QueryInputPaginateTypeDef = {
            "TableName": self.table_name,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}},
        }
        if prefix:
            request["KeyConditionExpression"] = "pk = :pk AND begins_with(sk, :prefix)"
            request["ExpressionAttributeValues"] = {":pk": {"S": partition}, ":prefix": {"S": prefix}}
        if keys_only:
            request["ProjectionExpression"] = "pk, sk"
        for page in self.client.get_paginator("query").paginate(**request):
            yield from page["Items"]

    def get(self, keys: Sequence[Item], *, only: str = "") -> Iterator[Item]:
        """Those of `keys` that exist, in no order, read consistently; whole, or `only` some attributes."""
        asked: dict[str, Any] = {"ConsistentRead": True}
        if only:
            asked["ProjectionExpression"] = only
        for start in range(0, len(keys), _READS_PER_CALL):
            wanted: list[Any] = list(keys[start : start + _READS_PER_CALL])
            for pause in _pauses():
                request: Any = {self.table_name: {"Keys": wanted, **asked}}
                answer = self.client.batch_get_item(RequestItems=request)
                yield from answer["Responses"].get(self.table_name, [])
                left = answer["UnprocessedKeys"].get(self.table_name)
                if not left:
                    break
                wanted = list(left["Keys"])
                time.sleep(pause)
            else:
                raise TableOverloaded

    def put_all(self, items: Iterable[Item]) -> None:
        self._write({"PutRequest": {"Item": item}} for item in items)

    def delete_all(self, keys: Iterable[Item]) -> None:
        self._write({"DeleteRequest": {"Key": key}} for key in keys)

    def _write(self, requests: Iterable[Any]) -> None:
        batch: list[Any] = []
        for request in requests:
            batch.append(request)
            if len(batch) == _WRITES_PER_CALL:
                self._write_batch(batch)
                batch = []
        if batch:
            self._write_batch(batch)

    def _write_batch(self, batch: list[Any]) -> None:
        for pause in _pauses():
            answer = self.client.batch_write_item(RequestItems={self.table_name: batch})
            batch = answer["UnprocessedItems"].get(self.table_name, [])
            if not batch:
                return
            time.sleep(pause)
        raise TableOverloaded


def _pauses() -> Iterator[float]:
    return (_FIRST_PAUSE_SECONDS * 2**round_ for round_ in range(_ROUNDS))
