"""A file dropped under `entrada/` becomes the registry in force, or a report of everything wrong with it."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.adapters import aws
from aval.adapters.dynamodb_registry_store import DynamoDbRegistryStore
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.s3_registry import FileGone, RegistryBucket
from aval.edge.logs import logger, start_transaction, unexpected
from aval.moments import utc_now
from aval.registry.loading import RegistryLoader
from aval.settings import Settings, Variable


class LoadFailed(Exception):
    """The cause is in the log, without its text; the platform delivers the event again."""


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


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    transaction_id = start_transaction(context)
    detail = event["detail"]
    try:
        file = _bucket().fetch(
            detail["object"]["key"],
            version_id=detail["object"].get("version-id"),
            sequencer=detail["object"]["sequencer"],
            requester=detail.get("requester", ""),
        )
        is_loaded = _loader().load(file, transaction_id=transaction_id)
    except FileGone:
        logger.warning("dropped file is gone")
    except Exception as error:  # noqa: BLE001 - the outermost edge: the cause's text may quote a value
        unexpected(error)
        raise LoadFailed from None
    else:
        logger.info("dropped file judged", accepted=is_loaded, generation=file.arrival.generation)
