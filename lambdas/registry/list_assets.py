"""Measured loads or plants; public to every caller."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.contracts.bus import AssetQuery, ContractBus
from aval.contracts.model import ProfileCode
from aval.contracts.paging import CursorRequest
from aval.edge import http
from aval.edge.contracts.requests import Cursor, Limit
from aval.edge.registry import requests as asked
from aval.edge.registry.messages import AssetPage
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@app.get("/ativos", summary="Ativos de medição", tags=["Cadastro"])
def list_assets(  # noqa: PLR0913 - one for each parameter of the query
    *,
    kind: asked.KindAsked,
    code: asked.CodeAsked = None,
    name: asked.NameAsked = "",
    profile: asked.ProfileAsked = None,
    submarket: asked.SubmarketAsked = None,
    day: asked.DayOfAsset = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> AssetPage:
    query = AssetQuery(
        kind=kind,
        at=asked.moment_of(day) or utc_now(),
        codes=asked.named(code),
        name_part=name,
        profile=None if profile is None else ProfileCode(profile),
        submarket=submarket,
    )
    return AssetPage.of(_bus().assets_from(query, CursorRequest(cursor, limit)))


handler = http.entrypoint(app)
