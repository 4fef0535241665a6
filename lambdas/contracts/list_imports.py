"""The imports of the caller's companies, newest first."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus
from aval.contracts.paging import CursorRequest
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.imports import ImportPage
from aval.edge.contracts.responses import IMPORTS
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get("/contratos/importacoes", summary="As suas importações", tags=["Contratos"], responses=IMPORTS)
def list_imports(cursor: asked.Cursor = None, limit: asked.Limit = 100) -> ImportPage:
    viewer = asked.viewer_of(_standing(), caller_of(app.current_event.raw_event), None, at=utc_now())
    return ImportPage.of(_bus().submitted_from(CursorRequest(cursor, limit), viewer))


handler = http.entrypoint(app)
