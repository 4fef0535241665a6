"""Who am I: the caller's own name and what the registry lets it do."""

from functools import cache

from aval.adapters import aws
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.identity_messages import Session
from aval.identity.session import SessionReader
from aval.moments import utc_now
from aval.settings import Settings, Variable

app = http.api()


@cache
def _sessions() -> SessionReader:
    return SessionReader(DynamoDbRegistry(aws.dynamodb(), Settings.from_env()[Variable.REGISTRY_TABLE]))


@app.get("/sessao", summary="Quem está chamando e o que pode", tags=["Sessão"])
def read_session() -> Session:
    caller = caller_of(app.current_event.raw_event)
    return Session.of(_sessions().read(caller, at=utc_now()))


handler = http.entrypoint(app)
