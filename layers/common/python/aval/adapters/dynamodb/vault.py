"""What the enclave keeps, in the confidential table and bucket: every place is written once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import agent_items
from aval.adapters.dynamodb import confidential_items as items
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.attributes import Item, Key
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.lote_items import outcome_update
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.races import lost_races_as
from aval.adapters.dynamodb.reader_lists import DynamoDbReaderLists
from aval.adapters.dynamodb.tasks import DynamoDbTasks, ending_of
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.s3_confidential import (
    ConfidentialObjects,
    answers_key,
    eligible_key,
    lote_file_key,
    records_key,
)
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentChange
from aval.prudential.lotes import Lote, LoteId
from aval.prudential.tasks import Task, TaskId
from aval.prudential.vault import (
    Commit,
    CommitLost,
    JournalEntry,
    KeyAnswer,
    LoteCommit,
    StoredRecord,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef
    from mypy_boto3_s3 import S3Client

_WRITERS: Final = 8


class _Lost(Exception):
    """Another write came first."""


@dataclass(frozen=True, slots=True)
class DynamoDbVault:
    client: "DynamoDBClient"
    table_name: str
    s3: "S3Client"
    bucket: str
    prudential_bucket: str

    def task(self, code: TaskId) -> Task:
        """Raise `TaskUnknown`."""
        return DynamoDbTasks(self.client, self.table_name, self._objects).load_whole(code)

    def commit(self, commit: Commit) -> None:
        """Of a change, a part that is there already, or rests on an earlier entry, is left as it is."""
        try:
            with lost_races_as(_Lost):
                self.client.transact_write_items(TransactItems=self._parts(commit))
        except _Lost as lost:
            # What ended before stays as it is, and nothing of this was written. Raises for an unknown task.
            if self.task(commit.task).outcome is None:
                raise _taken() from lost

    def add_entry(self, entry: JournalEntry) -> None:
        item = items.entry_item(entry, self._objects)
        try:
            self._put(item)
        except CommitLost:
            there = self._item({"pk": item["pk"], "sk": item["sk"]})
            if there is None or items.read_entry(entry.event, there, self._objects) != entry:
                raise

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
        return tuple(items.read_entry(event, item, self._objects) for page in pages for item in page["Items"])

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

    def parameters(self, event: EventCode) -> bytes | None:
        return DynamoDbWeeks(self.client, self.table_name).parameters_of(event)

    def authorisations(self, company: Cnpj) -> Sequence[str]:
        return DynamoDbReaderLists(self.client, self.table_name).authorisations(company)

    def lote(self, code: LoteId) -> Lote:
        return DynamoDbLotes(self.client, self.table_name).load(code)

    def lote_file(self, lote: Lote) -> bytes:
        return self._prudential.fetch_version(lote_file_key(lote.id), lote.object_version)

    def eligible(self, lote: Lote) -> bytes:
        return self._prudential.fetch(eligible_key(lote.id))

    def keep_chunks(
        self, lote: LoteId, attempt: str, answers: Sequence[bytes], records: Sequence[bytes]
    ) -> None:
        objects = {answers_key(lote, attempt, number): one for number, one in enumerate(answers)}
        objects |= {records_key(lote, attempt, number): one for number, one in enumerate(records)}
        # One after another 200 of them would take as long as reading the file did.
        with ThreadPoolExecutor(_WRITERS) as writers:
            for written in [writers.submit(self._prudential.keep, *one) for one in objects.items()]:
                written.result()

    def commit_lote(self, commit: LoteCommit) -> None:
        parts: list[TransactWriteItemTypeDef] = [{"Update": outcome_update(self.table_name, commit)}]
        if commit.entry:
            parts.append(self._new(items.entry_item(commit.entry, self._objects)))
        try:
            with lost_races_as(_Lost):
                self.client.transact_write_items(TransactItems=parts)
        except _Lost as lost:
            there = self.lote(commit.lote)
            if there.outcome is None and not there.state.is_final:
                raise _taken() from lost

    @property
    def _objects(self) -> ConfidentialObjects:
        return ConfidentialObjects(self.s3, self.bucket)

    @property
    def _prudential(self) -> ConfidentialObjects:
        return ConfidentialObjects(self.s3, self.prudential_bucket)

    def _parts(self, commit: Commit) -> "list[TransactWriteItemTypeDef]":
        values = items.outcome_values(commit.task, commit.outcome, self._objects)
        return [
            {"Update": ending_of(self.table_name, commit.task, values)},
            *(self._new(items.entry_item(entry, self._objects)) for entry in commit.entries),
            *(self._new(items.record_item(record, self._objects)) for record in commit.records),
            *self._changed(commit.change),
        ]

    def _changed(self, change: AgentChange | None) -> "list[TransactWriteItemTypeDef]":
        """What of a change is news: of a repeat some may have been written, by it or by later acts."""
        if change is None:
            return []
        row, transition, released = change.row, change.transition, change.released
        agents = DynamoDbAgents(self.client, self.table_name)
        puts: list[PutTypeDef] = []
        there = agents.row(row.event, row.company)
        if there is None or there.standing.counter < row.standing.counter:
            puts.append(agent_items.row_put(self.table_name, agents.with_answer(row)))
        item = agent_items.transition_item(transition)
        if self._item({"pk": item["pk"], "sk": item["sk"]}) is None:
            puts.append(agent_items.transition_put(self.table_name, transition))
        if released:
            former = agents.released_of(released.event, released.company)
            if former is None or former.counter < released.counter:
                puts.append(agent_items.released_put(self.table_name, released))
        return [{"Put": put} for put in puts]

    def _new(self, item: Key) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self.table_name,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

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
