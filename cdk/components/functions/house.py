"""What every domain's functions are given to build themselves from."""

from dataclasses import dataclass
from typing import Final

from constructs import Construct

from cdk.components.confidential_resources import ConfidentialResources
from cdk.components.contract_bus_choice import ContractBusChoice
from cdk.components.lasting_resources import LastingResources
from cdk.components.people_pool import PeoplePool
from cdk.components.service_function import FunctionLimits, FunctionSurroundings, ServiceFunction
from cdk.components.service_settings import ServiceSettings

USUAL: Final = FunctionLimits()


@dataclass(frozen=True, slots=True)
class Foundations:
    """What the stacks before have made."""

    resources: LastingResources
    confidential: ConfidentialResources
    people: PeoplePool


@dataclass(frozen=True, slots=True)
class House:
    scope: Construct
    surroundings: FunctionSurroundings
    resources: LastingResources
    confidential: ConfidentialResources
    people: PeoplePool
    settings: ServiceSettings
    contract_bus: ContractBusChoice


def prudential_function(
    house: House, construct_id: str, operation: str, limits: FunctionLimits = USUAL
) -> ServiceFunction:
    """A function of the monitoring, without any right yet."""
    return ServiceFunction(
        house.scope,
        construct_id,
        handler=f"prudential.{operation}",
        surroundings=house.surroundings,
        limits=limits,
    )
