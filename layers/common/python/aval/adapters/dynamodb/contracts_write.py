"""Changes of contracts as the parts of one DynamoDB transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import contracts_items as items
from aval.adapters.dynamodb.attributes import Key, number
from aval.contracts.imports.judging import Change
from aval.contracts.model import ContractCode
from aval.contracts.store import ContractTooLarge

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef

# TransactWriteItems takes 100 items of 4 MB together; what is left over is for what goes with the contracts.
_MOST_ITEMS: Final = 96
_MOST_BYTES: Final = 3_400_000


@dataclass(slots=True)
class ContractWrites:
    """Contracts as one transaction leaves them: of each its last state, and all its history."""

    table_name: str
    _writes: "dict[ContractCode, _Write]" = field(default_factory=dict)

    def add(self, change: Change) -> bool:
        """Whether it fits beside the others; raise `ContractTooLarge` when it would not fit alone."""
        earlier = self._writes.get(change.after.code)
        write = _Write.of(change, earlier)
        others = [one for code, one in self._writes.items() if code != change.after.code]
        if not _fits([*others, write]):
            if not _fits([_Write.of(change, None)]):
                raise ContractTooLarge
            return False
        self._writes[change.after.code] = write
        return True

    def parts(self) -> "Iterator[TransactWriteItemTypeDef]":
        for write in self._writes.values():
            yield {"Put": self._header(write)}
            for item in (*write.contract.parts, *write.history):
                yield {"Put": {"TableName": self.table_name, "Item": item}}

    def _header(self, write: "_Write") -> "PutTypeDef":
        put: PutTypeDef = {
            "TableName": self.table_name,
            "Item": write.contract.header,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if write.replaced is not None:
            put["ConditionExpression"] = "version = :replaced"
            put["ExpressionAttributeValues"] = {":replaced": number(write.replaced)}
        return put


@dataclass(frozen=True, slots=True)
class _Write:
    replaced: int | None
    """The version that must stand, None where there must be no contract yet."""
    contract: items.ContractItems
    history: tuple[Key, ...]

    count: int
    size: int

    @classmethod
    def of(cls, change: Change, earlier: "_Write | None") -> "_Write":
        contract, history = items.contract_items(change.after), tuple(items.history_items(change))
        replaced = change.before.version if change.before else None
        if earlier is not None:
            replaced, history = earlier.replaced, (*earlier.history, *history)
        count = 1 + len(contract.parts) + len(history)
        return cls(replaced, contract, history, count, contract.size + sum(map(items.history_size, history)))


def _fits(writes: list[_Write]) -> bool:
    return (
        sum(write.count for write in writes) <= _MOST_ITEMS
        and sum(write.size for write in writes) <= _MOST_BYTES
    )
