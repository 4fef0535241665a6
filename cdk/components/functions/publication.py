"""A week's deadline and after: reminders, the closing, the list, the agents' own addresses."""

from dataclasses import dataclass

from aws_cdk import CfnParameter, Duration

from aval.settings import Variable
from cdk.components.functions.house import House, prudential_function
from cdk.components.functions.registry import LIST_MEMORY_MIB, PATIENCE
from cdk.components.service_function import FunctionLimits, ServiceFunction

PUBLISHED = "publicacao/"
# Ten thousand agents, each asked for who answers for it.
LONG = FunctionLimits(memory_mib=LIST_MEMORY_MIB, timeout=Duration.minutes(15), one_at_a_time=True)
# A list of ten thousand agents is read, joined and written again while somebody waits.
READING = FunctionLimits(memory_mib=LIST_MEMORY_MIB, timeout=PATIENCE)
LIMIT = r"[0-9]{1,6}(\.[0-9]{1,12})?"


@dataclass(frozen=True, slots=True)
class PublicationFunctions:
    close_weeks: ServiceFunction
    list_factors: ServiceFunction
    list_publications: ServiceFunction
    read_link: ServiceFunction
    read_publication: ServiceFunction
    register_link: ServiceFunction
    send_deadline_notices: ServiceFunction


def publication_functions(house: House) -> PublicationFunctions:
    return PublicationFunctions(
        close_weeks=_close_weeks(house),
        list_factors=_list_factors(house),
        list_publications=_list_publications(house),
        read_link=_read_link(house),
        read_publication=_read_publication(house),
        register_link=_register_link(house),
        send_deadline_notices=_send_deadline_notices(house),
    )


def _close_weeks(house: House) -> ServiceFunction:
    function = prudential_function(house, "CloseWeeks", "close_weeks", LONG)
    kept = house.confidential
    house.resources.registry_table.grant_read(function)
    kept.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    kept.table.grant_query_open_tasks(function)
    kept.table.grant_write(
        function, actions=["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    )
    kept.prudential_bucket.grant_write(function, PUBLISHED)
    house.resources.bus.grant_publish(function)
    return function


def _send_deadline_notices(house: House) -> ServiceFunction:
    function = prudential_function(house, "SendDeadlineNotices", "send_deadline_notices", LONG)
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:Query"])
    house.resources.adhesion_table.grant_write(function, actions=["dynamodb:UpdateItem"])
    house.resources.mail_sender.grant_send(function)
    return function


def _list_publications(house: House) -> ServiceFunction:
    function = prudential_function(house, "ListPublications", "list_publications")
    house.confidential.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    return function


def _list_factors(house: House) -> ServiceFunction:
    function = prudential_function(house, "ListFactors", "list_factors")
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    return function


def _read_publication(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadPublication", "read_publication", READING)
    house.confidential.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    house.confidential.prudential_bucket.grant_read(function, PUBLISHED)
    bands = CfnParameter(
        house.scope,
        "FactorBands",
        description="Upper limits of the bands of leverage factors, growing, by commas",
        default="0.20",
        allowed_pattern=f"{LIMIT}(,{LIMIT})*",
    )
    function.set_variable(Variable.FACTOR_BANDS, bands.value_as_string)
    return function


def _register_link(house: House) -> ServiceFunction:
    function = prudential_function(house, "RegisterLink", "register_link")
    _let_know_who_calls(house, function)
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem", "dynamodb:Query"])
    house.confidential.table.grant_write(function, actions=["dynamodb:PutItem"])
    return function


def _read_link(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadLink", "read_link")
    _let_know_who_calls(house, function)
    house.confidential.table.grant_read(function, actions=["dynamodb:Query"])
    return function


def _let_know_who_calls(house: House, function: ServiceFunction) -> None:
    house.resources.registry_table.grant_read(function)
    house.resources.identity_table.grant_read(function, actions=["dynamodb:GetItem"])
