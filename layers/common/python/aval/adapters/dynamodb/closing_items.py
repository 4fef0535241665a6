"""How the closing of a week lies in the confidential table: written once, told once."""

from typing import TYPE_CHECKING

from aval.adapters.dynamodb.attributes import Item, Key, number
from aval.adapters.dynamodb.week_items import closed_event, closing_key
from aval.moments import from_storage, to_storage
from aval.prudential.agent_state import ParametersUsed
from aval.prudential.closing import Closing, StoredFile
from aval.prudential.publication import Counts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


def closing_item(closing: Closing) -> Key:
    return {
        **closing_key(closing.event),
        "closed_at": {"S": to_storage(closing.closed_at)},
        "frequency": {"S": closing.frequency},
        "deadline": {"S": to_storage(closing.deadline)},
        "parameters": {
            "M": {
                "version": number(closing.parameters.version),
                "digest": {"S": closing.parameters.digest},
            }
        },
        "counts": {"M": {name: number(count) for name, count in closing.counts.as_json().items()}},
        "json_file": _file_item(closing.json_file),
        "csv_file": _file_item(closing.csv_file),
        "told": {"BOOL": closing.is_told},
    }


def read_closing(item: Item) -> Closing:
    parameters = item["parameters"]["M"]
    return Closing(
        event=closed_event(item),
        closed_at=from_storage(item["closed_at"]["S"]),
        frequency=item["frequency"]["S"],
        deadline=from_storage(item["deadline"]["S"]),
        parameters=ParametersUsed(int(parameters["version"]["N"]), parameters["digest"]["S"]),
        counts=Counts.from_json({name: int(one["N"]) for name, one in item["counts"]["M"].items()}),
        json_file=_read_file(item["json_file"]["M"]),
        csv_file=_read_file(item["csv_file"]["M"]),
        is_told=item["told"]["BOOL"],
    )


def _file_item(file: StoredFile) -> "AttributeValueTypeDef":
    return {
        "M": {
            "version": {"S": file.version},
            "size": number(file.size),
            "digest": {"S": file.digest},
        }
    }


def _read_file(told: Item) -> StoredFile:
    return StoredFile(told["version"]["S"], int(told["size"]["N"]), told["digest"]["S"])
