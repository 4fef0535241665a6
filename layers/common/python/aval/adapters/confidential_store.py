"""The tasks of the confidential table as the doors see them, put together from settings."""

from aval.adapters import aws
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.settings import Settings, Variable


def confidential_tasks(settings: Settings) -> DynamoDbTasks:
    objects = ConfidentialObjects(aws.s3(), settings[Variable.CONFIDENTIAL_BUCKET])
    return DynamoDbTasks(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE], objects)
