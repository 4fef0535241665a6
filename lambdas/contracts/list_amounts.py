"""The amounts of one contract, earliest first."""

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
from aval.edge.contracts.amount_messages import AmountPage
from aval.edge.contracts.stretches import amounts_of_contract
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.get("/contratos/<id>/montantes", summary="Montantes de um contrato", tags=["Contratos"])
def list_amounts(  # noqa: PLR0913 - one for each parameter of the query
    *,
    code: asked.ContractId,
    kind: asked.AmountKindAsked = None,
    first: asked.FirstDay = None,
    last: asked.LastDay = None,
    only_not_validated: asked.OnlyNotValidated = False,
    profile: asked.ProfileAsked = None,
    cursor: asked.Cursor = None,
    limit: asked.Limit = 100,
) -> AmountPage:
    viewer = asked.viewer_of(_standing(), caller_of(app.current_event.raw_event), profile, at=utc_now())
    contract = _bus().contract(ContractCode(code), None, None, viewer)
    query = asked.amount_query(
        contract, kind, period=asked.period_asked(first, last), only_not_validated=only_not_validated
    )
    return AmountPage.of(amounts_of_contract(_bus(), query, CursorRequest(cursor, limit), viewer))


handler = http.entrypoint(app)
