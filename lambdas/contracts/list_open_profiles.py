"""The profiles through which the caller sees contracts, and by which of them it may act."""

from functools import cache

from aval.adapters.system_access import standing
from aval.contracts.listing import stretch_of
from aval.contracts.paging import CursorRequest
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.profiles import ContractProfilePage
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get("/contratos/perfis", summary="Perfis pelos quais você vê contratos e age", tags=["Contratos"])
def list_open_profiles(cursor: asked.Cursor = None, limit: asked.Limit = 100) -> ContractProfilePage:
    caller = caller_of(app.current_event.raw_event)
    profiles = asked.open_profiles_of(_standing(), caller, at=utc_now())
    return ContractProfilePage.of(stretch_of(profiles, CursorRequest(cursor, limit)))


handler = http.entrypoint(app)
