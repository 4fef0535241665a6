"""What a sender has sent in a week, the newest first."""

from functools import cache

from aval.adapters import lote_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential import lote_requests as asked
from aval.edge.prudential.fields import EventInPath
from aval.edge.prudential.lote_messages import LotesTold, LoteTold
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.lote_reading import LoteReading
from aval.prudential.lote_senders import LoteSenders
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> LoteReading:
    return lote_desks.reading(Settings.from_env())


@cache
def _senders() -> LoteSenders:
    return lote_desks.senders(Settings.from_env())


@app.get(asked.LOTES, summary="Os lotes de um remetente", tags=asked.TAGS)
def list_lotes(week: EventInPath, sender: asked.SenderAsked) -> LotesTold:
    caller = caller_of(app.current_event.raw_event)
    found = _reading().history(caller, EventCode.parse(week), sender, at=utc_now())
    names = {by: _senders().name(by) for by in {lote.created_by for lote in found}}
    return LotesTold(lotes=[LoteTold.of(lote, by=names[lote.created_by]) for lote in found])


handler = http.entrypoint(app)
