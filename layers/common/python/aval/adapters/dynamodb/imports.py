"""Imports in the contracts table: every move is conditional on the one before."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import imports_items as items
from aval.adapters.dynamodb.attributes import Item, Key, number
from aval.adapters.dynamodb.counters import Counter
from aval.adapters.dynamodb.import_batch import DynamoDbBatch
from aval.adapters.dynamodb.import_lists import submitted_by
from aval.adapters.dynamodb.import_moves import Move
from aval.adapters.dynamodb.races import lost_races_as
from aval.contracts.bus import ProcessingCode, ProcessingState, RowResult, RowStatus
from aval.contracts.imports.store import ImportRecord, LatestSubmission, SubmissionKey
from aval.contracts.paging import Page, PageRequest
from aval.contracts.store import WriteLost
from aval.identifiers import Cnpj
from aval.moments import to_storage
from aval.settings import OPEN_IMPORTS_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_TRIES: Final = 10
_NO_ROW: Final = 0
"""The row of the one result of a file that was refused whole."""


@dataclass(frozen=True, slots=True)
class DynamoDbImports:
    client: "DynamoDBClient"
    table_name: str

    def new_code(self) -> ProcessingCode:
        [code] = Counter(self.client, self.table_name, "IMPORTACAO").take()
        return ProcessingCode(code)

    def accept(self, record: ImportRecord) -> ProcessingCode:
        for _ in range(_TRIES):
            try:
                self._accept_once(record)
            except WriteLost:
                latest = self.latest(record.submission)
                if latest is not None and latest.covers(record.received_at):
                    return latest.code
            else:
                return record.code
        raise WriteLost

    def latest(self, submission: SubmissionKey) -> LatestSubmission | None:
        item = self._item(items.submission_key(submission))
        return items.read_submission(item) if item else None

    def submitted_by(
        self, companies: Collection[Cnpj], *, before: ProcessingCode | None, limit: int
    ) -> Sequence[ImportRecord]:
        return submitted_by(self.client, self.table_name, companies, before=before, limit=limit)

    def record(self, code: ProcessingCode) -> ImportRecord | None:
        item = self._item(items.record_key(code))
        return items.read_record(item) if item else None

    def begin(
        self, record: ImportRecord, *, file_version: str, total_rows: int, at: datetime
    ) -> ImportRecord:
        after = replace(
            _moved(record, ProcessingState.RUNNING, at), file_version=file_version, total_rows=total_rows
        )
        values: Key = {":version": {"S": file_version}, ":total": number(total_rows)}
        sets = ["file_version = :version", "total_rows = :total"]
        return self._write(Move(self.table_name, record, after, sets, values))

    def refuse(self, record: ImportRecord, *, reason: str, at: datetime) -> ImportRecord:
        result = RowResult(_NO_ROW, "", RowStatus.REFUSED, reason)
        put: TransactWriteItemTypeDef = {
            "Put": {"TableName": self.table_name, "Item": items.results_item(record.code, [result])}
        }
        after = _moved(record, ProcessingState.REFUSED, at)
        unread = "attribute_not_exists(total_rows)"
        return self._write(Move(self.table_name, record, after, condition=unread), put)

    def batch(self, record: ImportRecord) -> DynamoDbBatch:
        return DynamoDbBatch(self.client, self.table_name, record)

    def fail(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        after = _moved(record, ProcessingState.FAILED, at)
        values: Key = {":next_row": number(record.next_row)}
        still = "next_row = :next_row"
        return self._write(Move(self.table_name, record, after, values=values, condition=still))

    def reopen(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        after = _moved(record, _state_before_failure(record), at)
        return self._write(Move(self.table_name, record, after))

    def touch(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        values: Key = {":was": {"S": to_storage(record.moved_at)}}
        after = _moved(record, record.state, at)
        return self._write(Move(self.table_name, record, after, values=values, condition="moved_at = :was"))

    def stalled(self, *, since: datetime) -> Iterator[ImportRecord]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            IndexName=OPEN_IMPORTS_INDEX,
            KeyConditionExpression="open_pk = :open AND open_sk < :since",
            ExpressionAttributeValues={":open": {"S": items.OPEN}, ":since": {"S": to_storage(since)}},
        )
        for page in pages:
            for item in page["Items"]:
                record = self.record(items.code_in(item))
                if record is not None and not record.is_over and record.moved_at < since:
                    yield record

    def results(self, record: ImportRecord, page: PageRequest) -> Page[RowResult]:
        if record.state is ProcessingState.REFUSED:
            first, total = _NO_ROW, 1
        else:
            first, total = 1, record.next_row - 1
        begins = first + (page.number - 1) * page.size
        ends = min(begins + page.size, first + total)
        shown = self._results(record.code, begins, ends) if begins < ends else ()
        return Page(tuple(shown), page, total)

    def _results(self, code: ProcessingCode, begins: int, ends: int) -> Iterator[RowResult]:
        """An item holds a batch, and is found by its first row."""
        partition: Key = {":import": {"S": items.import_partition(code)}}
        before = self.client.query(
            TableName=self.table_name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :import AND sk BETWEEN :first AND :begins",
            ExpressionAttributeValues={
                **partition,
                ":first": {"S": items.results_sk(_NO_ROW)},
                ":begins": {"S": items.results_sk(begins)},
            },
            ProjectionExpression="sk",
            ScanIndexForward=False,
            Limit=1,
        )["Items"]
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :import AND sk BETWEEN :from AND :last",
            ExpressionAttributeValues={
                **partition,
                ":from": before[0]["sk"],
                ":last": {"S": items.results_sk(ends - 1)},
            },
        )
        for found in pages:
            for item in found["Items"]:
                yield from (one for one in items.read_results(item) if begins <= one.row < ends)

    def _accept_once(self, record: ImportRecord) -> None:
        table = self.table_name
        with lost_races_as(WriteLost):
            self.client.transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": table,
                            "Item": items.record_item(record),
                            "ConditionExpression": "attribute_not_exists(pk)",
                        }
                    },
                    {"Put": {"TableName": table, "Item": items.listing_item(record)}},
                    {
                        "Put": {
                            "TableName": table,
                            "Item": items.submission_item(record),
                            "ConditionExpression": "attribute_not_exists(pk)"
                            " OR (in_flight = :no AND NOT ended_at >= :received)",
                            "ExpressionAttributeValues": {
                                ":no": {"BOOL": False},
                                ":received": items.instant(record.received_at),
                            },
                        }
                    },
                ]
            )

    def _write(self, move: Move, *beside: "TransactWriteItemTypeDef") -> ImportRecord:
        with lost_races_as(WriteLost):
            self.client.transact_write_items(TransactItems=[*move.parts(), *beside])
        return move.after

    def _item(self, key: Key) -> Item | None:
        answer = self.client.get_item(TableName=self.table_name, Key=key, ConsistentRead=True)
        return answer.get("Item")


def _moved(record: ImportRecord, state: ProcessingState, at: datetime) -> ImportRecord:
    return replace(record, state=state, moved_at=at)


def _state_before_failure(record: ImportRecord) -> ProcessingState:
    if record.total_rows is not None:
        return ProcessingState.RUNNING
    return ProcessingState.RECEIVED if record.file_version else ProcessingState.AWAITING_FILE
