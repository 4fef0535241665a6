"""One sealed answer to a lote, as the enclave gave it: for its readers' eyes alone."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import lote_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential import lote_requests as asked
from aval.edge.prudential.fields import EventInPath
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.lote_reading import LoteReading
from aval.prudential.lotes import LoteId
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> LoteReading:
    return lote_desks.reading(Settings.from_env())


@app.get(
    f"{asked.LOTES}/<lote>/respostas/<numero>",
    summary="Uma resposta selada de um lote",
    tags=asked.TAGS,
    responses=asked.SEALED,
)
def read_lote_answer(week: EventInPath, code: asked.LoteInPath, number: asked.AnswerNumber) -> Response[str]:
    caller = caller_of(app.current_event.raw_event)
    lote = _reading().lote(caller, EventCode.parse(week), LoteId.parse(code), at=utc_now())
    return Response(200, "application/jose+json", _reading().answer(lote, number).decode())


handler = http.entrypoint(app)
