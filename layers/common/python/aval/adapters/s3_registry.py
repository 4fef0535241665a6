"""The registry's bucket: files come in under `entrada/`, their reports lie under `resultado/`."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.registry.formats import LARGEST_FILE
from aval.registry.generations import Arrival
from aval.registry.loading import DroppedFile
from aval.registry.reports import Document

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

INCOMING: Final = "entrada/"
RESULTS: Final = "resultado/"


class FileGone(Exception):
    """The object was deleted before it was read."""


@dataclass(frozen=True, slots=True)
class RegistryBucket:
    client: "S3Client"
    bucket: str

    def fetch(self, key: str, *, version_id: str | None, sequencer: str, requester: str) -> DroppedFile:
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
            content = body.read(LARGEST_FILE + 1)
        return DroppedFile(Arrival(key, sequencer, answer["LastModified"], requester), content)

    def put(self, arrival: Arrival, document: Document) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=f"{RESULTS}{arrival.key.removeprefix(INCOMING)}.json",
            Body=json.dumps(document, ensure_ascii=False, indent=1).encode(),
            ContentType="application/json; charset=utf-8",
        )
