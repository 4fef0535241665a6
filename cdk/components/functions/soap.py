"""The contract services in SOAP: each proves its caller, then asks the bus."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.adhesion import PASSWORD_MEMORY_MIB
from cdk.components.functions.contract_imports import INCOMING
from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

# Under the gateway's 30 s, so that a late answer is our own fault and not the gateway's.
ANSWER = Duration.seconds(28)


@dataclass(frozen=True, slots=True)
class SoapFunctions:
    import_file: ServiceFunction
    read_outcome: ServiceFunction
    contracts: ServiceFunction
    amounts: ServiceFunction
    parcels: ServiceFunction
    assets: ServiceFunction
    participants: ServiceFunction
    profiles: ServiceFunction
    serve_wsdl: ServiceFunction


def soap_functions(house: House) -> SoapFunctions:
    return SoapFunctions(
        import_file=_import_file(house),
        read_outcome=_reader(house, "SoapReadOutcome", "soap_read_outcome"),
        contracts=_lister(house, "SoapContracts", "soap_contracts"),
        amounts=_lister(house, "SoapAmounts", "soap_amounts"),
        parcels=_lister(house, "SoapParcels", "soap_parcels"),
        assets=_service(house, "SoapAssets", "soap_assets"),
        participants=_service(house, "SoapParticipants", "soap_participants"),
        profiles=_service(house, "SoapProfiles", "soap_profiles"),
        serve_wsdl=_serve_wsdl(house),
    )


def _service(house: House, construct_id: str, operation: str) -> ServiceFunction:
    """A service over what the registry alone knows, for whoever proves itself a system of an agent."""
    function = ServiceFunction(
        house.scope,
        construct_id,
        handler=f"contracts.{operation}",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=PASSWORD_MEMORY_MIB, timeout=ANSWER),
    )
    resources = house.resources
    resources.adhesion_table.grant_read(function)
    # Attempts are counted on the company's item; a lock also leaves a line in its history.
    resources.adhesion_table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    resources.pepper_key.grant_mac(function)
    resources.bus.grant_publish(function)
    resources.registry_table.grant_read(function)
    house.contract_bus.grant_use(function)
    return function


def _reader(house: House, construct_id: str, operation: str) -> ServiceFunction:
    function = _service(house, construct_id, operation)
    house.resources.contracts_table.grant_read(function)
    return function


def _lister(house: House, construct_id: str, operation: str) -> ServiceFunction:
    function = _reader(house, construct_id, operation)
    house.resources.contracts_table.grant_query_by_parties(function)
    return function


def _import_file(house: House) -> ServiceFunction:
    function = _reader(house, "SoapImportFile", "soap_import_file")
    resources = house.resources
    resources.contracts_table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    resources.contracts_bucket.grant_write(function, INCOMING)
    return function


def _serve_wsdl(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope, "ServeWsdl", handler="contracts.serve_wsdl", surroundings=house.surroundings
    )
    house.settings.say_where_systems_call(function)
    return function
