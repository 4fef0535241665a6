"""The asset parcels by which one contract is modulated."""

from functools import cache

from aval.adapters import aws
from aval.adapters.contract_bus import contract_bus
from aval.adapters.dynamodb.directory import DynamoDbDirectory
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.contracts.bus import ContractBus
from aval.contracts.links import parcel_links
from aval.contracts.model import Contract, ContractCode
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.amount_messages import LinkedParcels
from aval.moments import utc_now
from aval.settings import Settings, Variable

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _directory() -> DynamoDbDirectory:
    return DynamoDbDirectory(aws.dynamodb(), Settings.from_env()[Variable.REGISTRY_TABLE])


@cache
def _standing() -> Standing:
    table = Settings.from_env()[Variable.REGISTRY_TABLE]
    return Standing(DynamoDbRegistry(aws.dynamodb(), table), _directory())


@app.get("/contratos/<id>/ativos", summary="Parcelas de ativo de um contrato", tags=["Contratos"])
def list_linked_parcels(
    code: asked.ContractId,
    profile: asked.ProfileAsked = None,
) -> LinkedParcels:
    viewer = asked.viewer_of(_standing(), caller_of(app.current_event.raw_event), profile, at=utc_now())
    contract = _bus().contract(ContractCode(code), None, None, viewer)
    links = parcel_links(contract) if isinstance(contract, Contract) else ()
    return LinkedParcels.of(links, _directory().parcels({parcel for parcel, _ in links}))


handler = http.entrypoint(app)
