"""What the contracts table's stream tells of contracts and imports, published on the bus."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.contract_events import events_of
from aval.adapters.eventbridge import EventBridgeBus
from aval.edge.background import background
from aval.settings import Settings, Variable


@cache
def _bus() -> EventBridgeBus:
    return EventBridgeBus(aws.events(), Settings.from_env()[Variable.EVENT_BUS])


def publish_contract_events(event: Mapping[str, Any]) -> Mapping[str, object]:
    # A record that cannot be published fails the batch, which the platform gives again, at last halved.
    events = [one for record in event["Records"] for one in events_of(record["dynamodb"].get("NewImage", {}))]
    _bus().publish(*events)
    return {"published": len(events)}


handler = background(publish_contract_events)
