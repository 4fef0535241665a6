"""What may be asked of the published models of files."""

from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Query

from aval.edge.prudential.fields import EVENT
from aval.edge.wire_identifiers import CnpjInPath
from aval.prudential.template_choice import AGENTS_IN_PART

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCHEMA: Final = "application/schema+json"
EventAsked = Annotated[
    str,
    Query(alias="evento", pattern=EVENT, description="A semana: ano, mês e número", examples=["202611003"]),
]
SenderAsked = Annotated[CnpjInPath, Query(alias="remetente", description="A empresa que envia, sem máscara")]
PartAsked = Annotated[
    int | None,
    Query(
        alias="parte",
        ge=1,
        le=1000,
        description=f"Só a n-ésima parte, de {AGENTS_IN_PART} agentes cada uma, por CNPJ; ausente, todos",
    ),
]
TEMPLATE: Final[dict[int, Any]] = {
    200: {
        "description": "A planilha padrão, com as linhas dos agentes elegíveis do remetente",
        "content": {WORKBOOK: {}},
        "headers": {
            "Content-Disposition": {"description": "O nome do arquivo", "schema": {"type": "string"}},
        },
    }
}
PUBLISHED_SCHEMA: Final[dict[int, Any]] = {
    200: {
        "description": "O JSON Schema 2020-12 dos arquivos de contrapartes",
        "content": {SCHEMA: {"schema": {"type": "object"}}},
    }
}
