"""The doors of the agents' own addresses put together from settings."""

from aval.adapters import aws
from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from aval.adapters.dynamodb.links import DynamoDbLinks
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.prudential.coverage import Coverage
from aval.prudential.links import LinkBook
from aval.prudential.lote_senders import LoteSenders
from aval.settings import Settings, Variable


def coverage(settings: Settings) -> Coverage:
    return Coverage(_registry(settings))


def links(settings: Settings) -> LinkBook:
    return LinkBook(DynamoDbLinks(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]))


def people(settings: Settings) -> LoteSenders:
    logins = DynamoDbLoginBindings(aws.dynamodb(), settings[Variable.IDENTITY_TABLE])
    return LoteSenders(logins, _registry(settings))


def _registry(settings: Settings) -> DynamoDbRegistry:
    return DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])
