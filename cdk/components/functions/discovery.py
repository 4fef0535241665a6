"""What the platform says of itself to anybody."""

from dataclasses import dataclass

from cdk.components.functions.house import House
from cdk.components.service_function import ServiceFunction


@dataclass(frozen=True, slots=True)
class DiscoveryFunctions:
    serve_configuration: ServiceFunction
    serve_openapi: ServiceFunction


def discovery_functions(house: House) -> DiscoveryFunctions:
    configuration = ServiceFunction(
        house.scope,
        "ServeConfiguration",
        handler="discovery.serve_configuration",
        surroundings=house.surroundings,
    )
    house.settings.describe_the_way_in(configuration)
    return DiscoveryFunctions(
        serve_configuration=configuration,
        serve_openapi=ServiceFunction(
            house.scope, "ServeOpenapi", handler="discovery.serve_openapi", surroundings=house.surroundings
        ),
    )
