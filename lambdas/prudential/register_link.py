"""Where a company publishes its own factor, registered by who covers the company."""

from functools import cache

from aval.adapters import publication_desks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential.publication_answers import LINK, TAGS
from aval.edge.prudential.publication_messages import LinkRequest, LinkTold
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.prudential.coverage import Coverage
from aval.prudential.links import LinkBook, PublicAddress
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


@app.put(LINK, summary="Registrar onde a empresa divulga o seu fator", tags=TAGS)
def register_link(cnpj: CnpjInPath, asked: LinkRequest) -> LinkTold:
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    _coverage().require(caller, cnpj, at=at)
    address = PublicAddress.parse(asked.address)
    _links().register(cnpj, address, by=f"{caller.kind}:{caller.subject}", at=at)
    return LinkTold.of(_links().history(cnpj), name=_people().name)


handler = http.entrypoint(app)
