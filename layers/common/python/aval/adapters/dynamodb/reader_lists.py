"""Authorised reader lists in the confidential table: public, one row each, in the order that they came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.attributes import Item, key
from aval.adapters.dynamodb.races import lost_races_as
from aval.identifiers import Cnpj
from aval.moments import from_storage, to_storage
from aval.prudential.reader_lists import KeptList
from aval.prudential.refusals import ReaderListContended

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_PAGE: Final = 40


class _Lost(Exception):
    """Another list came first."""


@dataclass(frozen=True, slots=True)
class DynamoDbReaderLists:
    client: "DynamoDBClient"
    table_name: str

    def latest(self, company: Cnpj) -> Sequence[KeptList]:
        found: list[KeptList] = []
        for item in self._newest_first(company):
            found.append(_read(item))
            if found[-1].by_certificate:
                break
        return tuple(reversed(found))

    def authorisations(self, company: Cnpj) -> Sequence[str]:
        """What the enclave is given, oldest first."""
        return tuple(kept.signed for kept in self.latest(company))

    def add(self, company: Cnpj, kept: KeptList) -> None:
        try:
            with lost_races_as(_Lost):
                self.client.put_item(
                    TableName=self.table_name,
                    Item={
                        **key(_partition(company), f"{kept.number:06d}"),
                        "signed": {"S": kept.signed},
                        "by_certificate": {"BOOL": kept.by_certificate},
                        "at": {"S": to_storage(kept.at)},
                        "by": {"S": kept.by},
                    },
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except _Lost as lost:
            raise ReaderListContended from lost

    def _newest_first(self, company: Cnpj) -> Iterator[Item]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            ConsistentRead=True,
            ScanIndexForward=False,
            KeyConditionExpression="pk = :company",
            ExpressionAttributeValues={":company": {"S": _partition(company)}},
            PaginationConfig={"PageSize": _PAGE},
        )
        return (item for page in pages for item in page["Items"])


def _partition(company: Cnpj) -> str:
    return f"LEITORES#{company}"


def _read(item: Item) -> KeptList:
    return KeptList(
        number=int(item["sk"]["S"]),
        signed=item["signed"]["S"],
        by_certificate=item["by_certificate"]["BOOL"],
        at=from_storage(item["at"]["S"]),
        by=item["by"]["S"],
    )
