"""Requests of boto3 clients counted as AWS bills them: a meter on the client, whoever answers behind it."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Final

_WRITE_UNIT: Final = 1024
_READ_UNIT: Final = 4096
_MEASURING: ContextVar[bool] = ContextVar("measuring", default=False)
_PUTS: Final = {"PutObject", "CopyObject", "PostObject"}

WRITES: Final = "dynamodb_write_unit"
READS: Final = "dynamodb_read_unit"
PUTS: Final = "s3_put"
GETS: Final = "s3_get"


class Meter:
    """An item counts by its names and values, rounded up to a unit; what a transaction writes counts twice, a
    read that need not be consistent one half, and an index once more for an item that comes or goes."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()

    def watch_table(self, client: Any) -> None:
        events = client.meta.events
        events.register("provide-client-params.dynamodb", self._asked)
        events.register("after-call.dynamodb", self._answered(client))

    def put_item(self, **params: Any) -> None:
        """In the place of a client's own, for rows that nobody reads again: counted, and kept nowhere."""
        self.units[WRITES] += _write_units(params["Item"])

    def watch_bucket(self, client: Any) -> None:
        client.meta.events.register("before-call.s3", self._s3)

    def _asked(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        if _MEASURING.get():
            return
        match model.name:
            case "PutItem":
                self.units[WRITES] += _write_units(params["Item"])
            case "TransactWriteItems":
                for part in params["TransactItems"]:
                    # Of an update only what it sets is known here: rows of lotes are below two units.
                    item = part["Put"]["Item"] if "Put" in part else _set_by(part["Update"])
                    self.units[WRITES] += 2 * _write_units(item) + ("open_pk" in item)
            case "GetItem" | "Query" | "UpdateItem":
                pass
            case other:
                raise ValueError(f"nobody counts {other} yet")

    def _answered(self, client: Any) -> Callable[..., None]:
        asked: dict[str, Any] = {}

        def remember(params: Mapping[str, Any], model: Any, **_: object) -> None:
            if not _MEASURING.get():
                asked[model.name] = params

        def answered(parsed: Mapping[str, Any], model: Any, **_: object) -> None:
            if _MEASURING.get():
                return
            params = asked.get(model.name, {})
            match model.name:
                case "GetItem":
                    self._read([parsed.get("Item", {})], params)
                case "Query":
                    self._read(parsed["Items"], params)
                case "UpdateItem":
                    self._updated(client, params)

        client.meta.events.register("provide-client-params.dynamodb", remember)
        return answered

    def _read(self, items: Iterable[Mapping[str, Any]], params: Mapping[str, Any]) -> None:
        units = max(1, math.ceil(sum(map(_size, items)) / _READ_UNIT))
        self.units[READS] += units if params.get("ConsistentRead") else math.ceil(units / 2)

    def _updated(self, client: Any, params: Mapping[str, Any]) -> None:
        """An update is billed by the whole item as it is after it."""
        token = _MEASURING.set(True)
        try:
            found = client.get_item(TableName=params["TableName"], Key=params["Key"], ConsistentRead=True)
        finally:
            _MEASURING.reset(token)
        leaves_the_index = "REMOVE open_pk" in params["UpdateExpression"]
        self.units[WRITES] += _write_units(found["Item"]) + leaves_the_index

    def _s3(self, model: Any, **_: object) -> None:
        self.units[PUTS if model.name in _PUTS else GETS] += 1


def _write_units(item: Mapping[str, Any]) -> int:
    return math.ceil(_size(item) / _WRITE_UNIT)


def _set_by(update: Mapping[str, Any]) -> dict[str, Any]:
    return {**update["Key"], **update["ExpressionAttributeValues"]}


def _size(item: Mapping[str, Any]) -> int:
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    """docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html."""
    [(kind, content)] = value.items()
    match kind:
        case "S" | "B":
            size = len(content.encode() if kind == "S" else content)
        case "N":
            size = len(content) // 2 + 2
        case "NS" | "SS":
            size = sum(len(one) + 1 for one in content)
        case "BOOL" | "NULL":
            size = 1
        case "L":
            size = 3 + sum(1 + _value_size(one) for one in content)
        case "M":
            size = 3 + sum(1 + len(name) + _value_size(one) for name, one in content.items())
        case other:
            raise ValueError(other)
    return size
