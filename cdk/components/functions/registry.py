"""The registry: loaded from files, and the parts of it that every caller may list."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

INCOMING = "entrada/"
RESULTS = "resultado/"
# A list is unpacked whole at the first call, which is all processor: this much memory comes with one whole.
LIST_MEMORY_MIB = 1769
PATIENCE = Duration.seconds(25)


@dataclass(frozen=True, slots=True)
class RegistryFunctions:
    load_registry: ServiceFunction
    list_participants: ServiceFunction
    list_profiles: ServiceFunction
    list_assets: ServiceFunction
    list_parcels: ServiceFunction


def registry_functions(house: House) -> RegistryFunctions:
    return RegistryFunctions(
        load_registry=_load_registry(house),
        list_participants=_lister(house, "ListParticipants", "list_participants"),
        list_profiles=_lister(house, "ListProfiles", "list_profiles"),
        list_assets=_lister(house, "ListAssets", "list_assets"),
        list_parcels=_lister(house, "ListParcels", "list_parcels"),
    )


def _lister(house: House, construct_id: str, operation: str) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        construct_id,
        handler=f"registry.{operation}",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=LIST_MEMORY_MIB, timeout=PATIENCE),
    )
    house.contract_bus.grant_use(function)
    house.resources.registry_table.grant_read(function)
    return function


def _load_registry(house: House) -> ServiceFunction:
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
    return function
