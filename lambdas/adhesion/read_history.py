"""Who changed a company's access, when, and from which state to which."""

from functools import cache
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adhesion.permissions import Permissions
from aval.adhesion.reading import AdhesionReader
from aval.edge import http
from aval.edge.adhesion.messages import History
from aval.edge.caller import caller_of
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.settings import Settings, Variable

app = http.api()


@cache
def _reader() -> AdhesionReader:
    settings = Settings.from_env()
    return AdhesionReader(
        permissions=Permissions(DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])),
        store=DynamoDbAdhesions(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
    )


@app.get("/adesoes/<cnpj>/historico", summary="Histórico do acesso de uma empresa", tags=["Adesão"])
def read_history(
    cnpj: CnpjInPath,
    cursor: Annotated[
        str | None,
        Query(
            alias="apos",
            pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\.[0-9]{8}-[0-9]{2}$",
            description="O valor `proxima` da página anterior",
        ),
    ] = None,
) -> History:
    caller = caller_of(app.current_event.raw_event)
    return History.of(_reader().history(caller.person, cnpj, cursor=cursor, at=utc_now()))


handler = http.entrypoint(app)
