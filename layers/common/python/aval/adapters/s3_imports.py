"""Files of imports in the contracts bucket: written by us, or sent by a form that takes one size alone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from aval.contracts.bus import ProcessingCode
from aval.contracts.imports.store import FileMissing, ImportFile, UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

INCOMING: Final = "importacoes/"
_SUFFIX: Final = ".xml"
_TYPE: Final = "application/xml"


class KeyUnknown(Exception):
    """An object under `importacoes/` that is named after no processing."""


@dataclass(frozen=True, slots=True)
class S3Imports:
    client: "S3Client"
    bucket: str

    def keep(self, code: ProcessingCode, content: bytes) -> str:
        answer = self.client.put_object(Bucket=self.bucket, Key=key_of(code), Body=content, ContentType=_TYPE)
        return answer["VersionId"]

    def form(self, code: ProcessingCode, *, size: int, lifetime: timedelta) -> UploadForm:
        form = self.client.generate_presigned_post(
            Bucket=self.bucket,
            Key=key_of(code),
            Fields={"Content-Type": _TYPE},
            Conditions=[{"Content-Type": _TYPE}, ["content-length-range", size, size]],
            ExpiresIn=int(lifetime.total_seconds()),
        )
        return UploadForm(form["url"], form["fields"])

    @contextmanager
    def open(self, code: ProcessingCode, version: str = "") -> Iterator[ImportFile]:
        request: GetObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key_of(code)}
        if version:
            request["VersionId"] = version
        try:
            answer = self.client.get_object(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "NoSuchVersion"}:
                raise FileMissing from error
            raise
        with closing(answer["Body"]) as body:
            yield _Stored(answer["VersionId"], body)


@dataclass(frozen=True, slots=True)
class _Stored:
    version: str
    _body: Any

    def read(self, size: int = -1, /) -> bytes:
        piece: bytes = self._body.read(None if size < 0 else size)
        return piece


def key_of(code: ProcessingCode) -> str:
    return f"{INCOMING}{code}{_SUFFIX}"


def code_of(key: str) -> ProcessingCode:
    """Raise `KeyUnknown` for an object that no import put there."""
    name = key.removeprefix(INCOMING).removesuffix(_SUFFIX)
    if not (name.isascii() and name.isdigit() and key == key_of(ProcessingCode(int(name)))):
        raise KeyUnknown(key)
    return ProcessingCode(int(name))
