"""Imports of contracts worked off, and what happens to contracts told on the bus."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

INCOMING = "importacoes/"
# Items of the contracts table whose writing is told: contracts' history, and imports that are over.
TOLD = (
    {"sk": {"S": [{"prefix": "HIST#"}]}},
    {"sk": {"S": ["REGISTRO"]}, "state": {"S": ["CONCLUIDO", "FALHA", "RECUSADO"]}},
)
# A slice works 40 s; what it began then, the survey of 50 MB at the most, ends well before this.
SLICE = Duration.seconds(180)
# Reading XML and judging rows is all processor, which Lambda gives in proportion: this is one whole.
SLICE_MEMORY_MIB = 1769


@dataclass(frozen=True, slots=True)
class ContractImportFunctions:
    process_import_slice: ServiceFunction
    fail_import: ServiceFunction
    restart_imports: ServiceFunction
    publish_contract_events: ServiceFunction


def contract_import_functions(house: House) -> ContractImportFunctions:
    return ContractImportFunctions(
        process_import_slice=_process_import_slice(house),
        fail_import=_fail_import(house),
        restart_imports=_restart_imports(house),
        publish_contract_events=_publish_contract_events(house),
    )


def _process_import_slice(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "ProcessImportSlice",
        handler="contracts.process_import_slice",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=SLICE_MEMORY_MIB, timeout=SLICE),
    )
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.contracts_table.grant_read(function)
    resources.contracts_table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    resources.contracts_bucket.grant_read(function, INCOMING)
    resources.contracts_bucket.grant_list(function)
    return function


def _fail_import(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope, "FailImport", handler="contracts.fail_import", surroundings=house.surroundings
    )
    table = house.resources.contracts_table
    table.grant_read(function, actions=["dynamodb:GetItem"])
    table.grant_write(function, actions=["dynamodb:UpdateItem"])
    return function


def _restart_imports(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "RestartImports",
        handler="contracts.restart_imports",
        surroundings=house.surroundings,
        limits=FunctionLimits(timeout=Duration.minutes(2), one_at_a_time=True),
    )
    table = house.resources.contracts_table
    table.grant_read(function, actions=["dynamodb:GetItem"])
    table.grant_query_open_imports(function)
    table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    return function


def _publish_contract_events(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "PublishContractEvents",
        handler="contracts.publish_contract_events",
        surroundings=house.surroundings,
        limits=FunctionLimits(timeout=Duration.minutes(1)),
    )
    house.resources.bus.grant_publish(function)
    return function
