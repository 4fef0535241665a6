import re
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import pytest
import xmlschema
import zeep
from lxml import etree
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken

from aval.edge.requests import RouteUnknown
from aval.edge.soap.description_door import entrypoint
from aval.edge.soap.descriptions import described
from aval.edge.soap.documents import read_document
from aval.edge.soap.envelope import page_of, profile_of, read_envelope
from aval.edge.soap.namespaces import V2
from aval.edge.soap.services import SERVICES, Service
from tests.support.gateway import Context, event
from tests.support.soap_schemas import WSDL

HOST = "https://wsdl.aval.example:442"
SERVICES_URL = "https://servicos.aval.example"
SCHEMAS = sorted(WSDL.glob("*.xsd"))
WSDL_SPACE = {"w": "http://schemas.xmlsoap.org/wsdl/", "s": "http://schemas.xmlsoap.org/wsdl/soap/"}


class ServedHere(Transport):  # type: ignore[misc, unused-ignore]
    """Fetches from the function under test what zeep would fetch from its host."""

    def load(self, url: str) -> bytes:
        parts = urlsplit(url)
        return described(parts.path, parts.query, services_url=SERVICES_URL).encode()


# zeep tells mypy that it is typed, and most of it is not.
NEW_CLIENT, SERVED_HERE, USERNAME_TOKEN = (
    cast("Any", one) for one in (zeep.Client, ServedHere, UsernameToken)
)


def client(service: Service) -> Any:
    return NEW_CLIENT(f"{HOST}{service.path}?wsdl", transport=SERVED_HERE())


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_an_unmodified_zeep_loads_a_service_and_finds_its_operations(service: Service) -> None:
    [described_service] = client(service).wsdl.services.values()
    [port] = described_service.ports.values()
    assert port.binding_options["address"] == f"{SERVICES_URL}{service.path}"
    operations = port.binding._operations
    assert {name: one.soapaction for name, one in operations.items()} == {
        action: action for action in service.operations
    }
    for action, operation in service.operations.items():
        body = operations[action].input.body
        assert (body.qname.namespace, body.qname.localname) == (service.dialect.messages, operation.request)
        assert operations[action].style == "document"
        assert operations[action].input.header.type.elements[0][0] == "messageHeader"


def test_what_zeep_writes_is_what_the_door_reads() -> None:
    made = client(SERVICES[2])
    made.wsse = USERNAME_TOKEN("33047509000149", "senha<&>")
    message = made.create_message(
        made.service,
        "listarContrato",
        periodoReferencia={"inicio": "2026-01-01T00:00:00", "fim": "2026-02-01T00:00:00"},
        _soapheaders={
            "messageHeader": {"codigoPerfilAgente": 10010},
            "paginacao": {"numero": 2, "quantidadeItens": 5},
        },
    )
    read = read_envelope(read_document(etree.tostring(message)), V2)
    page = page_of(read, V2)
    assert (read.credentials.password, profile_of(read), page and page.number) == ("senha<&>", 10010, 2)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_two_validators_take_every_schema(file: Any) -> None:
    etree.XMLSchema(etree.parse(file))
    assert xmlschema.XMLSchema(file).target_namespace


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_import_leads_to_a_document_of_the_same_service(service: Service) -> None:
    base = f"{HOST}{service.path}?wsdl"
    pending, seen = [base], set()
    while pending:
        address = pending.pop()
        parts = urlsplit(address)
        text = described(parts.path, parts.query, services_url=SERVICES_URL)
        seen.add(parts.query)
        pending += [
            urljoin(address, location)
            for location in re.findall(r'schemaLocation="([^"]+)"', text)
            if urlsplit(urljoin(address, location)).query not in seen
        ]
    version = "v1" if "v1" in service.dialect.messages else "v2"
    assert seen == {"wsdl", "xsd=FM-v2", "xsd=secext-1.0"} | {
        f"xsd={part}-{version}" for part in ("MH", "BM", "BO")
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_each_operation_declares_its_headers_and_every_fault(service: Service) -> None:
    document = etree.fromstring(described(service.path, "wsdl", services_url=SERVICES_URL).encode())
    operations = document.findall("w:binding/w:operation", WSDL_SPACE)
    assert [one.get("name") for one in operations] == list(service.operations)
    for operation in operations:
        headers = [one.get("part") for one in operation.findall("w:input/s:header", WSDL_SPACE)]
        assert headers[:2] == ["messageHeader", "Security"]
        assert len(operation.findall("w:fault", WSDL_SPACE)) == 4


def test_what_we_invented_is_marked() -> None:
    assert "Extensão do Aval" in (WSDL / "BO-v1.xsd").read_text()
    for name in ("Contrato", "MontanteEnergia"):
        found = etree.parse(WSDL / "BO-v2.xsd").find(
            f'.//{{*}}complexType[@name="{name}"]/{{*}}annotation/{{*}}documentation'
        )
        assert found is not None
        assert "são do Aval" in " ".join((found.text or "").split())


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/ws/v2/OutroBSv2", "wsdl"),
        ("/ws/v2/ContratoBSv2", ""),
        ("/ws/v2/ContratoBSv2", "x=wsdl"),
        ("/ws/v2/ContratoBSv2", "xsd=../../door"),
        ("/ws/v2/ContratoBSv2", "xsd=ZZ-v9"),
        ("/ws/v2/ContratoBSv2", "xsd="),
    ],
)
def test_nothing_but_the_descriptions_is_served(path: str, query: str) -> None:
    with pytest.raises(RouteUnknown):
        described(path, query, services_url=SERVICES_URL)


def gateway_event(path: str, query: str, method: str = "GET") -> dict[str, Any]:
    return event(method, path, rawQueryString=query)


def balancer_event(path: str, query: dict[str, str], method: str = "GET") -> dict[str, Any]:
    """As Elastic Load Balancing hands a request to a function."""
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:x:targetgroup/a/1"}},
        "httpMethod": method,
        "path": path,
        "queryStringParameters": query,
        "headers": {"host": "wsdl.aval.example:442"},
        "body": "",
        "isBase64Encoded": False,
    }


def answered(given: dict[str, Any]) -> dict[str, Any]:
    return entrypoint(lambda: SERVICES_URL)(given, cast("Any", Context()))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_both_doors_serve_the_same_documents(service: Service) -> None:
    for name, value in (("wsdl", ""), ("WSDL", ""), ("xsd", "FM-v2")):
        query = f"{name}={value}" if value else name
        by_gateway = answered(gateway_event(service.path, query))
        by_balancer = answered(balancer_event(service.path, {name: value}))
        assert by_gateway == by_balancer
        assert (by_gateway["statusCode"], by_gateway["statusDescription"]) == (200, "200 OK")
        assert by_gateway["headers"]["Content-Type"] == "text/xml; charset=utf-8"


def test_anything_else_is_a_problem_document() -> None:
    for given in (
        gateway_event("/ws/v2/ContratoBSv2", ""),
        balancer_event("/", {}),
        balancer_event("/ws/v2/ContratoBSv2", {"wsdl": ""}, "POST"),
    ):
        answer = answered(given)
        assert answer["statusCode"] == 404
        assert answer["headers"]["Content-Type"] == "application/problem+json"
