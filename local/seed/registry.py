"""The demo registry and its calendar, dropped into the bucket as an operator would drop the chamber's."""

import hashlib
import json
import time
from typing import Any

from botocore.exceptions import ClientError

from aval.adapters.s3_registry import INCOMING, RESULTS
from aval.moments import SAO_PAULO, utc_now
from local.aws import Emulator
from local.places import ROOT
from local.seed import calendar

DEMO = ROOT / "local/demo"
WAIT_SECONDS = 60.0
POLL_SECONDS = 0.1


class RegistryRefused(Exception):
    """A file was dropped and not taken."""


def drop(emulator: Emulator, bucket: str) -> None:
    """Drop what the demo has to say and has not said before, and wait until it is in force.

    The calendar goes apart: a new month brings a new one, and leaves the rest of the registry alone.
    Raises `RegistryRefused` with the report.
    """
    s3 = emulator.client("s3")
    months = calendar.entries(utc_now().astimezone(SAO_PAULO).date())
    files = {file.stem: file.read_bytes() for file in sorted(DEMO.glob("*.json"))}
    files["calendario"] = json.dumps({"calendario": months}).encode()
    for name, content in files.items():
        key = _key(name, content)
        if _read(s3, bucket, _result(key)) is None:
            report = deliver(s3, bucket, key, content)
            if not report["aceito"]:
                raise RegistryRefused(json.dumps(report, ensure_ascii=False, indent=1))


def deliver(s3: Any, bucket: str, key: str, content: bytes) -> dict[str, Any]:
    """Drop one file and return the report on it. Raises `RegistryRefused` when none comes."""
    before = _read(s3, bucket, _result(key))
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        report = _read(s3, bucket, _result(key))
        if report is not None and report != before:
            return report
        time.sleep(POLL_SECONDS)
    raise RegistryRefused(
        f"{key} had no report after {WAIT_SECONDS:.0f} s: see the log of aval-load-registry"
    )


def _key(name: str, content: bytes) -> str:
    return f"{INCOMING}{name}-{hashlib.sha256(content).hexdigest()[:16]}.json"


def _result(key: str) -> str:
    return f"{RESULTS}{key.removeprefix(INCOMING)}.json"


def _read(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    try:
        with s3.get_object(Bucket=bucket, Key=key)["Body"] as body:
            document: dict[str, Any] = json.load(body)
            return document
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return None
