"""The companies that the caller represents, and how their access stands."""

from functools import cache
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adhesion.company import CompanyStatus
from aval.adhesion.permissions import Permissions
from aval.adhesion.reading import AdhesionReader, CompaniesAsked
from aval.edge import http
from aval.edge.adhesion.messages import CompanyPage
from aval.edge.adhesion.requests import COMPANIES
from aval.edge.caller import caller_of
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


@app.get("/adesoes", summary="Empresas que você representa", tags=["Adesão"], responses=COMPANIES)
def list_companies(
    search: Annotated[
        str,
        Query(alias="busca", max_length=100, description="Parte da razão social, da sigla ou do CNPJ"),
    ] = "",
    status: Annotated[
        CompanyStatus | None, Query(alias="status", description="Só as que estão assim; ausente, todas")
    ] = None,
    page: Annotated[int, Query(alias="pagina", ge=1, le=10_000)] = 1,
) -> CompanyPage:
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    asked = CompaniesAsked(search, status, page)
    return CompanyPage.of(_reader().list_companies(caller.person, asked, at=at), page=page, at=at)


handler = http.entrypoint(app)
