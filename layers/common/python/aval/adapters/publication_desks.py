"""The doors of what is an agent's own over all weeks, its address and its factors, from settings."""

from aval.adapters import aws
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from aval.adapters.dynamodb.links import DynamoDbLinks
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.prudential.coverage import Coverage
from aval.prudential.factor_history import FactorHistory
from aval.prudential.links import LinkBook
from aval.prudential.lote_senders import LoteSenders
from aval.settings import Settings, Variable


def coverage(settings: Settings) -> Coverage:
    return Coverage(_registry(settings))


def factor_history(settings: Settings) -> FactorHistory:
    table = settings[Variable.CONFIDENTIAL_TABLE]
    return FactorHistory(
        coverage=coverage(settings),
        weeks=DynamoDbWeeks(aws.dynamodb(), table),
        closings=DynamoDbClosings(aws.dynamodb(), table),
        released=DynamoDbAgents(aws.dynamodb(), table),
    )


def links(settings: Settings) -> LinkBook:
    return LinkBook(DynamoDbLinks(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]))


def people(settings: Settings) -> LoteSenders:
    logins = DynamoDbLoginBindings(aws.dynamodb(), settings[Variable.IDENTITY_TABLE])
    return LoteSenders(logins, _registry(settings))


def _registry(settings: Settings) -> DynamoDbRegistry:
    return DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])
