"""Files dropped into a bucket as an operator would drop them, each answered by its report."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from aval.adapters import s3_parameters, s3_registry

POLL_SECONDS = 0.1


class DropRefused(Exception):
    """A file was dropped and not taken."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where files of one kind are dropped, and where their reports come."""

    bucket_output: str
    """The stack's output that names the bucket."""
    incoming: str
    results: str
    loader: str
    wait_seconds: float = 60.0

    def key(self, name: str) -> str:
        return f"{self.incoming}{name}"

    def result(self, name: str) -> str:
        return f"{self.results}{name}.json"


REGISTRY: Final = Inbox("RegistryBucketName", s3_registry.INCOMING, s3_registry.RESULTS, "aval-load-registry")
PARAMETERS: Final = Inbox(
    "PrudentialBucketName", s3_parameters.INCOMING, s3_parameters.RESULTS, "aval-load-parameters"
)


def deliver(s3: Any, bucket: str, inbox: Inbox, name: str, content: bytes) -> dict[str, Any]:
    """Drop one file and return the report on it. Raises `DropRefused` when none comes."""
    before = _read(s3, bucket, inbox.result(name))
    s3.put_object(Bucket=bucket, Key=inbox.key(name), Body=content)
    deadline = time.monotonic() + inbox.wait_seconds
    while time.monotonic() < deadline:
        report = _read(s3, bucket, inbox.result(name))
        if report is not None and report != before:
            return report
        time.sleep(POLL_SECONDS)
    raise DropRefused(f"{name} had no report after {inbox.wait_seconds:.0f} s: see the log of {inbox.loader}")


def deliver_once(s3: Any, bucket: str, inbox: Inbox, stem: str, content: bytes) -> None:
    """Drop a file unless that content was dropped before. Raises `DropRefused` with the report."""
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}.json"
    if _read(s3, bucket, inbox.result(name)) is None:
        report = deliver(s3, bucket, inbox, name, content)
        if not report["aceito"]:
            raise DropRefused(json.dumps(report, ensure_ascii=False, indent=1))


def _read(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    try:
        with s3.get_object(Bucket=bucket, Key=key)["Body"] as body:
            document: dict[str, Any] = json.load(body)
            return document
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return None
