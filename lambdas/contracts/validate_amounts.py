"""The buyer agrees to amounts of a contract, all of them or none."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing
from aval.contracts.bus import ContractBus
from aval.contracts.model import ContractCode
from aval.contracts.standing import Standing
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.contracts import requests as asked
from aval.edge.contracts.imports import AmountsValidated, AmountValidation
from aval.moments import utc_now
from aval.settings import Settings

app = http.api()


@cache
def _bus() -> ContractBus:
    return contract_bus(Settings.from_env())


@cache
def _standing() -> Standing:
    return standing(Settings.from_env())


@app.post("/contratos/<id>/montantes/validacao", summary="Validar montantes", tags=["Contratos"])
def validate_amounts(
    code: asked.ContractId,
    request: AmountValidation,
) -> AmountsValidated:
    at = utc_now()
    acting = asked.acting_of(_standing(), caller_of(app.current_event.raw_event), request.profile, at=at)
    contract = ContractCode(code)
    return AmountsValidated.of(contract, _bus().validate(contract, request.begins(), acting, at=at))


handler = http.entrypoint(app)
