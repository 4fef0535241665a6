"""Logins and people, bound one to one, in the identity table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.identifiers import Cpf
from aval.identity.people import LoginAlreadyBound

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_TAKEN: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


@dataclass(frozen=True, slots=True)
class DynamoDbLoginBindings:
    client: "DynamoDBClient"
    table_name: str

    def person_of(self, login: str) -> Cpf | None:
        answer = self.client.get_item(
            TableName=self.table_name, Key=_login_key(login), ConsistentRead=True, ProjectionExpression="cpf"
        )
        item = answer.get("Item")
        return Cpf(item["cpf"]["S"]) if item else None

    def login_of(self, person: Cpf) -> str | None:
        answer = self.client.get_item(
            TableName=self.table_name,
            Key=_person_key(person),
            ConsistentRead=True,
            ProjectionExpression="#sub",
            ExpressionAttributeNames={"#sub": "sub"},
        )
        item = answer.get("Item")
        return item["sub"]["S"] if item else None

    def bind(self, login: str, person: Cpf) -> None:
        """Write both directions or neither; raise `LoginAlreadyBound` when one is taken, or being taken."""
        try:
            self.client.transact_write_items(
                TransactItems=[
                    self._put_new({**_login_key(login), "cpf": {"S": person}}),
                    self._put_new({**_person_key(person), "sub": {"S": login}}),
                ]
            )
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            if _TAKEN & {reason.get("Code", "None") for reason in reasons}:
                raise LoginAlreadyBound from error
            raise

    def _put_new(self, item: dict[str, dict[str, str]]) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self.table_name,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }


def _login_key(login: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"LOGIN#{login}"}, "sk": {"S": "PESSOA"}}


def _person_key(person: Cpf) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"PESSOA#{person}"}, "sk": {"S": "LOGIN"}}
