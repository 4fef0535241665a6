"""How an agent's state, its history and what it released lie in the confidential table."""

import json
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.identifiers import Cnpj, EventCode
from aval.moments import from_storage, to_storage
from aval.prudential.agent_state import (
    AgentRow,
    AgentStanding,
    AgentState,
    ReleasedFactor,
    Transition,
)
from aval.sealing.canonical import canonical

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, UpdateTypeDef

STATES: Final = "ESTADOS#"
HISTORY: Final = "HISTORICO#"
RELEASED: Final = "PUBLICACAO#"


def states_partition(event: EventCode) -> str:
    return f"{STATES}{event}"


def history_partition(event: EventCode, company: Cnpj) -> str:
    return f"{HISTORY}{event}#{company}"


def released_partition(event: EventCode) -> str:
    return f"{RELEASED}{event}"


def row_key(event: EventCode, company: Cnpj) -> Key:
    return key(states_partition(event), company)


def released_key(event: EventCode, company: Cnpj) -> Key:
    return key(released_partition(event), company)


def row_put(table_name: str, row: AgentRow) -> "PutTypeDef":
    """Fails where the row there rests on the same journal entry or a later one."""
    return _later(table_name, row_item(row))


def transition_put(table_name: str, transition: Transition) -> "PutTypeDef":
    """Fails where that entry's transition is there already."""
    return {
        "TableName": table_name,
        "Item": transition_item(transition),
        "ConditionExpression": "attribute_not_exists(pk)",
    }


def released_put(table_name: str, released: ReleasedFactor) -> "PutTypeDef":
    """Fails where a release of the same journal entry, or of a later one, is there."""
    return _later(table_name, released_item(released))


def computing_mark(table_name: str, event: EventCode, company: Cnpj, task: str) -> "UpdateTypeDef":
    """Fails where the agent has no row: what delivered nothing is not computed."""
    return {
        "TableName": table_name,
        "Key": row_key(event, company),
        "UpdateExpression": "SET computing = :task",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":task": {"S": task}},
    }


def row_item(row: AgentRow) -> Key:
    """The whole row: a mark of an open computation goes with the one that it replaces."""
    computing: Key = {"computing": {"S": row.computing}} if row.computing else {}
    return {
        **row_key(row.event, row.company),
        "counter": number(row.standing.counter),
        "standing": {"S": canonical(row.standing.as_json()).decode()},
        "at": {"S": to_storage(row.at)},
        "by": {"S": row.by},
        "answer": {"S": row.answer},
        **computing,
    }


def read_row(item: Item) -> AgentRow:
    return AgentRow(
        event=EventCode(item["pk"]["S"].removeprefix(STATES)),
        company=Cnpj(item["sk"]["S"]),
        standing=AgentStanding.from_json(json.loads(item["standing"]["S"])),
        at=from_storage(item["at"]["S"]),
        by=item["by"]["S"],
        answer=item["answer"]["S"],
        computing=item["computing"]["S"] if "computing" in item else "",
    )


def transition_item(transition: Transition) -> Key:
    partition = history_partition(transition.event, transition.company)
    return {
        **key(partition, f"{transition.counter:012d}"),
        "act": {"S": transition.act},
        "before": {"S": transition.before},
        "after": {"S": transition.after},
        "at": {"S": to_storage(transition.at)},
        "by": {"S": transition.by},
        "identity": {"S": transition.identity},
        "origin": {"S": transition.origin},
    }


def read_transition(item: Item) -> Transition:
    event, _, company = item["pk"]["S"].removeprefix(HISTORY).partition("#")
    return Transition(
        event=EventCode(event),
        company=Cnpj(company),
        counter=int(item["sk"]["S"]),
        act=item["act"]["S"],
        before=AgentState(item["before"]["S"]),
        after=AgentState(item["after"]["S"]),
        at=from_storage(item["at"]["S"]),
        by=item["by"]["S"],
        identity=item["identity"]["S"],
        origin=item["origin"]["S"],
    )


def released_item(released: ReleasedFactor) -> Key:
    number_told: Key = {} if released.number is None else {"number": {"S": released.number}}
    return {
        **released_key(released.event, released.company),
        "counter": number(released.counter),
        "at": {"S": to_storage(released.at)},
        **number_told,
        "reason": {"S": released.reason},
        "receipt": {"S": released.receipt},
    }


def read_released(item: Item) -> ReleasedFactor:
    return ReleasedFactor(
        event=EventCode(item["pk"]["S"].removeprefix(RELEASED)),
        company=Cnpj(item["sk"]["S"]),
        counter=int(item["counter"]["N"]),
        at=from_storage(item["at"]["S"]),
        number=item["number"]["S"] if "number" in item else None,
        reason=item["reason"]["S"],
        receipt=item["receipt"]["S"],
    )


def _later(table_name: str, item: Key) -> "PutTypeDef":
    return {
        "TableName": table_name,
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk) OR #counter < :counter",
        "ExpressionAttributeNames": {"#counter": "counter"},
        "ExpressionAttributeValues": {":counter": item["counter"]},
    }
