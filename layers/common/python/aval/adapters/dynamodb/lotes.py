"""Lotes in the confidential table: each move is conditional, so that it happens once whoever makes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import lote_items as items
from aval.adapters.dynamodb.attributes import Item, Key
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.identifiers import Cnpj, EventCode
from aval.moments import to_storage
from aval.prudential.lotes import Lote, LoteId, LoteState
from aval.prudential.refusals import LoteUnknown
from aval.settings import OPEN_TASKS_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

MOST_SHOWN: Final = 500
"""Of a sender's history: what an answer carries, and more than a week brings."""


class _Lost(Exception):
    """The row does not stand as the move expects it."""


@dataclass(frozen=True, slots=True)
class DynamoDbLotes:
    client: "DynamoDBClient"
    table_name: str

    def add(self, lote: Lote) -> None:
        self.client.transact_write_items(
            TransactItems=[
                {
                    "Put": {
                        "TableName": self.table_name,
                        "Item": item,
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                }
                for item in (items.lote_item(lote), items.history_item(lote))
            ]
        )

    def load(self, code: LoteId) -> Lote:
        answer = self.client.get_item(
            TableName=self.table_name, Key=items.lote_key(code), ConsistentRead=True
        )
        if "Item" not in answer:
            raise LoteUnknown
        return items.read_lote(answer["Item"])

    def of_sender(self, event: EventCode, sender: Cnpj) -> Sequence[Lote]:
        """The newest `MOST_SHOWN`."""
        answer = self.client.query(
            TableName=self.table_name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :history",
            ExpressionAttributeValues={":history": {"S": items.history_partition(event, sender)}},
            ScanIndexForward=False,
            Limit=MOST_SHOWN,
        )
        codes = [LoteId(item["lote"]["S"]) for item in answer["Items"]]
        return sorted(self._all(codes), key=lambda lote: (lote.created_at, lote.id), reverse=True)

    def of_event(self, event: EventCode) -> Sequence[Lote]:
        return self._still_open(one for one in self._open() if items.event_of_open(one) == event)

    def open_before(self, moment: datetime) -> Sequence[Lote]:
        # What moved before a moment was announced before it.
        found = self._still_open(self._open(before=moment))
        return [lote for lote in found if (lote.moved_at or lote.created_at) < moment]

    def register(
        self, code: LoteId, *, object_version: str, received_at: datetime, execution: str, at: datetime
    ) -> bool:
        """Also True for the execution that has it already and asks again."""
        taken = self._move(
            code,
            change="SET execution = :execution, object_version = :version, received_at = :received,"
            " #state = :arrived, moved_at = :at",
            condition="attribute_not_exists(execution)",
            values={
                ":execution": {"S": execution},
                ":version": {"S": object_version},
                ":received": {"S": to_storage(received_at)},
                ":arrived": {"S": LoteState.RECEIVED},
                ":at": {"S": to_storage(at)},
            },
        )
        return taken or _has(self.load(code), object_version, execution)

    def take_over(self, code: LoteId, *, former: str, execution: str, at: datetime) -> bool:
        return self._move(
            code,
            change="SET execution = :execution, moved_at = :at",
            condition="execution = :former",
            values={
                ":former": {"S": former},
                ":execution": {"S": execution},
                ":at": {"S": to_storage(at)},
            },
        )

    def start(self, code: LoteId, *, at: datetime) -> None:
        self._move(
            code,
            change="SET #state = :running, moved_at = :at",
            condition="#state = :received",
            values={
                ":running": {"S": LoteState.RUNNING},
                ":received": {"S": LoteState.RECEIVED},
                ":at": {"S": to_storage(at)},
            },
        )

    def chunk_persisted(self, code: LoteId, number: int, *, at: datetime) -> None:
        self._move(
            code,
            change="SET moved_at = :at ADD persisted :number",
            condition="attribute_exists(taken)",
            values={":number": {"NS": [str(number)]}, ":at": {"S": to_storage(at)}},
        )

    def end(self, code: LoteId, state: LoteState, reason: str, *, at: datetime) -> bool:
        """A lote whose agents are in the journal is not rejected, whatever failed after that: False."""
        values: Key = {
            ":state": {"S": state},
            ":reason": {"S": reason},
            ":at": {"S": to_storage(at)},
        }
        condition = ""
        if state in (LoteState.REJECTED, LoteState.EXPIRED):
            condition, values[":none"] = f"({items.NO_OUTCOME} OR taken = :none)", {"N": "0"}
        return self._move(
            code,
            change="SET #state = :state, reason = :reason, ended_at = :at, moved_at = :at"
            " REMOVE open_pk, open_sk",
            condition=condition,
            values=values,
        )

    def _move(self, code: LoteId, *, change: str, condition: str, values: Key) -> bool:
        """Of an open lote alone; whether it happened."""
        request: UpdateItemInputTypeDef = {
            "TableName": self.table_name,
            "Key": items.lote_key(code),
            "UpdateExpression": change,
            "ConditionExpression": " AND ".join(filter(None, (items.IS_OPEN, condition))),
            "ExpressionAttributeValues": values,
        }
        if "#state" in change:
            request["ExpressionAttributeNames"] = {"#state": "state"}
        try:
            with lost_races_as(_Lost):
                self.client.update_item(**request)
        except _Lost:
            return False
        return True

    def _open(self, *, before: datetime | None = None) -> list[Item]:
        until = items.open_until(before) if before else "~"
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            IndexName=OPEN_TASKS_INDEX,
            KeyConditionExpression="open_pk = :open AND open_sk < :until",
            ExpressionAttributeValues={":open": {"S": items.OPEN}, ":until": {"S": until}},
        )
        return [item for page in pages for item in page["Items"]]

    def _still_open(self, found: Iterable[Item]) -> list[Lote]:
        """The index lags behind the table: the rows are asked."""
        lotes = self._all([items.lote_in(item) for item in found])
        return sorted(
            (lote for lote in lotes if not lote.state.is_final), key=lambda lote: (lote.created_at, lote.id)
        )

    def _all(self, codes: Sequence[LoteId]) -> Iterable[Lote]:
        keys = [items.lote_key(code) for code in codes]
        return map(items.read_lote, Partitions(self.client, self.table_name).get(keys))


def _has(lote: Lote, object_version: str, execution: str) -> bool:
    mine = (lote.execution, lote.object_version) == (execution, object_version)
    return mine and not lote.state.is_final
