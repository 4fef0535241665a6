"""How a system proves who it is, and for whom it may look or act, put together from settings."""

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.directory import DynamoDbDirectory
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.kms_pepper import KmsPepper
from aval.adhesion.access import SystemAccess
from aval.adhesion.password import PasswordKeeper
from aval.contracts.standing import Standing
from aval.settings import Settings, Variable


def system_access(settings: Settings) -> SystemAccess:
    return SystemAccess(
        store=DynamoDbAdhesions(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
        keeper=PasswordKeeper(KmsPepper(aws.kms(), settings[Variable.PEPPER_KEY_ID])),
        bus=EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS]),
    )


def standing(settings: Settings) -> Standing:
    table = settings[Variable.REGISTRY_TABLE]
    return Standing(DynamoDbRegistry(aws.dynamodb(), table), DynamoDbDirectory(aws.dynamodb(), table))
