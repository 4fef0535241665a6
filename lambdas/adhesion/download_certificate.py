"""A certificate as it was sent, byte by byte."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adhesion.permissions import Permissions
from aval.adhesion.reading import AdhesionReader
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.downloads import download
from aval.edge.wire_identifiers import CertificateFingerprint, CnpjInPath
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
    "/adesoes/<cnpj>/certificados/<impressaoDigital>",
    summary="Baixar um certificado",
    tags=["Adesão"],
    responses={200: {"description": "O certificado em DER", "content": {"application/pkix-cert": {}}}},
)
def download_certificate(cnpj: CnpjInPath, impressaoDigital: CertificateFingerprint) -> Response[str]:  # noqa: N803 - the route's word
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    certificate = _reader().certificate(caller.person, cnpj, impressaoDigital, at=at)
    return download(certificate.facts.der, media_type="application/pkix-cert", name=certificate.name)


handler = http.entrypoint(app)
