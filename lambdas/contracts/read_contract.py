"""One contract, that the caller may see."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus
from aval.contracts.model import ContractCode
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.messages import Contract
from aval.edge.contracts.responses import CONTRACT
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get("/contratos/<id>", summary="Um contrato", tags=["Contratos"], responses=CONTRACT)
def read_contract(
    code: asked.ContractId,
    profile: asked.ProfileAsked = None,
) -> Contract:
    viewer = asked.viewer_of(_standing(), caller_of(app.current_event.raw_event), profile, at=utc_now())
    return Contract.of(_bus().contract(ContractCode(code), None, None, viewer))


handler = http.entrypoint(app)
