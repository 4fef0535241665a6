"""The OpenAPI document of the whole JSON API, as data and as a page."""

from aws_lambda_powertools.event_handler import Response

from aval.edge import documentation, http

app = http.api()


@app.get("/openapi.json", include_in_schema=False)
def serve_document() -> Response[str]:
    return Response(200, "application/json", documentation.openapi_text())


@app.get("/documentacao", include_in_schema=False)
def serve_page() -> Response[str]:
    return Response(200, "text/html; charset=utf-8", documentation.page(), documentation.PAGE_HEADERS)


handler = http.entrypoint(app)
