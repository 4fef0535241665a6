"""The profiles of agents, by which contracts are made; public to every caller."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.contracts.bus import ContractBus, ProfileQuery
from aval.contracts.paging import CursorRequest
from aval.edge import http
from aval.edge.contracts.requests import Cursor, Limit
from aval.edge.registry import requests as asked
from aval.edge.registry.messages import ProfilePage
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@app.get("/perfis", summary="Perfis de agente", tags=["Cadastro"])
def list_profiles(  # noqa: PLR0913 - one for each parameter of the query
    *,
    codes: asked.CodesAsked = None,
    participant: asked.OwnerAsked = None,
    cnpj: asked.CnpjAsked = None,
    sigla: asked.SiglaAsked = "",
    participant_class: asked.ClassAsked = None,
    day: asked.DayAsked = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ProfilePage:
    query = ProfileQuery(
        codes=frozenset(codes or ()),
        participant_codes=asked.named(participant),
        cnpjs=asked.named(cnpj),
        sigla=sigla,
        class_code=participant_class,
        at=asked.moment_of(day),
    )
    return ProfilePage.of(_bus().profiles_from(query, CursorRequest(cursor, limit)))


handler = http.entrypoint(app)
