"""The parts of measured assets, each of one profile; public to every caller."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.contracts.bus import ContractBus, ParcelQuery
from aval.contracts.model import ParcelCode, ProfileCode
from aval.contracts.paging import CursorRequest
from aval.edge import http
from aval.edge.contracts.requests import Cursor, Limit
from aval.edge.registry import requests as asked
from aval.edge.registry.messages import ParcelPage
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@app.get("/parcelas", summary="Parcelas de ativo", tags=["Cadastro"])
def list_parcels(  # noqa: PLR0913 - one for each parameter of the query
    *,
    code: asked.CodeAsked = None,
    profile: asked.ProfileAsked = None,
    asset: asked.AssetAsked = None,
    cnpj: asked.CnpjAsked = None,
    day: asked.DayAsked = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ParcelPage:
    query = ParcelQuery(
        at=asked.moment_of(day),
        codes=frozenset(map(ParcelCode, asked.named(code))),
        profiles=frozenset(map(ProfileCode, asked.named(profile))),
        asset=asset,
        cnpj=cnpj,
    )
    return ParcelPage.of(_bus().parcels_from(query, CursorRequest(cursor, limit)))


handler = http.entrypoint(app)
