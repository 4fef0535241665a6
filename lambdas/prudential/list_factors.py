"""What an agent sent over the weeks, for whoever acts for it."""

from functools import cache

from aval.adapters import publication_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential.factor_messages import FACTORS, FactorsSent, WeeksAsked
from aval.edge.prudential.publication_answers import TAGS
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.prudential.factor_history import FactorHistory
from aval.settings import Settings

app = http.api()


@cache
def _history() -> FactorHistory:
    return publication_desks.factor_history(Settings.from_env())


@app.get(FACTORS, summary="Os fatores que um agente enviou, semana a semana", tags=TAGS)
def list_factors(cnpj: CnpjInPath, weeks: WeeksAsked = 53) -> FactorsSent:
    caller = caller_of(app.current_event.raw_event)
    return FactorsSent.of(cnpj, _history().of(caller, cnpj, weeks=weeks, at=utc_now()))


handler = http.entrypoint(app)
