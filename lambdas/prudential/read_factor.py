"""The last sealed answer that carries an agent's factor: ciphertext here, read by the agent alone."""

from functools import cache

from aval.adapters.week_desks import factor_reading
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential.act_messages import FactorTold
from aval.edge.prudential.act_requests import AGENT, TAGS
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


@app.get(f"{AGENT}/fator", summary="O fator de um agente, selado aos leitores", tags=TAGS)
def read_factor(week: EventInPath, cnpj: CnpjInPath) -> FactorTold:
    caller = caller_of(app.current_event.raw_event)
    return FactorTold.of(_reading().factor(caller, EventCode.parse(week), cnpj, at=utc_now()))


handler = http.entrypoint(app)
