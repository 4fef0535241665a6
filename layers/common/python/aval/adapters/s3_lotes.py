"""A lote's file and what is made of it, in the prudential bucket: all of it ciphertext or public."""

import base64
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.adapters.s3_confidential import (
    LOTE_FILES,
    ConfidentialObjects,
    answers_key,
    eligible_key,
    lote_file_key,
    records_key,
)
from aval.identifiers import IdentifierInvalid
from aval.prudential.lote_files import ArrivedFile, LoteForm
from aval.prudential.lotes import Lote, LoteId
from aval.prudential.refusals import LoteUnknown, NothingToRead

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef, HeadObjectRequestTypeDef

QUARANTINE: Final = "lotes/quarentena/"
_TYPE: Final = "application/jose"
_ABSENT: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion"})


@dataclass(frozen=True, slots=True)
class S3Lotes:
    client: "S3Client"
    bucket: str

    def form(self, lote: Lote, *, lifetime: timedelta) -> LoteForm:
        exactly = {
            "Content-Type": _TYPE,
            # S3 computes it of what comes and refuses anything else.
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(lote.identity)).decode(),
        }
        form = self.client.generate_presigned_post(
            Bucket=self.bucket,
            Key=lote_file_key(lote.id),
            Fields=dict(exactly),
            Conditions=[
                *({name: value} for name, value in exactly.items()),
                ["content-length-range", lote.size, lote.size],
            ],
            ExpiresIn=int(lifetime.total_seconds()),
        )
        return LoteForm(form["url"], form["fields"])

    def arrived(self, code: LoteId, version: str = "") -> ArrivedFile | None:
        request: HeadObjectRequestTypeDef = {"Bucket": self.bucket, "Key": lote_file_key(code)}
        if version:
            request["VersionId"] = version
        try:
            answer = self.client.head_object(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return ArrivedFile(answer["VersionId"], answer["ContentLength"], answer["LastModified"])

    def start_of(self, code: LoteId, version: str, size: int) -> bytes:
        answer = self.client.get_object(
            Bucket=self.bucket, Key=lote_file_key(code), VersionId=version, Range=f"bytes=0-{size - 1}"
        )
        with closing(answer["Body"]) as body:
            return body.read()

    def keep_eligible(self, code: LoteId, content: bytes) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=eligible_key(code), Body=content, ContentType="application/json"
        )

    def records(self, code: LoteId, attempt: str, number: int) -> bytes:
        return ConfidentialObjects(self.client, self.bucket).fetch(records_key(code, attempt, number))

    def answer(self, code: LoteId, attempt: str, number: int) -> bytes:
        try:
            return ConfidentialObjects(self.client, self.bucket).fetch(answers_key(code, attempt, number))
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                raise NothingToRead(
                    "esta resposta não é mais guardada; leia os dados de cada agente"
                ) from error
            raise

    def quarantine(self, code: LoteId, version: str) -> None:
        source: CopySourceTypeDef = {"Bucket": self.bucket, "Key": lote_file_key(code)}
        if version:
            source["VersionId"] = version
        try:
            self.client.copy_object(Bucket=self.bucket, Key=quarantine_key(code), CopySource=source)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ABSENT:
                raise


def quarantine_key(code: LoteId) -> str:
    return f"{QUARANTINE}{code}"


def lote_of_file(key: str) -> LoteId:
    """Raise `LoteUnknown` for an object that no lote's form put there."""
    try:
        code = LoteId.parse(key.removeprefix(LOTE_FILES))
    except IdentifierInvalid as error:
        raise LoteUnknown from error
    if key != lote_file_key(code):
        raise LoteUnknown
    return code
