"""Agents of a week in the confidential table: written with the journal's counter, read as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import agent_items as items
from aval.adapters.dynamodb.attributes import Item, Key
from aval.adapters.dynamodb.confidential_items import task_in, task_key
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentChange, AgentRow, ReleasedFactor, Transition
from aval.prudential.tasks import TaskId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

_ONE_BY_ONE: Final = 500
"""More rows than that come sooner with the week's whole partition."""


class _Lost(Exception):
    """Nothing to mark, or somebody writes there now."""


@dataclass(frozen=True, slots=True)
class DynamoDbAgents:
    client: "DynamoDBClient"
    table_name: str

    def row(self, event: EventCode, company: Cnpj) -> AgentRow | None:
        item = self._item(items.row_key(event, company))
        return items.read_row(item) if item else None

    def rows(self, event: EventCode) -> Mapping[Cnpj, AgentRow]:
        return _by_company(map(items.read_row, self._partitions.query(items.states_partition(event))))

    def rows_of(self, event: EventCode, companies: Sequence[Cnpj]) -> Mapping[Cnpj, AgentRow]:
        if len(companies) > _ONE_BY_ONE:
            wanted = frozenset(companies)
            return {company: row for company, row in self.rows(event).items() if company in wanted}
        keys = [items.row_key(event, company) for company in dict.fromkeys(companies)]
        return _by_company(map(items.read_row, self._partitions.get(keys)))

    def history(self, event: EventCode, company: Cnpj) -> Sequence[Transition]:
        found = self._partitions.query(items.history_partition(event, company))
        return tuple(map(items.read_transition, found))

    def released(self, event: EventCode) -> Mapping[Cnpj, ReleasedFactor]:
        found = map(items.read_released, self._partitions.query(items.released_partition(event)))
        return {one.company: one for one in found}

    def released_of(self, event: EventCode, company: Cnpj) -> ReleasedFactor | None:
        item = self._item(items.released_key(event, company))
        return items.read_released(item) if item else None

    def released_in(self, events: Sequence[EventCode], company: Cnpj) -> Mapping[EventCode, ReleasedFactor]:
        found = self._partitions.get([items.released_key(event, company) for event in events])
        return {one.event: one for one in map(items.read_released, found)}

    def mark_computing(self, event: EventCode, company: Cnpj, task: TaskId) -> None:
        mark = items.computing_mark(self.table_name, event, company, task)
        try:
            with lost_races_as(_Lost):
                self.client.update_item(**mark)
        except _Lost:
            # It delivered nothing, and the enclave will say so.
            return

    def still_computing(self, rows: Iterable[AgentRow]) -> frozenset[Cnpj]:
        marked = {row.company: TaskId(row.computing) for row in rows if row.computing}
        tasks = [task_key(task) for task in sorted(set(marked.values()))]
        found = self._partitions.get(tasks, only="pk, open_pk")
        are_open = {task_in(item) for item in found if "open_pk" in item}
        return frozenset(company for company, task in marked.items() if task in are_open)

    def keep(self, change: AgentChange) -> None:
        """Write each part that is not there yet; what rests on a later entry stays. Repeatable.

        The row is written last: where it is, the rest is.
        """
        self._put_later(items.transition_put(self.table_name, change.transition))
        if change.released:
            self._put_later(items.released_put(self.table_name, change.released))
        self._put_later(items.row_put(self.table_name, self.with_answer(change.row)))

    def with_answer(self, row: AgentRow) -> AgentRow:
        """The row to put: one that brings no answer keeps word of the last that had a factor."""
        former = None if row.answer else self.row(row.event, row.company)
        return replace(row, answer=former.answer) if former else row

    def _put_later(self, put: "PutTypeDef") -> None:
        try:
            self.client.put_item(**put)
        except self.client.exceptions.ConditionalCheckFailedException:
            return

    def _item(self, key: Key) -> Item | None:
        answer = self.client.get_item(TableName=self.table_name, Key=key, ConsistentRead=True)
        return answer.get("Item")

    @property
    def _partitions(self) -> Partitions:
        return Partitions(self.client, self.table_name)


def _by_company(rows: Iterable[AgentRow]) -> dict[Cnpj, AgentRow]:
    return {row.company: row for row in rows}
