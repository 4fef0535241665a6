"""Tasks, and the store that they and the enclave's things lie in."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import boto3

from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import Task, TaskAct, TaskId
from tests.support.dynamodb import CONFIDENTIAL_TABLE, empty_confidential_table

NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVENT: Final = EventCode.parse("202611003")
COMPANY: Final = Cnpj.parse("33047509000149")
BUCKET: Final = "confidential-files"
PRUDENTIAL_BUCKET: Final = "prudential-files"


@contextmanager
def empty_vault() -> Iterator[DynamoDbVault]:
    with empty_confidential_table() as client:
        s3 = boto3.client("s3", region_name="sa-east-1")
        for bucket in (BUCKET, PRUDENTIAL_BUCKET):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
        s3.put_bucket_versioning(Bucket=PRUDENTIAL_BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield DynamoDbVault(client, CONFIDENTIAL_TABLE, s3, BUCKET, PRUDENTIAL_BUCKET)


def tasks_of(vault: DynamoDbVault) -> DynamoDbTasks:
    return DynamoDbTasks(vault.client, vault.table_name, ConfidentialObjects(vault.s3, vault.bucket))


def task(body: bytes = b"sealed", **changes: Any) -> Task:
    identity = hashlib.sha256(body).hexdigest()
    made = Task(
        id=TaskId(hashlib.sha256(identity.encode()).hexdigest()),
        act=TaskAct.DELIVER,
        event=EVENT,
        company=COMPANY,
        sender=COMPANY,
        identity=identity,
        received_at=NOW,
        received_from="system",
        body=body,
    )
    return replace(made, **changes)
