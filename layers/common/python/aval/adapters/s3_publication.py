"""Published lists in the prudential bucket, read by the version that the closing names."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aval.identifiers import EventCode
from aval.prudential.closing import StoredFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER: Final = "publicacao/"
JSON_TYPE: Final = "application/json"
CSV_TYPE: Final = "text/csv; charset=utf-8"
ADDRESS_LASTS: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class S3Publication:
    client: "S3Client"
    bucket: str

    def keep(self, event: EventCode, *, as_json: bytes, as_csv: bytes) -> tuple[StoredFile, StoredFile]:
        return self._put(_json_key(event), as_json, JSON_TYPE), self._put(_csv_key(event), as_csv, CSV_TYPE)

    def json_of(self, event: EventCode, file: StoredFile) -> bytes:
        return self._get(_json_key(event), file)

    def csv_of(self, event: EventCode, file: StoredFile) -> bytes:
        return self._get(_csv_key(event), file)

    def json_address(self, event: EventCode, file: StoredFile) -> str:
        return self._address(_json_key(event), file)

    def csv_address(self, event: EventCode, file: StoredFile) -> str:
        return self._address(_csv_key(event), file)

    def _put(self, key: str, content: bytes, media_type: str) -> StoredFile:
        name = key.removeprefix(FOLDER)
        answer = self.client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=content,
            ContentType=media_type,
            ContentDisposition=f'attachment; filename="fator-{name}"',
        )
        return StoredFile(answer["VersionId"], len(content), hashlib.sha256(content).hexdigest())

    def _get(self, key: str, file: StoredFile) -> bytes:
        answer = self.client.get_object(Bucket=self.bucket, Key=key, VersionId=file.version)
        with closing(answer["Body"]) as body:
            return body.read()

    def _address(self, key: str, file: StoredFile) -> str:
        return self.client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self.bucket, "Key": key, "VersionId": file.version},
            ExpiresIn=int(ADDRESS_LASTS.total_seconds()),
        )


def _json_key(event: EventCode) -> str:
    return f"{FOLDER}{event}.json"


def _csv_key(event: EventCode) -> str:
    return f"{FOLDER}{event}.csv"
