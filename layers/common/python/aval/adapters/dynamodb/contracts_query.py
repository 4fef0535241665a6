"""Contracts of some profiles, found in the indexes of sellers and of buyers (docs/access-patterns.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aval.adapters.dynamodb import contracts_items as items
from aval.adapters.dynamodb.attributes import Item, Key
from aval.contracts.model import ContractCode, ProfileCode, Side
from aval.contracts.store import Selection
from aval.moments import to_storage
from aval.settings import BY_BUYER_INDEX, BY_SELLER_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_INDEXES: Final = {Side.SELLER: ("seller", BY_SELLER_INDEX), Side.BUYER: ("buyer", BY_BUYER_INDEX)}
_LARGEST_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """One partition of one index, read in the order of codes."""

    client: "DynamoDBClient"
    table_name: str
    profile: ProfileCode
    side: Side
    selection: Selection
    columns: str = "code"
    """What of the matching rows travels; DynamoDB reads them whole all the same."""
    only_linked: bool = False

    def rows(self) -> list[Item]:
        pages = self.client.get_paginator("query").paginate(**self._request())
        return [row for page in pages for row in page["Items"]]

    def rows_after(self, after: ContractCode | None, *, about: int) -> Iterator[Item]:
        """In pages that grow: a filter may pass over many rows before it finds one."""
        request = self._request()
        if after is not None:
            request["KeyConditionExpression"] += " AND code > :after"
            request["ExpressionAttributeValues"][":after"] = {"S": items.contract_sk(after)}
        limit = about
        while True:
            page = self.client.query(**request, Limit=limit)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
            limit = min(2 * limit, _LARGEST_PAGE)

    def _request(self) -> dict[str, Any]:
        attribute, index = _INDEXES[self.side]
        conditions, values = self._filter()
        request: dict[str, Any] = {
            "TableName": self.table_name,
            "IndexName": index,
            "KeyConditionExpression": f"{attribute} = :profile",
            "ExpressionAttributeValues": {":profile": {"S": items.profile_pk(self.profile)}, **values},
            "ProjectionExpression": self.columns,
        }
        if conditions:
            request["FilterExpression"] = " AND ".join(conditions)
        return request

    def _filter(self) -> tuple[list[str], Key]:
        asked = self.selection
        conditions: list[str] = []
        values: Key = {}
        if asked.period is not None:
            conditions.append("begins < :until AND ends > :since")
            values[":since"] = {"S": to_storage(asked.period.begins)}
            values[":until"] = {"S": to_storage(asked.period.ends)}
        if asked.shapes is not None:
            names = {
                f":shape{i}": items.shape_text(shape) for i, shape in enumerate(sorted(asked.shapes, key=str))
            }
            conditions.append(f"shape IN ({', '.join(names)})")
            values |= {name: {"S": text} for name, text in names.items()}
        if asked.only_not_validated:
            conditions.append("pending = :yes")
            values[":yes"] = {"BOOL": True}
        if self.only_linked:
            conditions.append("attribute_exists(links)")
        return conditions, values


def partitions(selection: Selection) -> Iterator[tuple[ProfileCode, Side]]:
    if selection.shapes == frozenset():
        return
    for profile in sorted(selection.profiles):
        for side in (selection.side,) if selection.side else Side:
            yield profile, side
