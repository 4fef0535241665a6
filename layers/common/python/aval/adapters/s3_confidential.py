"""What is too large for a row: sealed objects of the confidential bucket, named by what they are."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aval.prudential.vault import StoredRecord

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from aval.prudential.tasks import TaskId

TASKS: Final = "tarefas/"
RECORDS: Final = "registros/"


@dataclass(frozen=True, slots=True)
class ConfidentialObjects:
    client: "S3Client"
    bucket: str

    def keep(self, key: str, sealed: bytes) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=sealed, ContentType="application/octet-stream"
        )

    def fetch(self, key: str) -> bytes:
        answer = self.client.get_object(Bucket=self.bucket, Key=key)
        with closing(answer["Body"]) as body:
            return body.read()


def body_key(code: "TaskId") -> str:
    """A task's code is made of its body's identity: the same body lies at the same place."""
    return f"{TASKS}{code}/corpo"


def answer_key(code: "TaskId", sealed: bytes) -> str:
    return f"{TASKS}{code}/{_digest(sealed)}"


def record_key(record: StoredRecord) -> str:
    """Named by its ciphertext too: two enclaves may write one version, and the table takes one of them."""
    place = f"{record.event}/{record.company}/{record.kind}/{record.version:06d}"
    return f"{RECORDS}{place}/{_digest(record.sealed)}"


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()
