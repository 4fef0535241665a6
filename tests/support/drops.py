"""S3 with a loader behind it that answers each dropped file with a report."""

import io
import json
from typing import Any

from botocore.exceptions import ClientError

from local.seed.drops import PARAMETERS, REGISTRY


class Bucket:
    """An empty file is refused; nothing is answered once `answers` is False."""

    def __init__(self) -> None:
        self.answers = True
        self.reports: dict[tuple[str, str], bytes] = {}
        self.dropped: list[tuple[str, str]] = []

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - boto3's names
        self.dropped.append((Bucket, Key))
        [inbox] = [one for one in (REGISTRY, PARAMETERS) if Key.startswith(one.incoming)]
        if self.answers:
            report = {"aceito": Body != b"", "sequencia": len(self.dropped)}
            name = Key.removeprefix(inbox.incoming)
            self.reports[Bucket, inbox.result(name)] = json.dumps(report).encode()

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if (Bucket, Key) not in self.reports:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.reports[Bucket, Key])}
