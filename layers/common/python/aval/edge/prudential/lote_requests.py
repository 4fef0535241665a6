"""Lotes from HTTP's words to the domain's, and what is published of their routes."""

from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from aval.edge.prudential.lote_messages import LoteRequest
from aval.edge.wire_identifiers import CnpjInBody
from aval.identifiers import EventCode
from aval.identity.caller import Caller
from aval.prudential.lote_reception import AskedLote
from aval.prudential.lotes import MOST_CHUNKS

LOTES: Final = "/prudencial/semanas/<evento>/lotes"
TAGS: Final = ["Monitoramento prudencial"]
ANNOUNCED: Final[dict[int, OpenAPIResponse]] = {
    201: {
        "description": "Anunciado: o arquivo vem pelo formulário",
        "links": {
            "andamento": {
                "operationId": "read_lote",
                "parameters": {"evento": "$request.path.evento", "lote": "$response.body#/lote"},
            }
        },
    }
}
SEALED: Final[dict[int, Any]] = {
    200: {
        "description": "A resposta, JWE em JSON geral, selada aos leitores do lote",
        "content": {"application/jose+json": {"schema": {"type": "object"}}},
    }
}
LoteInPath = Annotated[
    str,
    Path(
        alias="lote",
        pattern=r"^[0-9a-f]{32}$",
        description="O código recebido no anúncio",
        examples=["0a" * 16],
    ),
]
AnswerNumber = Annotated[
    int,
    Path(alias="numero", ge=0, lt=MOST_CHUNKS, description="Qual das respostas, a partir de 0", examples=[0]),
]
SenderAsked = Annotated[CnpjInBody, Query(alias="remetente", description="A empresa que enviou os lotes")]


def asked_lote(request: LoteRequest, event: EventCode, caller: Caller) -> AskedLote:
    return AskedLote(
        event=event,
        sender=request.sender,
        kind=request.kind,
        file_name=request.file_name,
        size=request.size,
        identity=request.digest,
        all_or_nothing=request.all_or_nothing,
        asked_by=f"{caller.kind}:{caller.subject}",
    )
