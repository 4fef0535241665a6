"""One batch of an import's rows as one DynamoDB transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import imports_items as items
from aval.adapters.dynamodb.attributes import Key, number
from aval.adapters.dynamodb.contracts_write import ContractWrites
from aval.adapters.dynamodb.import_moves import Move
from aval.adapters.dynamodb.races import lost_races_as
from aval.contracts.bus import ProcessingState, RowResult, RowStatus
from aval.contracts.imports.judging import Judged
from aval.contracts.imports.store import ImportRecord
from aval.contracts.store import WriteLost

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(slots=True)
class DynamoDbBatch:
    client: "DynamoDBClient"
    table_name: str
    record: ImportRecord
    _results: list[RowResult] = field(default_factory=list, init=False)
    _contracts: ContractWrites = field(init=False)

    def __post_init__(self) -> None:
        self._contracts = ContractWrites(self.table_name)

    def add(self, judged: Judged) -> bool:
        if judged.change is not None and not self._contracts.add(judged.change):
            return False
        self._results.append(judged.result)
        return True

    def write(self, *, at: datetime) -> ImportRecord:
        """The record's cursor is the condition of everything else: of two workers one moves it."""
        after = self._after(at)
        values: Key = {
            ":start": number(self.record.next_row),
            ":next_row": number(after.next_row),
            ":failed_rows": number(after.failed_rows),
        }
        sets = ["next_row = :next_row", "failed_rows = :failed_rows"]
        move = Move(self.table_name, self.record, after, sets, values, condition="next_row = :start")
        parts = move.parts()
        results = items.results_item(self.record.code, self._results)
        parts.append({"Put": {"TableName": self.table_name, "Item": results}})
        parts.extend(self._contracts.parts())
        with lost_races_as(WriteLost):
            self.client.transact_write_items(TransactItems=parts)
        return after

    def _after(self, at: datetime) -> ImportRecord:
        refused = sum(result.status is RowStatus.REFUSED for result in self._results)
        next_row = self.record.next_row + len(self._results)
        is_last = self.record.total_rows is not None and next_row > self.record.total_rows
        return replace(
            self.record,
            state=ProcessingState.DONE if is_last else self.record.state,
            next_row=next_row,
            failed_rows=self.record.failed_rows + refused,
            moved_at=at,
        )
