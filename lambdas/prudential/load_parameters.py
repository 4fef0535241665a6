"""A file dropped under `parametros/` becomes a week's parameters, or a report of everything wrong with it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.s3_drops import FileGone
from aval.adapters.s3_parameters import ParametersBucket
from aval.edge.background import background
from aval.edge.logs import current_transaction
from aval.moments import utc_now
from aval.prudential.week_loading import WeekLoader
from aval.settings import Settings, Variable


@cache
def _bucket() -> ParametersBucket:
    return ParametersBucket(aws.s3(), Settings.from_env()[Variable.PRUDENTIAL_BUCKET])


@cache
def _loader() -> WeekLoader:
    settings = Settings.from_env()
    return WeekLoader(
        weeks=DynamoDbWeeks(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]),
        reports=_bucket(),
        bus=EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS]),
        clock=utc_now,
    )


def load_parameters(event: Mapping[str, Any]) -> Mapping[str, object]:
    detail = event["detail"]
    try:
        file = _bucket().fetch(
            detail["object"]["key"],
            version_id=detail["object"].get("version-id"),
            sequencer=detail["object"]["sequencer"],
            requester=detail.get("requester", ""),
        )
    except FileGone:
        return {"gone": True}
    is_loaded = _loader().load(file, transaction_id=current_transaction())
    return {"accepted": is_loaded, "sequencer": file.arrival.sequencer}


handler = background(load_parameters)
