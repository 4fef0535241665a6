"""Attributes in DynamoDB's own spelling, such as {"S": "text"}."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item = Mapping[str, Any]
Key = dict[str, "AttributeValueTypeDef"]


def key(pk: str, sk: str) -> Key:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def number(value: int) -> "AttributeValueTypeDef":
    return {"N": str(value)}
