"""The handlers before a table and a bucket of their own; who may is of a registry in memory."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

import pytest

from aval.adapters import aws, week_desks
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.edge.logs import logger
from aval.prudential.coverage import Coverage
from aval.prudential.standing import Standing
from aval.settings import Variable
from tests.support.confidential import BUCKET, NOW, PRUDENTIAL_BUCKET, empty_vault
from tests.support.contract_api import Answer, directory
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.gateway import Context, event
from tests.support.monitored import MonitoredRegistry
from tests.support.prudential import key_item
from tests.support.registry import ANA, BOLT

MACHINE = "arn:aws:states:sa-east-1:000000000000:stateMachine:aval-task"
OPERATIONS = (
    "fail_task",
    "fail_undelivered",
    "issue_key",
    "list_agents",
    "list_weeks",
    "load_parameters",
    "make_portfolio_template",
    "read_factor",
    "read_receipt",
    "read_agent",
    "read_task",
    "read_week",
    "restart_tasks",
    "serve_measurements",
    "serve_model",
    "submit_act",
    "submit_rehearsal",
    "try_without_attestation",
)


@dataclass
class Cloud:
    """What the functions call beside table and bucket, answering as told and noting what it was told."""

    refusals: dict[str, Exception] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=lambda: {"put_events": {"FailedEntryCount": 0}})

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**given: Any) -> Any:
            self.calls.append((name, given))
            if name in self.refusals:
                raise self.refusals[name]
            return self.answers.get(name, {})

        return call

    def get_paginator(self, name: str) -> Any:
        assert name == "list_executions"
        return self

    def paginate(self, **given: Any) -> list[dict[str, Any]]:
        self.calls.append(("list_executions", given))
        return [{"executions": [{"name": name} for name in self.running]}]

    def told(self, name: str) -> list[dict[str, Any]]:
        return [given for called, given in self.calls if called == name]


@dataclass
class Doors:
    vault: DynamoDbVault
    cloud: Cloud
    log: io.StringIO = field(default_factory=io.StringIO)

    def as_person(self, operation: str, method: str, path: str, *, cpf: str = ANA, **told: Any) -> Answer:
        caller = {"kind": "person", "subject": "sub", "person": cpf, "thumbprint": ""}
        return self._call(operation, event(method, path, caller=caller, **told))

    def as_system(self, operation: str, method: str, path: str, *, cnpj: str = BOLT, **told: Any) -> Answer:
        caller = {"kind": "system", "subject": cnpj, "person": "", "thumbprint": "0f" * 32}
        return self._call(operation, event(method, path, caller=caller, **told))

    def job(self, operation: str, given: dict[str, Any]) -> Any:
        return _module(operation).handler(given, cast("Any", Context()))

    def _call(self, operation: str, given: dict[str, Any]) -> Answer:
        answer = _module(operation).handler(given, cast("Any", Context()))
        told = answer["body"]
        is_json = (
            "json" in answer["headers"]["Content-Type"] and "jsonl" not in answer["headers"]["Content-Type"]
        )
        return Answer(answer["statusCode"], answer["headers"], json.loads(told) if is_json else told)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    for variable, value in (
        (Variable.CONFIDENTIAL_TABLE, CONFIDENTIAL_TABLE),
        (Variable.CONFIDENTIAL_BUCKET, BUCKET),
        (Variable.PRUDENTIAL_BUCKET, PRUDENTIAL_BUCKET),
        (Variable.EVENT_BUS, "aval"),
        (Variable.REGISTRY_TABLE, "registry"),
        (Variable.TRUST_BUCKET, "trust"),
        (Variable.TASK_MACHINE, MACHINE),
        (Variable.KEY_QUEUE_URL, "https://sqs.example/keys"),
        (Variable.CONFIDENTIAL_KEY_ARN, "arn:aws:kms:sa-east-1:000000000000:key/mrk-1"),
        (Variable.ALARM_TOPIC, "arn:aws:sns:sa-east-1:000000000000:alarms"),
    ):
        monkeypatch.setenv(variable, value)
    cloud = Cloud()
    with empty_vault() as vault:
        vault.s3.create_bucket(Bucket="trust", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
        vault.add_key_item(1, key_item().to_bytes())
        for name, client in (
            ("dynamodb", vault.client),
            ("s3", vault.s3),
            *((name, cloud) for name in ("states", "sqs", "kms", "sns", "events")),
        ):
            monkeypatch.setattr(aws, name, _giving(client))
        monkeypatch.setattr(week_desks, "coverage", lambda _: Coverage(MonitoredRegistry()))
        for operation in OPERATIONS:
            module = _module(operation)
            if hasattr(module, "_standing"):
                monkeypatch.setattr(module, "_standing", lambda: Standing(directory()))
            if hasattr(module, "_coverage"):
                monkeypatch.setattr(module, "_coverage", lambda: Coverage(MonitoredRegistry()))
            if hasattr(module, "utc_now"):
                monkeypatch.setattr(module, "utc_now", lambda: NOW)
            _forget(module)
        made = Doors(vault, cloud)
        monkeypatch.setattr(logger.registered_handler, "stream", made.log)
        yield made
        for operation in OPERATIONS:
            _forget(_module(operation))


def _module(operation: str) -> Any:
    return import_module(f"lambdas.prudential.{operation}")


def _forget(module: Any) -> None:
    for made in vars(module).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()


def _giving(client: Any) -> Callable[[], Any]:
    return lambda: client
