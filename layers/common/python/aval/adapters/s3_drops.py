"""Files that an operator drops into a bucket, and the reports that are left beside them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from aval.registry.generations import Arrival
from aval.registry.loading import DroppedFile
from aval.registry.reports import Document

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef


class FileGone(Exception):
    """The object was deleted before it was read."""


@dataclass(frozen=True, slots=True)
class DropBucket:
    """Files come in under `incoming`; the report on each lies under `results`, by the same name."""

    client: "S3Client"
    bucket: str
    incoming: str
    results: str

    def fetch(
        self, key: str, *, version_id: str | None, sequencer: str, requester: str, largest: int
    ) -> DroppedFile:
        """The object that an event tells of, cut one byte past the largest file; raise `FileGone`."""
        request: GetObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        if version_id:
            request["VersionId"] = version_id
        try:
            answer = self.client.get_object(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "NoSuchVersion"}:
                raise FileGone from error
            raise
        with answer["Body"] as body:
            content = body.read(largest + 1)
        return DroppedFile(Arrival(key, sequencer, answer["LastModified"], requester), content)

    def put(self, arrival: Arrival, document: Document) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=self._report_key(arrival),
            Body=json.dumps(document, ensure_ascii=False, indent=1).encode(),
            ContentType="application/json; charset=utf-8",
        )

    def report_on(self, arrival: Arrival) -> Document | None:
        """What lies there for the file's name, of this arrival or of another."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._report_key(arrival))
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        with answer["Body"] as body:
            document: Document = json.loads(body.read())
        return document

    def _report_key(self, arrival: Arrival) -> str:
        return f"{self.results}{arrival.key.removeprefix(self.incoming)}.json"
