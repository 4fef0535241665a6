import json

from aval.edge.documentation import openapi_text
from aval.edge.soap.services import SERVICES
from local.openapi import PUBLIC
from tests.infrastructure.assembly import Assembly

# The document and its page do not describe themselves.
DESCRIPTION = {("get", "/openapi.json"), ("get", "/documentacao")}
# Described by their WSDLs.
SOAP = {(method, service.path) for method in ("get", "post") for service in SERVICES}


def _operation(route_key: str) -> tuple[str, str]:
    method, path = route_key.split(" ")
    return method.lower(), path


def _operations(assembly: Assembly, *, authorization: str) -> set[tuple[str, str]]:
    return {
        _operation(route.properties["RouteKey"])
        for route in assembly.resources("AWS::ApiGatewayV2::Route")
        if route.properties["AuthorizationType"] == authorization
    }


def test_the_document_describes_exactly_the_routes_of_both_doors(assembly: Assembly) -> None:
    described = {
        (method, path) for path, item in json.loads(openapi_text())["paths"].items() for method in item
    }
    routed = _operations(assembly, authorization="CUSTOM") | _operations(assembly, authorization="NONE")
    assert routed - DESCRIPTION - SOAP == described


def test_the_document_asks_for_a_token_wherever_the_authorizer_does(assembly: Assembly) -> None:
    assert _operations(assembly, authorization="NONE") - DESCRIPTION - SOAP == set(PUBLIC)
