"""An import's record moved from one state to the next, together with its submission's identity."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import imports_items as items
from aval.adapters.dynamodb.attributes import Key, number
from aval.contracts.imports.store import ImportRecord
from aval.moments import to_storage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef


@dataclass(frozen=True, slots=True)
class Move:
    """Holds only while the record is in the state that was seen, and `condition` is true."""

    table_name: str
    before: ImportRecord
    after: ImportRecord
    sets: Sequence[str] = ()
    values: Key = field(default_factory=dict)
    condition: str = ""

    def parts(self) -> "list[TransactWriteItemTypeDef]":
        """With the submission's item, where it changes whether the import is in flight."""
        parts: list[TransactWriteItemTypeDef] = [{"Update": self._record()}]
        if self.before.is_over != self.after.is_over:
            parts.append({"Update": self._submission()})
        return parts

    def _record(self) -> "UpdateTypeDef":
        sets = ["#state = :state", "moved_at = :moved_at", *self.sets]
        values: Key = {
            **self.values,
            ":seen": {"S": self.before.state},
            ":state": {"S": self.after.state},
            ":moved_at": {"S": to_storage(self.after.moved_at)},
        }
        removed = ""
        if self.after.is_over:
            removed = " REMOVE open_pk, open_sk"
        else:
            sets += ["open_pk = :open", "open_sk = :open_sk"]
            values[":open"] = {"S": items.OPEN}
            values[":open_sk"] = {"S": items.open_sk(self.after.code, self.after.moved_at)}
        return {
            "TableName": self.table_name,
            "Key": items.record_key(self.before.code),
            "UpdateExpression": f"SET {', '.join(sets)}{removed}",
            "ConditionExpression": " AND ".join(filter(None, ("#state = :seen", self.condition))),
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": values,
        }

    def _submission(self) -> "UpdateTypeDef":
        return {
            "TableName": self.table_name,
            "Key": items.submission_key(self.before.submission),
            "UpdateExpression": "SET in_flight = :in_flight, ended_at = :moved_at",
            # A later submission of the same file may have taken the place of one that had failed.
            "ConditionExpression": "processing = :code",
            "ExpressionAttributeValues": {
                ":in_flight": {"BOOL": not self.after.is_over},
                ":moved_at": items.instant(self.after.moved_at),
                ":code": number(self.before.code),
            },
        }
