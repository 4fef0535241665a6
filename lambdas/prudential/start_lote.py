"""A lote announced, and the form by which its sealed file comes."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import lote_desks
from aval.edge import http
from aval.edge.caller import arrival_of, caller_of
from aval.edge.prudential import lote_requests as asked
from aval.edge.prudential.fields import EventInPath
from aval.edge.prudential.lote_messages import LoteAnnounced, LoteRequest
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.coverage import Coverage
from aval.prudential.lote_reception import LoteReception
from aval.settings import Settings

app = http.api()


@cache
def _coverage() -> Coverage:
    return Coverage(lote_desks.registry(Settings.from_env()))


@cache
def _reception() -> LoteReception:
    return lote_desks.reception(Settings.from_env())


@app.post(asked.LOTES, summary="Anunciar um lote", tags=asked.TAGS, responses=asked.ANNOUNCED)
def start_lote(week: EventInPath, request: LoteRequest) -> Response[LoteAnnounced]:
    event = app.current_event.raw_event
    caller, at = caller_of(event), arrival_of(event, now=utc_now())
    _coverage().require_sender(caller, request.sender, at=at)
    lote, form = _reception().announce(asked.asked_lote(request, EventCode.parse(week), caller), at=at)
    return Response(201, "application/json", LoteAnnounced.of(lote, form))


handler = http.entrypoint(app)
