"""A contract's history, newest first, from items that each hold what one act did."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import contracts_items as items
from aval.contracts.model import ContractCode, Transition
from aval.contracts.paging import CursorRequest, Stretch
from aval.contracts.refusals import CursorUnreadable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The version of the contract, where in its transitions the item begins, and which of the item's is next.
_CURSOR: Final = re.compile(r"([0-9]{8})\.([0-9]{5})\.([0-9]{1,3})", re.ASCII)


def history_page(
    client: "DynamoDBClient", table_name: str, code: ContractCode, cursor: CursorRequest
) -> Stretch[Transition]:
    shown: list[Transition] = []
    for place, transition in _newest_first(client, table_name, code, cursor.cursor):
        if len(shown) == cursor.size:
            return Stretch(tuple(shown), place)
        shown.append(transition)
    return Stretch(tuple(shown), None)


def _newest_first(
    client: "DynamoDBClient", table_name: str, code: ContractCode, cursor: str | None
) -> Iterator[tuple[str, Transition]]:
    until, ordinal = "~", None
    if cursor is not None:
        read = _CURSOR.fullmatch(cursor)
        if read is None:
            raise CursorUnreadable("cursor desconhecido; use o que a página anterior do histórico devolveu")
        until, ordinal = f"{read[1]}#{read[2]}", int(read[3])
    pages = client.get_paginator("query").paginate(
        TableName=table_name,
        KeyConditionExpression="pk = :contract AND sk BETWEEN :first AND :until",
        ExpressionAttributeValues={
            ":contract": {"S": items.contract_partition(code)},
            ":first": {"S": items.HISTORY_PREFIX},
            ":until": {"S": f"{items.HISTORY_PREFIX}{until}"},
        },
        ConsistentRead=True,
        ScanIndexForward=False,
    )
    for page in pages:
        for item in page["Items"]:
            place = item["sk"]["S"].removeprefix(items.HISTORY_PREFIX).replace("#", ".")
            transitions = items.read_transitions(item)
            last = len(transitions) if ordinal is None else ordinal + 1
            ordinal = None
            for index in reversed(range(min(last, len(transitions)))):
                yield f"{place}.{index}", transitions[index]
