"""The published log of released measurements: its readers verify it, whoever hands it out."""

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.prudential.refusals import MeasurementsMissing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER: Final = "medidas/"
LOG: Final = f"{FOLDER}measurements.jsonl"


@dataclass(frozen=True, slots=True)
class S3Measurements:
    client: "S3Client"
    bucket: str

    def text(self) -> str:
        """Raise `MeasurementsMissing`."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=LOG)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise MeasurementsMissing from error
            raise
        with closing(answer["Body"]) as body:
            return body.read().decode()
