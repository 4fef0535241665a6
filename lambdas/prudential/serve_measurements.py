"""The log of released measurements, as it was published: signed, so that nobody need trust this door."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import aws
from aval.adapters.s3_measurements import S3Measurements
from aval.edge import http
from aval.edge.prudential.requests import MEASUREMENTS
from aval.settings import Settings, Variable

app = http.api()


@cache
def _measurements() -> S3Measurements:
    return S3Measurements(aws.s3(), Settings.from_env()[Variable.TRUST_BUCKET])


@app.get(
    "/prudencial/medidas",
    summary="As medidas publicadas do enclave",
    tags=["Núcleo confidencial"],
    responses=MEASUREMENTS,
)
def serve_measurements() -> Response[str]:
    return Response(200, "application/jsonl", _measurements().text())


handler = http.entrypoint(app)
