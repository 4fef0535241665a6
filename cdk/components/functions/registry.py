"""The registry: participants, people and whom they represent."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

INCOMING = "entrada/"
RESULTS = "resultado/"


@dataclass(frozen=True, slots=True)
class RegistryFunctions:
    load_registry: ServiceFunction


def registry_functions(house: House) -> RegistryFunctions:
    function = ServiceFunction(
        house.scope,
        "LoadRegistry",
        handler="registry.load_registry",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=1024, timeout=Duration.minutes(15), one_at_a_time=True),
    )
    resources = house.resources
    resources.registry_bucket.grant_read(function, INCOMING)
    resources.registry_bucket.grant_write(function, RESULTS)
    resources.registry_table.grant_read(function)
    resources.registry_table.grant_write(
        function,
        actions=["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem"],
    )
    resources.bus.grant_publish(function)
    return RegistryFunctions(load_registry=function)
