"""The published list in the form that was asked for, or where to fetch it when it is too large to carry."""

import json
import re
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from aval.edge.downloads import attachment
from aval.edge.prudential.publication_messages import Publication
from aval.prudential.bands import Bands
from aval.prudential.closing import Closing
from aval.prudential.published import PublicationReading

TAGS: Final = ["Publicação"]
LINK: Final = "/prudencial/agentes/<cnpj>/divulgacao"
# A Lambda answers 6 MB, the escaping of the body included.
LARGEST_ANSWER: Final = 5_000_000
JSON_TYPE: Final = "application/json"
CSV_TYPE: Final = "text/csv; charset=utf-8"
TEXT_TYPE: Final = "text/plain"
FormatAsked = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="formato", description="csv para a planilha; sem ele decide o cabeçalho Accept, ou vem JSON"),
]
PUBLICATION: Final[dict[int, Any]] = {
    200: {
        "description": "A lista",
        "content": {JSON_TYPE: {"model": Publication}, "text/csv": {"schema": {"type": "string"}}},
    },
    307: {
        "description": "A lista é grande: o arquivo está no endereço em Location, por cinco minutos, sem as "
        "faixas e os endereços de divulgação",
        "content": {TEXT_TYPE: {"schema": {"type": "string"}}},
        "headers": {"Location": {"description": "Onde está", "schema": {"type": "string", "format": "uri"}}},
    },
}
# RFC 9110, section 12.4.2.
_NAMED: Final = re.compile(
    r"\s*(?P<type>[^;,\s]+)\s*(?:;[^,]*?\bq=(?P<weight>[01](?:\.[0-9]{0,3})?)[^,]*|;[^,]*)?", re.ASCII
)


def asks_for_csv(asked: str | None, accept: str) -> bool:
    """The parameter decides; without it CSV is what the client would rather have than JSON."""
    if asked is not None:
        return asked == "csv"
    weights = {
        named["type"]: float(named["weight"] or 1)
        for part in accept.lower().split(",")
        if (named := _NAMED.fullmatch(part.rstrip()))
    }
    return weights.get("text/csv", 0.0) > weights.get(JSON_TYPE, 0.0)


def list_answer(reading: PublicationReading, closing: Closing, bands: Bands) -> Response[str]:
    event, file = closing.event, closing.json_file
    if file.size <= LARGEST_ANSWER:
        told = Publication.listing(
            closing, reading.published(closing), known=bands, addresses=reading.addresses.all()
        )
        text = told.model_dump_json(by_alias=True)
        if _carried(text) <= LARGEST_ANSWER:
            return Response(200, JSON_TYPE, text)
    return _elsewhere(reading.files.json_address(event, file))


def spreadsheet_answer(reading: PublicationReading, closing: Closing) -> Response[str]:
    event, file = closing.event, closing.csv_file
    if file.size <= LARGEST_ANSWER:
        text = reading.files.csv_of(event, file).decode()
        if _carried(text) <= LARGEST_ANSWER:
            name = {"Content-Disposition": attachment(f"fator-{event}.csv")}
            return Response(200, CSV_TYPE, text, name)
    return _elsewhere(reading.files.csv_address(event, file))


def _carried(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())


def _elsewhere(address: str) -> Response[str]:
    return Response(307, TEXT_TYPE, "A lista está no endereço do cabeçalho Location.", {"Location": address})
