"""The weeks of the monitoring: parameters loaded from files, weeks and their agents told."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

INCOMING = "parametros/"
RESULTS = "parametros-resultado/"
USUAL = FunctionLimits()


@dataclass(frozen=True, slots=True)
class WeekFunctions:
    load_parameters: ServiceFunction


def week_functions(house: House) -> WeekFunctions:
    return WeekFunctions(load_parameters=_load_parameters(house))


def _function(
    house: House, construct_id: str, operation: str, limits: FunctionLimits = USUAL
) -> ServiceFunction:
    return ServiceFunction(
        house.scope,
        construct_id,
        handler=f"prudential.{operation}",
        surroundings=house.surroundings,
        limits=limits,
    )


def _load_parameters(house: House) -> ServiceFunction:
    function = _function(
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
