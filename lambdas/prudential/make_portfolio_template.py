"""The standard workbook of a week, with the lines of a sender's eligible agents."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import week_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.downloads import download
from aval.edge.prudential.act_requests import TAGS
from aval.edge.prudential.model_requests import TEMPLATE, WORKBOOK, EventAsked, PartAsked, SenderAsked
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.coverage import Coverage
from aval.prudential.template_choice import sender_template
from aval.prudential.weeks import Weeks
from aval.settings import Settings

app = http.api()


@cache
def _coverage() -> Coverage:
    return week_desks.coverage(Settings.from_env())


@cache
def _weeks() -> Weeks:
    return week_desks.weeks(Settings.from_env())


@app.get(
    "/prudencial/modelos/portfolio.xlsx",
    summary="A planilha padrão de portfólios de uma semana",
    tags=TAGS,
    responses=TEMPLATE,
)
def make_portfolio_template(week: EventAsked, sender: SenderAsked, part: PartAsked = None) -> Response[str]:
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    _coverage().require_sender(caller, sender, at=at)
    parameters = _weeks().current(EventCode.parse(week)).parameters
    written = sender_template(_coverage(), parameters, sender, part=part, at=at)
    name = f"portfolio-{week}.xlsx" if part is None else f"portfolio-{week}-{part}.xlsx"
    return download(written, media_type=WORKBOOK, name=name)


handler = http.entrypoint(app)
