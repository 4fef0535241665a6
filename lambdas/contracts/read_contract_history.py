"""Who did what to a contract, newest first."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus
from aval.contracts.model import ContractCode
from aval.contracts.paging import CursorRequest
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.messages import ContractHistory
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get("/contratos/<id>/historico", summary="Histórico de um contrato", tags=["Contratos"])
def read_contract_history(
    code: asked.ContractId,
    profile: asked.ProfileAsked = None,
    cursor: asked.Cursor = None,
    limit: asked.Limit = 100,
) -> ContractHistory:
    viewer = asked.viewer_of(_standing(), caller_of(app.current_event.raw_event), profile, at=utc_now())
    return ContractHistory.of(_bus().history(ContractCode(code), CursorRequest(cursor, limit), viewer))


handler = http.entrypoint(app)
