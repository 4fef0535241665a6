"""Where a company publishes its own factor, and who registered that and when."""

from functools import cache

from aval.adapters import publication_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential.publication_answers import LINK, TAGS
from aval.edge.prudential.publication_messages import LinkTold
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.prudential.coverage import Coverage
from aval.prudential.links import LinkBook
from aval.prudential.lote_senders import LoteSenders
from aval.settings import Settings

app = http.api()


@cache
def _coverage() -> Coverage:
    return publication_desks.coverage(Settings.from_env())


@cache
def _links() -> LinkBook:
    return publication_desks.links(Settings.from_env())


@cache
def _people() -> LoteSenders:
    return publication_desks.people(Settings.from_env())


@app.get(LINK, summary="Onde a empresa divulga o seu fator", tags=TAGS)
def read_link(cnpj: CnpjInPath) -> LinkTold:
    _coverage().require(caller_of(app.current_event.raw_event), cnpj, at=utc_now())
    return LinkTold.of(_links().history(cnpj), name=_people().name)


handler = http.entrypoint(app)
