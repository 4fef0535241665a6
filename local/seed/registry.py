"""The demo registry and its calendar, dropped into the bucket as an operator would drop the chamber's."""

import json

from aval.moments import SAO_PAULO, utc_now
from local.aws import Emulator
from local.places import ROOT
from local.seed import calendar
from local.seed.drops import REGISTRY, deliver_once

DEMO = ROOT / "local/demo"


def drop(emulator: Emulator, bucket: str) -> None:
    """Drop what the demo has to say and has not said before, and wait until it is in force.

    The calendar goes apart: a new month brings a new one, and leaves the rest of the registry alone.
    Raises `DropRefused` with the report.
    """
    s3 = emulator.client("s3")
    months = calendar.entries(utc_now().astimezone(SAO_PAULO).date())
    files = {file.stem: file.read_bytes() for file in sorted(DEMO.glob("*.json"))}
    files["calendario"] = json.dumps({"calendario": months}).encode()
    for name, content in files.items():
        deliver_once(s3, bucket, REGISTRY, name, content)
