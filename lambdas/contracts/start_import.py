"""Rows taken on to be imported, or the form by which a large file comes."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import arrival_of, caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.imports import ImportAccepted, ImportRequest
from aval.edge.contracts.intake import take_import
from aval.edge.contracts.responses import IMPORT_ACCEPTED
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.post("/contratos/importacoes", summary="Importar linhas", tags=["Contratos"], responses=IMPORT_ACCEPTED)
def start_import(request: ImportRequest) -> Response[ImportAccepted]:
    event = app.current_event.raw_event
    at = arrival_of(event, now=utc_now())
    request.require_one_form()
    acting = asked.acting_of(_standing(), caller_of(event), request.profile, at=at)
    return Response(202, "application/json", take_import(_bus(), request, acting, at=at))


handler = http.entrypoint(app)
