"""The agents' own addresses: the one in force, those before it, and all of them for a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import link_items as items
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.identifiers import Cnpj
from aval.prudential.links import Link

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class _Lost(Exception):
    """Another registration came first."""


@dataclass(frozen=True, slots=True)
class DynamoDbLinks:
    client: "DynamoDBClient"
    table_name: str

    def of(self, company: Cnpj) -> Link | None:
        answer = self.client.get_item(
            TableName=self.table_name, Key=items.link_key(company), ConsistentRead=True
        )
        return items.read_link(answer["Item"]) if "Item" in answer else None

    def history(self, company: Cnpj) -> Sequence[Link]:
        found = self._partitions.query(items.company_partition(company), prefix=items.HISTORY)
        return tuple(reversed([items.read_link(item) for item in found]))

    def add(self, link: Link) -> bool:
        try:
            with lost_races_as(_Lost):
                self.client.transact_write_items(
                    TransactItems=[
                        {
                            "Put": {
                                "TableName": self.table_name,
                                "Item": items.history_item(link),
                                "ConditionExpression": "attribute_not_exists(pk)",
                            }
                        },
                        {"Put": {"TableName": self.table_name, "Item": items.link_item(link)}},
                        {"Put": {"TableName": self.table_name, "Item": items.listed_item(link)}},
                    ]
                )
        except _Lost:
            return False
        return True

    def all(self) -> Mapping[Cnpj, str]:
        return {Cnpj(item["sk"]["S"]): item["address"]["S"] for item in self._partitions.query(items.ALL)}

    @property
    def _partitions(self) -> Partitions:
        return Partitions(self.client, self.table_name)
