"""Weeks whose deadline has passed are closed: their list is made, stored and told, once."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.s3_publication import S3Publication
from aval.edge.background import background, moment_of
from aval.prudential.closing import WeekClosing
from aval.settings import Settings, Variable


@cache
def _closing() -> WeekClosing:
    settings = Settings.from_env()
    table = settings[Variable.CONFIDENTIAL_TABLE]
    closings = DynamoDbClosings(aws.dynamodb(), table)
    return WeekClosing(
        weeks=DynamoDbWeeks(aws.dynamodb(), table),
        closings=closings,
        files=S3Publication(aws.s3(), settings[Variable.PRUDENTIAL_BUCKET]),
        agents=DynamoDbAgents(aws.dynamodb(), table),
        registry=DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]),
        lotes=DynamoDbLotes(aws.dynamodb(), table),
        acts=closings,
        bus=EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS]),
    )


def close_weeks(event: Mapping[str, Any]) -> Mapping[str, object]:
    report = _closing().run(at=moment_of(event))
    return {
        "closed": report.closed,
        "waiting": report.waiting,
        "overdue": sorted(report.overdue),
        "contended": report.contended,
        "unlisted": sum(report.unlisted.values()),
    }


handler = background(close_weeks)
