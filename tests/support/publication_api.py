"""The handlers of what happens at a deadline, over AWS as moto has it; who acts for whom is given."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from aval.adapters import aws, publication_desks
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.links import DynamoDbLinks
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.s3_publication import S3Publication
from aval.edge.logs import logger
from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentChange, AgentState
from aval.settings import Variable
from tests.support.confidential import PRUDENTIAL_BUCKET, empty_vault, tasks_of
from tests.support.contract_api import Answer
from tests.support.dynamodb import ADHESION_TABLE, CONFIDENTIAL_TABLE
from tests.support.gateway import Context, event
from tests.support.monitored import AURORA, BOLT, FABIO
from tests.support.publication import NEGATIVE, released
from tests.support.reminders import RemindedInMemory
from tests.support.weeks import NOW, agent_row, sending, transition, week_version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

REGION: Final = "sa-east-1"
IDENTITY_TABLE: Final = "identity"
SENDER: Final = "avisos@aval.example"
LOGIN: Final = "a0b1c2d3-0000-0000-0000-000000000001"


@dataclass
class PublicationApi:
    client: "DynamoDBClient"
    s3: "S3Client"
    tasks: DynamoDbTasks
    monkeypatch: pytest.MonkeyPatch
    registry: RemindedInMemory = field(default_factory=RemindedInMemory)
    log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.weeks = DynamoDbWeeks(self.client, CONFIDENTIAL_TABLE)
        self.agents = DynamoDbAgents(self.client, CONFIDENTIAL_TABLE)
        self.closings = DynamoDbClosings(self.client, CONFIDENTIAL_TABLE)
        self.links = DynamoDbLinks(self.client, CONFIDENTIAL_TABLE)
        self.files = S3Publication(self.s3, PRUDENTIAL_BUCKET)

    def send(self, company: Cnpj, number: str | None = "0.170817703691", reason: str = "") -> None:
        """As the host writes it when the enclave has let a number go."""
        row = agent_row(company, state=AgentState.SENT, sending=sending())
        factor = released(company, number, reason)
        self.agents.keep(AgentChange(row, transition(company=company), factor))

    def as_person(self, operation: str, method: str, path: str, *, cpf: str = FABIO, **told: Any) -> Answer:
        caller = {"kind": "person", "subject": LOGIN, "person": cpf, "thumbprint": ""}
        return self._call(operation, event(method, path, caller=caller, **told))

    def as_system(self, operation: str, method: str, path: str, *, cnpj: str = BOLT, **told: Any) -> Answer:
        caller = {"kind": "system", "subject": cnpj, "person": "", "thumbprint": "0f" * 32}
        return self._call(operation, event(method, path, caller=caller, **told))

    def job(self, operation: str, at: str) -> Mapping[str, Any]:
        """The keys of the log line of one run at that moment."""
        before = len(self.log.getvalue())
        self._cold(operation).handler({"em": at}, Context())
        lines = map(json.loads, self.log.getvalue()[before:].splitlines())
        outcome: Mapping[str, Any] = next(one["outcome"] for one in lines if one["message"] == "work done")
        return outcome

    def mails(self) -> list[Any]:
        return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)

    def _call(self, operation: str, given: dict[str, Any]) -> Answer:
        answer = self._cold(operation).handler(given, Context())
        told, headers = answer["body"], answer["headers"]
        is_json = "json" in headers["Content-Type"]
        return Answer(answer["statusCode"], headers, json.loads(told) if is_json else told)

    def _cold(self, operation: str) -> Any:
        module = import_module(f"lambdas.prudential.{operation}")
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()
        if hasattr(module, "DynamoDbRegistry"):
            self.monkeypatch.setattr(module, "DynamoDbRegistry", lambda *_: self.registry)
        if hasattr(module, "utc_now"):
            self.monkeypatch.setattr(module, "utc_now", lambda: NOW)
        self.monkeypatch.setattr(publication_desks, "_registry", lambda _: self.registry)
        self.monkeypatch.setattr(logger.registered_handler, "stream", self.log)
        return module


@contextmanager
def publication_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicationApi]:
    """BOLT sent a factor, AURORA that it has none, VENTO nothing."""
    for variable, value in {
        Variable.CONFIDENTIAL_TABLE: CONFIDENTIAL_TABLE,
        Variable.PRUDENTIAL_BUCKET: PRUDENTIAL_BUCKET,
        Variable.ADHESION_TABLE: ADHESION_TABLE,
        Variable.IDENTITY_TABLE: IDENTITY_TABLE,
        Variable.REGISTRY_TABLE: "registry",
        Variable.EVENT_BUS: "aval",
        Variable.MAIL_SENDER: SENDER,
        Variable.FACTOR_BANDS: "0.20",
    }.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    clients = (aws.dynamodb, aws.events, aws.s3, aws.ses)
    with empty_vault() as vault:
        for client in clients:
            client.cache_clear()
        _make_table(vault.client, ADHESION_TABLE)
        _make_table(vault.client, IDENTITY_TABLE)
        boto3.client("events", region_name=REGION).create_event_bus(Name="aval")
        boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity=SENDER)
        made = PublicationApi(vault.client, vault.s3, tasks_of(vault), monkeypatch)
        made.weeks.add(week_version())
        made.send(BOLT)
        made.send(AURORA, None, NEGATIVE)
        yield made
        for client in clients:
            client.cache_clear()


def _make_table(client: "DynamoDBClient", name: str) -> None:
    client.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
