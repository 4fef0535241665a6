"""How weeks and their parameter sets lie in the confidential table: public, each set written once."""

from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.identifiers import EventCode
from aval.moments import from_storage, to_storage
from aval.prudential.parameters_json import read_parameters
from aval.prudential.weeks import WeekHead, WeekVersion

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

WEEKS: Final = "SEMANAS"
PARAMETERS: Final = "PARAMETROS#"
_CLOSED: Final = "FECHAMENTO#"


def versions_partition(event: EventCode) -> str:
    return f"SEMANA#{event}"


def closing_key(event: EventCode) -> Key:
    return key(f"{_CLOSED}{event}", "REGISTRO")


def closed_event(item: Item) -> EventCode:
    return EventCode(item["pk"]["S"].removeprefix(_CLOSED))


def version_put(table_name: str, version: WeekVersion) -> "PutTypeDef":
    return {
        "TableName": table_name,
        "Item": version_item(version),
        "ConditionExpression": "attribute_not_exists(pk)",
    }


def head_put(table_name: str, head: WeekHead) -> "PutTypeDef":
    """Fails unless what is there is the version before."""
    if head.version == 1:
        return {
            "TableName": table_name,
            "Item": head_item(head),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    return {
        "TableName": table_name,
        "Item": head_item(head),
        "ConditionExpression": "version = :before",
        "ExpressionAttributeValues": {":before": number(head.version - 1)},
    }


def version_item(version: WeekVersion) -> Key:
    told = version.parameters
    return {
        **key(versions_partition(told.event), f"{PARAMETERS}{told.version:06d}"),
        "document": {"B": version.document},
        "loaded_at": {"S": to_storage(version.loaded_at)},
        "source": {"S": version.source},
    }


def read_version(item: Item) -> WeekVersion:
    document = bytes(item["document"]["B"])
    return WeekVersion(
        parameters=read_parameters(document),
        loaded_at=from_storage(item["loaded_at"]["S"]),
        source=item["source"]["S"],
        document=document,
    )


def head_item(head: WeekHead) -> Key:
    return {
        **key(WEEKS, head.event),
        "version": number(head.version),
        "digest": {"S": head.digest},
        "opens": {"S": to_storage(head.opens)},
        "deadline": {"S": to_storage(head.deadline)},
        "frequency": {"S": head.frequency},
        "classes": {"L": [number(one) for one in head.classes]},
    }


def read_head(item: Item) -> WeekHead:
    return WeekHead(
        event=EventCode(item["sk"]["S"]),
        version=int(item["version"]["N"]),
        digest=item["digest"]["S"],
        opens=from_storage(item["opens"]["S"]),
        deadline=from_storage(item["deadline"]["S"]),
        frequency=item["frequency"]["S"],
        classes=tuple(int(one["N"]) for one in item["classes"]["L"]),
    )
