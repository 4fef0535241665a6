"""Lotes put together from settings: their doors, and the steps of their machine."""

from uuid import uuid4

from aval.adapters import aws
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from aval.adapters.dynamodb.lote_agents import DynamoDbLoteAgents
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.adapters.s3_lotes import S3Lotes
from aval.adapters.stepfunctions_lotes import LoteExecutions
from aval.prudential.coverage import Coverage
from aval.prudential.lote_ending import LoteEnding
from aval.prudential.lote_persisting import ChunkPersisting
from aval.prudential.lote_reading import LoteReading
from aval.prudential.lote_receiving import LoteReceiving
from aval.prudential.lote_reception import LoteReception
from aval.prudential.lote_restarting import LoteRestarts
from aval.prudential.lote_senders import LoteSenders
from aval.prudential.lotes import LoteId
from aval.settings import Settings, Variable


def reception(settings: Settings) -> LoteReception:
    weeks = DynamoDbWeeks(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE])
    return LoteReception(lotes(settings), files(settings), weeks, lambda: LoteId(uuid4().hex))


def reading(settings: Settings) -> LoteReading:
    return LoteReading(Coverage(registry(settings)), lotes(settings), files(settings))


def senders(settings: Settings) -> LoteSenders:
    logins = DynamoDbLoginBindings(aws.dynamodb(), settings[Variable.IDENTITY_TABLE])
    return LoteSenders(logins, registry(settings))


def receiving(settings: Settings) -> LoteReceiving:
    table = settings[Variable.CONFIDENTIAL_TABLE]
    return LoteReceiving(
        lotes=lotes(settings),
        files=files(settings),
        weeks=DynamoDbWeeks(aws.dynamodb(), table),
        keys=DynamoDbEnclaveKeys(aws.dynamodb(), table),
        registry=registry(settings),
        coverage=Coverage(registry(settings)),
    )


def persisting(settings: Settings) -> ChunkPersisting:
    objects = ConfidentialObjects(aws.s3(), settings[Variable.CONFIDENTIAL_BUCKET])
    agents = DynamoDbLoteAgents(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE], objects)
    return ChunkPersisting(lotes(settings), files(settings), agents)


def ending(settings: Settings) -> LoteEnding:
    bus = EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS])
    return LoteEnding(lotes(settings), files(settings), bus)


def restarts(settings: Settings) -> LoteRestarts:
    """New for each sweep: which executions run is asked once in its life."""
    machine = LoteExecutions(aws.states(), settings[Variable.LOTE_MACHINE])
    return LoteRestarts(lotes(settings), files(settings), machine)


def lotes(settings: Settings) -> DynamoDbLotes:
    return DynamoDbLotes(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE])


def files(settings: Settings) -> S3Lotes:
    return S3Lotes(aws.s3(), settings[Variable.PRUDENTIAL_BUCKET])


def registry(settings: Settings) -> DynamoDbRegistry:
    return DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])
