"""Who calls: the authorizer, the session, the system token, and how people come by a login."""

from dataclasses import dataclass

from aws_cdk import Duration

from aval.settings import Variable
from cdk.components.functions.adhesion import PASSWORD_MEMORY_MIB
from cdk.components.functions.house import House
from cdk.components.queue_worker import QueueWorker
from cdk.components.service_function import FunctionLimits, ServiceFunction
from cdk.components.work_queue import QueuePace, WorkQueue

SENDING = Duration.seconds(30)
# Six times the function's time, as AWS wants; a person asks again long before the queue forgets.
ACCESS_REQUESTS = QueuePace(visibility=Duration.minutes(3), kept=Duration.hours(4), tries=3)


@dataclass(frozen=True, slots=True)
class IdentityFunctions:
    authorize: ServiceFunction
    read_session: ServiceFunction
    issue_system_token: ServiceFunction
    request_access: ServiceFunction
    send_access: ServiceFunction
    access_requests: WorkQueue


def identity_functions(house: House) -> IdentityFunctions:
    requests = WorkQueue(
        house.scope,
        "AccessRequests",
        variable=Variable.ACCESS_QUEUE_URL,
        key=house.resources.storage_key,
        pace=ACCESS_REQUESTS,
    )
    return IdentityFunctions(
        authorize=_authorize(house),
        read_session=_read_session(house),
        issue_system_token=_issue_system_token(house),
        request_access=_request_access(house, requests),
        send_access=_send_access(house, requests),
        access_requests=requests,
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


def _request_access(house: House, requests: WorkQueue) -> ServiceFunction:
    """It looks nothing up, so that its answer and its time are the same for every address."""
    function = ServiceFunction(
        house.scope, "RequestAccess", handler="identity.request_access", surroundings=house.surroundings
    )
    requests.grant_send(function)
    return function


def _send_access(house: House, requests: WorkQueue) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "SendAccess",
        handler="identity.send_access",
        surroundings=house.surroundings,
        limits=FunctionLimits(timeout=SENDING),
    )
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.identity_table.grant_read(function, actions=["dynamodb:GetItem"])
    resources.identity_table.grant_write(function, actions=["dynamodb:UpdateItem"])
    house.people.grant_invite(function)
    QueueWorker(house.scope, "AccessRequestsSent", queue=requests, function=function)
    return function
