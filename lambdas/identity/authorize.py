"""The authorizer of every JSON route: a token in, a caller out."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.adapters import aws
from aval.adapters.cognito_directory import CognitoDirectory
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.jwks_http import HttpUserPoolKeys
from aval.adapters.kms_token_signer import KmsTokenSigner
from aval.edge.caller import authorizer_context, bearer_token, client_certificate_thumbprint
from aval.edge.logs import logger, start_transaction, unexpected
from aval.errors import DomainError
from aval.identity.gate import Gate
from aval.identity.people import PeopleByLogin
from aval.moments import utc_now
from aval.settings import Settings, Variable


class AuthorizationFailed(Exception):
    """The cause is in the log, without its text; the gateway answers 500."""


@cache
def _gate() -> Gate:
    settings = Settings.from_env()
    return Gate(
        people=PeopleByLogin(
            bindings=DynamoDbLoginBindings(aws.dynamodb(), settings[Variable.IDENTITY_TABLE]),
            directory=CognitoDirectory(aws.cognito(), settings[Variable.USER_POOL_ID]),
            registry=DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]),
        ),
        user_pool_keys=HttpUserPoolKeys(settings[Variable.JWKS_URL]),
        user_pool_issuer=settings[Variable.USER_POOL_ISSUER],
        user_pool_client_id=settings[Variable.USER_POOL_CLIENT_ID],
        system_signer=KmsTokenSigner(aws.kms(), settings[Variable.TOKEN_KEY_ID]),
        certificates=DynamoDbAdhesions(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    start_transaction(context, route=event.get("routeKey", ""))
    try:
        caller = _gate().admit(
            bearer_token(event), presented=client_certificate_thumbprint(event), at=utc_now()
        )
    except DomainError as refusal:
        logger.info("caller refused", reason=type(refusal).__name__)
        return {"isAuthorized": False}
    except Exception as error:  # noqa: BLE001 - the outermost edge: the cause's text may quote a value
        unexpected(error)
        raise AuthorizationFailed from None
    logger.info("caller admitted", kind=caller.kind.value)
    return {"isAuthorized": True, "context": authorizer_context(caller)}
