"""An act of an agent in a week: its outside is checked, the enclave asked, its end waited for."""

import time
from collections.abc import Callable
from functools import cache
from typing import Final

from aws_lambda_powertools.event_handler import Response

from aval.adapters.week_desks import week_acts
from aval.edge import http
from aval.edge.caller import arrival_of, caller_of
from aval.edge.logs import current_transaction
from aval.edge.prudential import act_requests as asked
from aval.edge.prudential.act_messages import ActTold, SealedAct, SignedAct
from aval.edge.prudential.fields import EventInPath
from aval.edge.wire_identifiers import CnpjInPath
from aval.identifiers import Cnpj
from aval.moments import utc_now
from aval.prudential.tasks import TaskAct
from aval.prudential.week_acts import WeekActs
from aval.settings import Settings

PATIENCE_SECONDS: Final = 20.0
BETWEEN_LOOKS_SECONDS: Final = 0.25

app = http.api()


@cache
def _acts() -> WeekActs:
    return week_acts(
        Settings.from_env(),
        transaction=current_transaction,
        pause=lambda: time.sleep(BETWEEN_LOOKS_SECONDS),
    )


def _perform(act: TaskAct, week: str, company: Cnpj, body: str) -> Response[ActTold]:
    event, ends = app.current_event.raw_event, time.monotonic() + PATIENCE_SECONDS
    caller, at = caller_of(event), arrival_of(event, now=utc_now())
    request = asked.act_asked(act, week, company, body, caller)
    done = _acts().perform(request, caller, at=at, is_time_up=lambda: time.monotonic() > ends)
    return asked.act_answer(done)


def _sealed(act: TaskAct) -> Callable[..., Response[ActTold]]:
    def submit(week: EventInPath, cnpj: CnpjInPath, body: SealedAct) -> Response[ActTold]:
        return _perform(act, week, cnpj, body.sealed)

    return submit


def _signed(act: TaskAct) -> Callable[..., Response[ActTold]]:
    def submit(week: EventInPath, cnpj: CnpjInPath, body: SignedAct) -> Response[ActTold]:
        return _perform(act, week, cnpj, body.signed)

    return submit


for route in asked.SEALED:
    app.route(**route.described)(_sealed(route.act))
for route in asked.SIGNED:
    app.route(**route.described)(_signed(route.act))

handler = http.entrypoint(app)
