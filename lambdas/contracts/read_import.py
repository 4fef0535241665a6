"""How far an import is, and what it says of its rows."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus, ProcessingCode
from aval.contracts.paging import CursorRequest
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.imports import ProcessingOutcome
from aval.edge.contracts.stretches import rows_of_processing
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get("/contratos/importacoes/<codigo>", summary="Como está uma importação", tags=["Contratos"])
def read_import(
    code: asked.ProcessingNumber,
    only: asked.StatusAsked = None,
    profile: asked.ProfileAsked = None,
    cursor: asked.Cursor = None,
    limit: asked.Limit = 100,
) -> ProcessingOutcome:
    viewer = asked.viewer_of(_standing(), caller_of(app.current_event.raw_event), profile, at=utc_now())
    return ProcessingOutcome.of(
        rows_of_processing(_bus(), ProcessingCode(code), CursorRequest(cursor, limit), viewer, only=only)
    )


handler = http.entrypoint(app)
