import io
import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.adapters import aws
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.edge.background import WorkFailed
from aval.edge.logs import logger
from aval.identifiers import Cnpj
from aval.settings import Variable
from lambdas.registry import load_registry
from tests.support.dynamodb import TABLE, empty_table
from tests.support.registry import ANA, BOLT, content, person, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = "entrada/cadastro de agosto.json"


TRANSACTION = "0b6f3f8e-6f0e-4a52-9d2a-5f6f3b1d9f10"


class Context(LambdaContext):
    _aws_request_id = TRANSACTION
    _function_name = "load_registry"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv(Variable.REGISTRY_TABLE, TABLE)
    monkeypatch.setenv(Variable.REGISTRY_BUCKET, "registry")
    monkeypatch.setenv(Variable.EVENT_BUS, "aval")
    cold = (aws.s3, aws.events, aws.dynamodb, load_registry._bucket, load_registry._loader)
    with empty_table() as client:
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="registry")
        boto3.client("events", region_name="us-east-1").create_event_bus(Name="aval")
        for made in cold:
            made.cache_clear()
        monkeypatch.setattr(aws, "dynamodb", lambda: client)
        yield client
    for made in cold:
        made.cache_clear()


def drop(body: bytes, sequencer: str = "00617F08299329D189") -> dict[str, Any]:
    boto3.client("s3", region_name="us-east-1").put_object(Bucket="registry", Key=KEY, Body=body)
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {
            "bucket": {"name": "registry"},
            "object": {"key": KEY, "size": len(body), "sequencer": sequencer},
            "requester": "111122223333",
            "reason": "PutObject",
        },
    }


def report() -> dict[str, Any]:
    s3 = boto3.client("s3", region_name="us-east-1")
    answer = s3.get_object(Bucket="registry", Key="resultado/cadastro de agosto.json.json")
    found: dict[str, Any] = json.loads(answer["Body"].read())
    return found


def test_a_dropped_file_comes_into_force(table: "DynamoDBClient") -> None:
    load_registry.handler(drop(content(**whole())), Context())
    assert DynamoDbRegistry(table, TABLE).participant(Cnpj(BOLT)) is not None
    assert report()["aceito"] is True
    assert report()["transacao"] == TRANSACTION


def test_a_wrong_file_is_reported_and_the_event_is_done(table: "DynamoDBClient") -> None:
    load_registry.handler(drop(b"{"), Context())
    assert report()["aceito"] is False


def test_an_object_deleted_meanwhile_is_no_failure(table: "DynamoDBClient") -> None:
    event = drop(b"{}")
    boto3.client("s3", region_name="us-east-1").delete_object(Bucket="registry", Key=KEY)
    load_registry.handler(event, Context())
    assert table.scan(TableName=TABLE)["Items"] == []


def test_an_unexpected_failure_is_delivered_again_without_its_text(
    table: "DynamoDBClient", caplog: pytest.LogCaptureFixture
) -> None:
    event = drop(content(pessoas=[person()]))
    table.delete_table(TableName=TABLE)
    with caplog.at_level(logging.INFO), pytest.raises(WorkFailed) as failed:
        load_registry.handler(event, Context())
    assert failed.value.__suppress_context__
    assert str(failed.value) == ""


def test_the_log_tells_of_no_person(table: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    load_registry.handler(drop(content(**whole())), Context())
    load_registry.handler(drop(content(pessoas=[person(), person(cpf="1")]), "00617F08299329D18A"), Context())
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["message"], line["outcome"]["accepted"]) for line in lines] == [
        ("work done", True),
        ("work done", False),
    ]
    assert {line["transaction_id"] for line in lines} == {TRANSACTION}
    assert ANA not in log.getvalue()
    assert "demo.aval.example" not in log.getvalue()
