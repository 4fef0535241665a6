"""Agents of a lote written to the confidential table, each in its own rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aval.adapters.dynamodb import confidential_items as items
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.races import lost_races_as
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.prudential.agent_state import AgentChange
from aval.prudential.vault import StoredRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class _There(Exception):
    """The record was written before."""


@dataclass(frozen=True, slots=True)
class DynamoDbLoteAgents:
    client: "DynamoDBClient"
    table_name: str
    objects: ConfidentialObjects

    def write(self, record: StoredRecord, change: AgentChange) -> None:
        """The record first: where a row tells of a version, the version is there."""
        try:
            with lost_races_as(_There):
                self.client.put_item(
                    TableName=self.table_name,
                    Item=items.record_item(record, self.objects),
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except _There:
            pass
        DynamoDbAgents(self.client, self.table_name).keep(change)
