"""The weeks of the monitoring: parameters loaded from files, weeks and their agents told."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House, prudential_function
from cdk.components.service_function import FunctionLimits, ServiceFunction

INCOMING = "parametros/"
RESULTS = "parametros-resultado/"
# Thousands of agents' rows are read for their counters.
LIST = FunctionLimits(memory_mib=1024, timeout=Duration.seconds(25))


@dataclass(frozen=True, slots=True)
class WeekFunctions:
    load_parameters: ServiceFunction
    list_weeks: ServiceFunction
    read_week: ServiceFunction
    list_agents: ServiceFunction
    read_agent: ServiceFunction


def week_functions(house: House) -> WeekFunctions:
    return WeekFunctions(
        load_parameters=_load_parameters(house),
        list_weeks=_list_weeks(house),
        read_week=_read_week(house),
        list_agents=_list_agents(house),
        read_agent=_read_agent(house),
    )


def _load_parameters(house: House) -> ServiceFunction:
    function = prudential_function(
        house,
        "LoadParameters",
        "load_parameters",
        FunctionLimits(timeout=Duration.minutes(2), one_at_a_time=True),
    )
    kept = house.confidential
    kept.prudential_bucket.grant_read(function, INCOMING, RESULTS)
    kept.prudential_bucket.grant_write(function, RESULTS)
    # Whether a report lies there already: without the right to list, S3 answers "forbidden" for "not found".
    kept.prudential_bucket.grant_list(function)
    kept.table.grant_read(function, actions=["dynamodb:Query"])
    kept.table.grant_write(function, actions=["dynamodb:PutItem"])
    house.resources.bus.grant_publish(function)
    return function


def _list_weeks(house: House) -> ServiceFunction:
    function = prudential_function(house, "ListWeeks", "list_weeks")
    house.confidential.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    return function


def _read_week(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadWeek", "read_week")
    house.confidential.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    return function


def _list_agents(house: House) -> ServiceFunction:
    function = prudential_function(house, "ListAgents", "list_agents", LIST)
    _grant_agents(house, function)
    return function


def _read_agent(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadAgent", "read_agent")
    _grant_agents(house, function)
    # Who asked for an act: by the login, the person; by the person, the name.
    house.resources.identity_table.grant_read(function, actions=["dynamodb:GetItem"])
    return function


def _grant_agents(house: House, function: ServiceFunction) -> None:
    kept = house.confidential
    house.resources.registry_table.grant_read(function)
    kept.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"])
    # Lotes that are open show agents as being computed.
    kept.table.grant_query_open_tasks(function)
