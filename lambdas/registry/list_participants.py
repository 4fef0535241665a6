"""The participants of the market; public to every caller."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.contracts.bus import ContractBus, ParticipantQuery
from aval.contracts.paging import CursorRequest, Stretch
from aval.edge import http
from aval.edge.contracts.requests import Cursor, Limit
from aval.edge.registry import requests as asked
from aval.edge.registry.messages import ParticipantPage
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@app.get("/participantes", summary="Participantes do mercado", tags=["Cadastro"])
def list_participants(  # noqa: PLR0913 - one for each parameter of the query
    *,
    code: asked.CodeAsked = None,
    cnpj: asked.CnpjAsked = None,
    sigla: asked.SiglaAsked = "",
    participant_class: asked.ClassAsked = None,
    name: asked.NameAsked = "",
    day: asked.DayAsked = None,
    cursor: Cursor = None,
    limit: Limit = 100,
    search: asked.SearchAsked = None,
) -> ParticipantPage:
    if search is not None:
        asked.require_search_alone(
            codigo=code, cnpj=cnpj, sigla=sigla, classe=participant_class, nome=name, data=day, cursor=cursor
        )
        return ParticipantPage.of(Stretch(_bus().participants_like(search, most=limit), None))
    query = ParticipantQuery(
        codes=asked.named(code),
        cnpjs=asked.named(cnpj),
        sigla=sigla,
        class_code=participant_class,
        legal_name=name,
        at=asked.moment_of(day),
    )
    return ParticipantPage.of(_bus().participants_from(query, CursorRequest(cursor, limit)))


handler = http.entrypoint(app)
