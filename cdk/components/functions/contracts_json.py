"""Contracts as JSON: read, imported, validated."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.contract_imports import INCOMING
from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

# Four megabytes of rows are read, written as a file and stored while the caller waits.
IMPORT_MEMORY_MIB = 1024
PATIENCE = Duration.seconds(25)


@dataclass(frozen=True, slots=True)
class ContractFunctions:
    list_contracts: ServiceFunction
    list_open_profiles: ServiceFunction
    read_contract: ServiceFunction
    list_amounts: ServiceFunction
    list_linked_parcels: ServiceFunction
    read_contract_history: ServiceFunction
    validate_amounts: ServiceFunction
    start_import: ServiceFunction
    list_imports: ServiceFunction
    read_import: ServiceFunction


def contract_functions(house: House) -> ContractFunctions:
    return ContractFunctions(
        list_contracts=_list_contracts(house),
        list_open_profiles=_list_open_profiles(house),
        read_contract=_reader(house, "ReadContract", "read_contract"),
        list_amounts=_reader(house, "ListAmounts", "list_amounts"),
        list_linked_parcels=_reader(house, "ListLinkedParcels", "list_linked_parcels"),
        read_contract_history=_reader(house, "ReadContractHistory", "read_contract_history"),
        validate_amounts=_validate_amounts(house),
        start_import=_start_import(house),
        list_imports=_reader(house, "ListImports", "list_imports"),
        read_import=_reader(house, "ReadImport", "read_import"),
    )


def _reader(
    house: House, construct_id: str, operation: str, *, limits: FunctionLimits | None = None
) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        construct_id,
        handler=f"contracts.{operation}",
        surroundings=house.surroundings,
        limits=limits or FunctionLimits(timeout=PATIENCE),
    )
    house.contract_bus.grant_use(function)
    house.resources.registry_table.grant_read(function)
    house.resources.contracts_table.grant_read(function)
    return function


def _list_contracts(house: House) -> ServiceFunction:
    function = _reader(house, "ListContracts", "list_contracts")
    house.resources.contracts_table.grant_query_by_parties(function)
    return function


def _list_open_profiles(house: House) -> ServiceFunction:
    # Of the registry alone: no contract is read, and no bus asked.
    function = ServiceFunction(
        house.scope,
        "ListOpenProfiles",
        handler="contracts.list_open_profiles",
        surroundings=house.surroundings,
        limits=FunctionLimits(timeout=PATIENCE),
    )
    house.resources.registry_table.grant_read(function)
    return function


def _validate_amounts(house: House) -> ServiceFunction:
    function = _reader(house, "ValidateAmounts", "validate_amounts")
    house.resources.contracts_table.grant_write(function, actions=["dynamodb:PutItem"])
    return function


def _start_import(house: House) -> ServiceFunction:
    limits = FunctionLimits(memory_mib=IMPORT_MEMORY_MIB, timeout=PATIENCE)
    function = _reader(house, "StartImport", "start_import", limits=limits)
    house.resources.contracts_table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    # Whoever is given a form writes by this function's leave, and no further than its prefix.
    house.resources.contracts_bucket.grant_write(function, INCOMING)
    return function
