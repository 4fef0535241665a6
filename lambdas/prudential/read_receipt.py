"""The receipt of the sending that stands: signed by the enclave, so that nobody need trust this door."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters.week_desks import factor_reading
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential.act_requests import AGENT, RECEIPT, TAGS
from aval.edge.prudential.fields import EventInPath
from aval.edge.wire_identifiers import CnpjInPath
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.factor_reading import FactorReading
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> FactorReading:
    return factor_reading(Settings.from_env())


@app.get(f"{AGENT}/recibo", summary="O recibo do envio que vale", tags=TAGS, responses=RECEIPT)
def read_receipt(week: EventInPath, cnpj: CnpjInPath) -> Response[str]:
    caller = caller_of(app.current_event.raw_event)
    receipt = _reading().receipt(caller, EventCode.parse(week), cnpj, at=utc_now())
    return Response(200, "application/jose", receipt)


handler = http.entrypoint(app)
