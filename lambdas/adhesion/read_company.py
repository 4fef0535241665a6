"""One company and its certificates; its version is the entity tag."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adhesion.permissions import Permissions
from aval.adhesion.reading import AdhesionReader
from aval.edge import http
from aval.edge.adhesion.messages import Company
from aval.edge.adhesion.requests import COMPANY, entity_tag
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


@app.get(
    "/adesoes/<cnpj>",
    summary="Uma empresa e seus certificados",
    tags=["Adesão"],
    responses=COMPANY,
)
def read_company(cnpj: CnpjInPath) -> Response[Company]:
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    read = _reader().read(caller.person, cnpj, at=at)
    return Response(
        200,
        "application/json",
        Company.of(read, at=at),
        headers={"ETag": entity_tag(read.adhesion.version)},
    )


handler = http.entrypoint(app)
