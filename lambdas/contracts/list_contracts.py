"""The contracts of the caller's profiles, or the regulated ones, by number."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus, ContractQuery
from aval.contracts.model import Market
from aval.contracts.paging import CursorRequest
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.messages import ContractPage
from aval.edge.contracts.responses import CONTRACTS
from aval.edge.contracts.stretches import contracts_found
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get(
    "/contratos",
    summary="Contratos dos seus perfis, ou os regulados",
    tags=["Contratos"],
    responses=CONTRACTS,
)
def list_contracts(  # noqa: PLR0913 - one for each parameter of the query
    *,
    side: asked.SideAsked = None,
    market: asked.MarketAsked = Market.FREE,
    first: asked.FirstDay = None,
    last: asked.LastDay = None,
    only_not_validated: asked.OnlyNotValidated = False,
    profile: asked.ProfileAsked = None,
    cursor: asked.Cursor = None,
    limit: asked.Limit = 100,
) -> ContractPage:
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    viewer = asked.viewer_of_market(_standing(), caller, profile, market, at=at)
    query = ContractQuery(
        market=market,
        period=asked.period_asked(first, last),
        profiles=asked.profiles_asked(viewer, market, profile),
        side=side,
        only_not_validated=only_not_validated,
    )
    return ContractPage.of(contracts_found(_bus(), query, CursorRequest(cursor, limit), viewer))


handler = http.entrypoint(app)
