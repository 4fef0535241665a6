"""How many mails a person was sent within the hour, in the identity table."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.attributes import key, number
from aval.identifiers import Cpf

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Longer than the hour that is counted: deletion by age may come late, never early.
_KEPT_FOR: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class DynamoDbAccessAsked:
    client: "DynamoDBClient"
    table_name: str

    def count(self, person: Cpf, *, at: datetime, most: int) -> bool:
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        try:
            self.client.update_item(
                TableName=self.table_name,
                Key=key(f"PESSOA#{person}", f"ACESSO#{hour:%Y-%m-%dT%H}"),
                UpdateExpression="ADD mails :one SET #ttl = :ttl",
                ConditionExpression="attribute_not_exists(mails) OR mails < :most",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues={
                    ":one": number(1),
                    ":most": number(most),
                    ":ttl": number(int((hour + _KEPT_FOR).timestamp())),
                },
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True
