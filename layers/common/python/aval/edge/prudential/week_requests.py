"""Weeks and agents from HTTP's words to the domain's."""

from typing import Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Query

from aval.edge.wire_identifiers import CnpjInBody, CnpjInPath

WEEKS: Final = "/prudencial/semanas"
WEEK: Final = f"{WEEKS}/<evento>"
AGENTS: Final = f"{WEEK}/agentes"
AGENT: Final = f"{AGENTS}/<cnpj>"
TAGS: Final = ["Monitoramento prudencial"]
PAGE: Final = 500
MOST_ON_PAGE: Final = 1000

VersionAsked = Annotated[
    int | None,
    Query(alias="versao", ge=1, le=999_999, description="Qual conjunto de parâmetros; ausente, o que vale"),
]
SenderAsked = Annotated[
    CnpjInBody | None,
    Query(
        alias="remetente",
        description="Só os agentes desta empresa, que representa ou controla; ausente, os de todas por que "
        "se responde",
    ),
]
Cursor = Annotated[
    CnpjInPath | None,
    Query(alias="cursor", description="O valor `proxima` da página anterior"),
]
Limit = Annotated[int, Query(alias="limite", ge=1, le=MOST_ON_PAGE, description="Quantos agentes por página")]
