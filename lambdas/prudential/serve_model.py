"""Models of the files that agents make: examples that are taken as they stand, and a schema."""

import json
from typing import Any

from aws_lambda_powertools.event_handler import Response

from aval.edge import http
from aval.edge.prudential.act_requests import TAGS
from aval.edge.prudential.model_requests import PUBLISHED_SCHEMA, SCHEMA
from aval.prudential import counterparties, portfolio_json

app = http.api()


@app.get(
    "/prudencial/modelos/portfolio.json",
    summary="Um portfólio de exemplo",
    tags=TAGS,
    operation_id="serve_portfolio_example",
)
def serve_portfolio_example() -> dict[str, Any]:
    return _read(portfolio_json.example())


@app.get(
    "/prudencial/modelos/contrapartes.json",
    summary="Contrapartes de exemplo",
    tags=TAGS,
    operation_id="serve_counterparties_example",
)
def serve_counterparties_example() -> dict[str, Any]:
    return _read(counterparties.example())


@app.get(
    "/prudencial/modelos/contrapartes.schema.json",
    summary="O esquema dos arquivos de contrapartes",
    tags=TAGS,
    responses=PUBLISHED_SCHEMA,
    operation_id="serve_counterparties_schema",
)
def serve_counterparties_schema() -> Response[str]:
    return Response(200, SCHEMA, counterparties.schema().decode())


def _read(published: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(published)
    return document


handler = http.entrypoint(app)
