"""Numbers that are given out once: the next of a counter, or several."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts from `first`; numbers that their taker does not use are never given out again."""

    client: "DynamoDBClient"
    table_name: str
    name: str
    first: int = 1

    def take(self, count: int = 1) -> range:
        answer = self.client.update_item(
            TableName=self.table_name,
            Key={"pk": {"S": f"CONTADOR#{self.name}"}, "sk": {"S": "ATUAL"}},
            UpdateExpression="SET following = if_not_exists(following, :first) + :count",
            ExpressionAttributeValues={":first": {"N": str(self.first)}, ":count": {"N": str(count)}},
            ReturnValues="UPDATED_NEW",
        )
        following = int(answer["Attributes"]["following"]["N"])
        return range(following - count, following)
