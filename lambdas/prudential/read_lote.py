"""How far a lote is, and counts of what became of it."""

from functools import cache

from aval.adapters import lote_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential import lote_requests as asked
from aval.edge.prudential.fields import EventInPath
from aval.edge.prudential.lote_messages import LoteTold
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.lote_reading import LoteReading
from aval.prudential.lote_senders import LoteSenders
from aval.prudential.lotes import LoteId
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> LoteReading:
    return lote_desks.reading(Settings.from_env())


@cache
def _senders() -> LoteSenders:
    return lote_desks.senders(Settings.from_env())


@app.get(f"{asked.LOTES}/<lote>", summary="Como está um lote", tags=asked.TAGS)
def read_lote(week: EventInPath, code: asked.LoteInPath) -> LoteTold:
    caller = caller_of(app.current_event.raw_event)
    lote = _reading().lote(caller, EventCode.parse(week), LoteId.parse(code), at=utc_now())
    return LoteTold.of(lote, by=_senders().name(lote.created_by))


handler = http.entrypoint(app)
