"""Weeks in the confidential table: a set is added once, in the order of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import week_items as items
from aval.adapters.dynamodb.attributes import Item
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.identifiers import EventCode
from aval.prudential.refusals import WeekContended, WeekUnknown
from aval.prudential.weeks import WeekHead, WeekVersion

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class _Lost(Exception):
    """Another write came first."""


@dataclass(frozen=True, slots=True)
class DynamoDbWeeks:
    client: "DynamoDBClient"
    table_name: str

    def heads(self) -> Sequence[WeekHead]:
        found = [items.read_head(item) for item in self._partitions.query(items.WEEKS)]
        return tuple(reversed(found))

    def current(self, event: EventCode) -> WeekVersion:
        item = self._last(event)
        if item is None:
            raise WeekUnknown
        return items.read_version(item)

    def versions(self, event: EventCode) -> Sequence[WeekVersion]:
        found = self._partitions.query(items.versions_partition(event), prefix=items.PARAMETERS)
        versions = tuple(map(items.read_version, found))
        if not versions:
            raise WeekUnknown
        return versions

    def add(self, version: WeekVersion) -> None:
        head = WeekHead.of(version.parameters)
        try:
            with lost_races_as(_Lost):
                self.client.transact_write_items(
                    TransactItems=[
                        {"Put": items.version_put(self.table_name, version)},
                        {"Put": items.head_put(self.table_name, head)},
                    ]
                )
        except _Lost as lost:
            raise WeekContended from lost

    def is_closed(self, event: EventCode) -> bool:
        return event in self.closed_among([event])

    def closed_among(self, events: Sequence[EventCode]) -> frozenset[EventCode]:
        keys = [items.closing_key(event) for event in dict.fromkeys(events)]
        return frozenset(map(items.closed_event, self._partitions.get(keys, only="pk")))

    def parameters_of(self, event: EventCode) -> bytes | None:
        """The document in force, as it was hashed; None for an event that has no week."""
        item = self._last(event)
        return bytes(item["document"]["B"]) if item else None

    def _last(self, event: EventCode) -> Item | None:
        answer = self.client.query(
            TableName=self.table_name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={
                ":pk": {"S": items.versions_partition(event)},
                ":prefix": {"S": items.PARAMETERS},
            },
            ScanIndexForward=False,
            Limit=1,
        )
        return next(iter(answer["Items"]), None)

    @property
    def _partitions(self) -> Partitions:
        return Partitions(self.client, self.table_name)
