"""What companies submitted, newest first: codes by company, then the records themselves."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import imports_items as items
from aval.adapters.dynamodb.partitions import Partitions
from aval.contracts.bus import ProcessingCode
from aval.contracts.imports.store import ImportRecord
from aval.identifiers import Cnpj

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def submitted_by(
    client: "DynamoDBClient",
    table_name: str,
    companies: Collection[Cnpj],
    *,
    before: ProcessingCode | None,
    limit: int,
) -> Sequence[ImportRecord]:
    streams = (_codes(client, table_name, company, before, limit) for company in sorted(companies))
    codes = list(islice(heapq.merge(*streams, reverse=True), limit))
    found = Partitions(client, table_name).get([items.record_key(code) for code in codes])
    records = map(items.read_record, found)
    return sorted(records, key=lambda record: record.code, reverse=True)


def _codes(
    client: "DynamoDBClient", table_name: str, company: Cnpj, before: ProcessingCode | None, limit: int
) -> Iterator[ProcessingCode]:
    """Keys are so short that a page of a thousand comes in one answer."""
    ceiling = "~" if before is None else items.listing_sk(before)
    answer = client.query(
        TableName=table_name,
        ConsistentRead=True,
        KeyConditionExpression="pk = :company AND sk < :ceiling",
        ExpressionAttributeValues={
            ":company": {"S": items.listing_partition(company)},
            ":ceiling": {"S": ceiling},
        },
        ProjectionExpression="sk",
        ScanIndexForward=False,
        Limit=limit,
    )
    return (ProcessingCode(int(item["sk"]["S"])) for item in answer["Items"])
