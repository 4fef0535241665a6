"""Who calls: the authorizer, the session and the system token."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.adhesion import PASSWORD_MEMORY_MIB
from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction


@dataclass(frozen=True, slots=True)
class IdentityFunctions:
    authorize: ServiceFunction
    read_session: ServiceFunction
    issue_system_token: ServiceFunction


def identity_functions(house: House) -> IdentityFunctions:
    return IdentityFunctions(
        authorize=_authorize(house),
        read_session=_read_session(house),
        issue_system_token=_issue_system_token(house),
    )


def _authorize(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope, "Authorize", handler="identity.authorize", surroundings=house.surroundings
    )
    resources = house.resources
    resources.identity_table.grant_read(function)
    resources.identity_table.grant_write(function, actions=["dynamodb:PutItem"])
    resources.registry_table.grant_read(function)
    resources.adhesion_table.grant_read(function)
    resources.token_key.grant_public_key(function)
    house.people.grant_look_up(function)
    house.settings.describe_the_pool(function)
    return function


def _read_session(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope, "ReadSession", handler="identity.read_session", surroundings=house.surroundings
    )
    house.resources.registry_table.grant_read(function)
    return function


def _issue_system_token(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "IssueSystemToken",
        handler="identity.issue_system_token",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=PASSWORD_MEMORY_MIB, timeout=Duration.seconds(15)),
    )
    resources = house.resources
    resources.adhesion_table.grant_read(function)
    # Attempts are counted on the company's item; a lock also leaves a line in its history.
    resources.adhesion_table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    resources.pepper_key.grant_mac(function)
    resources.token_key.grant_sign(function)
    resources.bus.grant_publish(function)
    return function
