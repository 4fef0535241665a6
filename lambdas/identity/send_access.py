"""Requests for access, worked off: an invitation or a code to the people that the registry knows."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.cognito_logins import CognitoLogins
from aval.adapters.dynamodb.access_asked import DynamoDbAccessAsked
from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.sqs_access_requests import address_in
from aval.edge.background import background
from aval.identity.access import AccessDesk
from aval.moments import utc_now
from aval.settings import Settings, Variable


@cache
def _desk() -> AccessDesk:
    settings = Settings.from_env()
    table = settings[Variable.IDENTITY_TABLE]
    return AccessDesk(
        registry=DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]),
        logins=CognitoLogins(
            aws.cognito(), settings[Variable.USER_POOL_ID], settings[Variable.USER_POOL_CLIENT_ID]
        ),
        bindings=DynamoDbLoginBindings(aws.dynamodb(), table),
        asked=DynamoDbAccessAsked(aws.dynamodb(), table),
    )


def send_access(event: Mapping[str, Any]) -> Mapping[str, object]:
    at = utc_now()
    return {"sent": [_desk().answer(address_in(record["body"]), at=at).value for record in event["Records"]]}


handler = background(send_access)
