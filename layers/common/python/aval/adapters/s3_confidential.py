"""What is too large for a row: sealed objects of the confidential bucket, named by what they are."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aval.prudential.vault import StoredRecord

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

    from aval.identifiers import EventCode
    from aval.prudential.lotes import LoteId
    from aval.prudential.tasks import TaskId

TASKS: Final = "tarefas/"
RECORDS: Final = "registros/"
JOURNALS: Final = "diarios/"
LOTE_FILES: Final = "lotes/entrada/"
LOTE_WORK: Final = "lotes/trabalho/"


@dataclass(frozen=True, slots=True)
class ConfidentialObjects:
    client: "S3Client"
    bucket: str

    def keep(self, key: str, sealed: bytes) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=sealed, ContentType="application/octet-stream"
        )

    def fetch(self, key: str) -> bytes:
        return self._read(self.client.get_object(Bucket=self.bucket, Key=key))

    def fetch_version(self, key: str, version: str) -> bytes:
        """One version, whatever was written over it since."""
        return self._read(self.client.get_object(Bucket=self.bucket, Key=key, VersionId=version))

    def _read(self, answer: "GetObjectOutputTypeDef") -> bytes:
        with closing(answer["Body"]) as body:
            return body.read()


def body_key(code: "TaskId") -> str:
    """A task's code is made of its body's identity: the same body lies at the same place."""
    return f"{TASKS}{code}/corpo"


def answer_key(code: "TaskId", sealed: bytes) -> str:
    return f"{TASKS}{code}/{_digest(sealed)}"


def record_key(record: StoredRecord) -> str:
    """Named by its ciphertext too: two enclaves may write one version, and the table takes one of them."""
    place = f"{record.event}/{record.company}/{record.kind}/{record.version:06d}"
    return f"{RECORDS}{place}/{_digest(record.sealed)}"


def entry_key(event: "EventCode", counter: int, sealed: bytes) -> str:
    """Named by its ciphertext too, as records are: the table takes one of two."""
    return f"{JOURNALS}{event}/{counter:012d}/{_digest(sealed)}"


def lote_file_key(code: "LoteId") -> str:
    """In the prudential bucket, as whatever follows is: the one key that a lote's form takes."""
    return f"{LOTE_FILES}{code}"


def eligible_key(code: "LoteId") -> str:
    """The list of who was eligible when the file came: JSON, sigla by CNPJ."""
    return f"{LOTE_WORK}{code}/elegiveis.json"


def answers_key(code: "LoteId", attempt: str, number: int) -> str:
    """A chunk's sealed answer; `attempt` is `LoteOutcome.attempt`, and numbers begin at 0."""
    return f"{LOTE_WORK}{code}/{attempt}/{number:03d}.respostas"


def records_key(code: "LoteId", attempt: str, number: int) -> str:
    """A chunk's records and states: CBOR (docs/monitoring.md, section Messages)."""
    return f"{LOTE_WORK}{code}/{attempt}/{number:03d}.registros"


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()
