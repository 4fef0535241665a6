"""Adhesion's handlers over fakes of AWS, with the registry given."""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from aval.adapters import aws
from aval.adapters.s3_truststore import S3Truststore
from aval.certificates.generation import build_generation
from aval.certificates.truststore import certificates_in
from aval.edge.logs import logger
from aval.identifiers import Cpf
from aval.settings import CnpjComparison, Variable
from tests.support.adhesion import ANA, START, FixedRegistry, hierarchy
from tests.support.dynamodb import ADHESION_TABLE, empty_adhesion_table
from tests.support.gateway import Context, event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REGION: Final = "sa-east-1"
SENDER: Final = "avisos@aval.example"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.content)


@dataclass
class Api:
    registry: FixedRegistry
    dynamodb: "DynamoDBClient"
    monkeypatch: pytest.MonkeyPatch
    log: io.StringIO = field(default_factory=io.StringIO)

    def call(
        self, operation: str, method: str, path: str, *, person: Cpf | None = ANA, **request: Any
    ) -> Answer:
        caller = {"kind": "person", "subject": "sub", "person": person or "", "thumbprint": ""}
        answer = self.run(operation, event(method, path, caller=caller, **request))
        body = answer["body"]
        content = base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()
        return Answer(answer["statusCode"], answer["headers"], content)

    def run(self, operation: str, given: Mapping[str, Any]) -> Any:
        """A cold start of the handler `operation`, with one event, at START."""
        module = import_module(f"lambdas.{operation}")
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()
        if hasattr(module, "DynamoDbRegistry"):
            self.monkeypatch.setattr(module, "DynamoDbRegistry", lambda *_: self.registry)
        if hasattr(module, "utc_now"):
            self.monkeypatch.setattr(module, "utc_now", lambda: START)
        self.monkeypatch.setattr(logger.registered_handler, "stream", self.log)
        return module.handler(dict(given), Context())


@contextmanager
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with empty_adhesion_table() as dynamodb:
        kms = boto3.client("kms", region_name=REGION)
        made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        for variable, value in {
            Variable.ADHESION_TABLE: ADHESION_TABLE,
            Variable.REGISTRY_TABLE: "registry",
            Variable.TRUST_BUCKET: "trust",
            Variable.TRUSTED_ROOTS: hierarchy().root_fingerprint,
            Variable.CNPJ_COMPARISON: CnpjComparison.ROOT,
            Variable.EVENT_BUS: "aval",
            Variable.PEPPER_KEY_ID: made["KeyMetadata"]["KeyId"],
            Variable.MAIL_SENDER: SENDER,
        }.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        for client in (aws.dynamodb, aws.events, aws.kms, aws.s3, aws.ses):
            client.cache_clear()
        boto3.client("events", region_name=REGION).create_event_bus(Name="aval")
        boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity=SENDER)
        _publish_truststore()
        yield Api(FixedRegistry(), dynamodb, monkeypatch)
        for client in (aws.dynamodb, aws.events, aws.kms, aws.s3, aws.ses):
            client.cache_clear()


def encoded(content: bytes, name: str = "empresa.cer") -> dict[str, str]:
    return {"nome": name, "conteudo": base64.b64encode(content).decode()}


def _publish_truststore() -> None:
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="trust", CreateBucketConfiguration={"LocationConstraint": REGION})
    pins = frozenset({hierarchy().root_fingerprint})
    authorities = certificates_in(hierarchy().truststore_pem())
    generation = build_generation(authorities, pins=pins, at=START)
    S3Truststore(s3, "trust", pins).publish(generation)
