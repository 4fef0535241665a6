"""The doors of the models of files that agents make."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

# A workbook of three thousand agents is written while the caller waits.
WORKBOOK = FunctionLimits(memory_mib=1024, timeout=Duration.seconds(28))


@dataclass(frozen=True, slots=True)
class ModelFunctions:
    make_portfolio_template: ServiceFunction
    serve_model: ServiceFunction


def model_functions(house: House) -> ModelFunctions:
    return ModelFunctions(
        make_portfolio_template=_make_portfolio_template(house),
        serve_model=ServiceFunction(
            house.scope, "ServeModel", handler="prudential.serve_model", surroundings=house.surroundings
        ),
    )


def _make_portfolio_template(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "MakePortfolioTemplate",
        handler="prudential.make_portfolio_template",
        surroundings=house.surroundings,
        limits=WORKBOOK,
    )
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:Query"])
    return function
