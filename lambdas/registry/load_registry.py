"""A file dropped under `entrada/` becomes the registry in force, or a report of everything wrong with it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.registry_store import DynamoDbRegistryStore
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.s3_drops import FileGone
from aval.adapters.s3_registry import RegistryBucket
from aval.edge.background import background
from aval.edge.logs import current_transaction
from aval.moments import utc_now
from aval.registry.loading import RegistryLoader
from aval.settings import Settings, Variable


@cache
def _bucket() -> RegistryBucket:
    return RegistryBucket(aws.s3(), Settings.from_env()[Variable.REGISTRY_BUCKET])


@cache
def _loader() -> RegistryLoader:
    settings = Settings.from_env()
    return RegistryLoader(
        store=DynamoDbRegistryStore(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]),
        reports=_bucket(),
        bus=EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS]),
        clock=utc_now,
    )


def load_registry(event: Mapping[str, Any]) -> Mapping[str, object]:
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
    return {"accepted": is_loaded, "generation": file.arrival.generation}


handler = background(load_registry)
