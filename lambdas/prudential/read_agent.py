"""One agent in a week: its state, what it rests on, and its whole history."""

from functools import cache

from aval.adapters import lote_desks, week_readings
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential import week_requests as asked
from aval.edge.prudential.agent_messages import AgentTold
from aval.edge.prudential.fields import EventInPath
from aval.edge.wire_identifiers import CnpjInPath
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.agent_history import AgentReading
from aval.prudential.lote_senders import LoteSenders
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> AgentReading:
    return week_readings.agent_reading(Settings.from_env())


@cache
def _senders() -> LoteSenders:
    return lote_desks.senders(Settings.from_env())


@app.get(asked.AGENT, summary="Um agente numa semana, e seu histórico", tags=asked.TAGS)
def read_agent(week: EventInPath, cnpj: CnpjInPath) -> AgentTold:
    caller = caller_of(app.current_event.raw_event)
    told = _reading().agent(caller, EventCode.parse(week), cnpj, at=utc_now())
    names = {by: _senders().name(by) for by in told.asked_by}
    return AgentTold.of(told, names.__getitem__)


handler = http.entrypoint(app)
