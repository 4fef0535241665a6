"""How imports lie in the contracts table: records, results and submissions (docs/access-patterns.md)."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.adapters.frozen_documents import reader, writer
from aval.contracts.bus import ProcessingCode, ProcessingState, RowResult
from aval.contracts.imports.store import ImportRecord, LatestSubmission, SubmissionKey
from aval.contracts.model import Author, ProfileCode
from aval.identifiers import Cnpj
from aval.moments import from_storage, to_storage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

RECORD: Final = "REGISTRO"
RESULTS_PREFIX: Final = "RESULTADO#"
OPEN: Final = "ABERTA"
_IMPORT_PREFIX: Final = "IMPORTACAO#"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def import_partition(code: ProcessingCode) -> str:
    return f"{_IMPORT_PREFIX}{code:012d}"


def record_key(code: ProcessingCode) -> Key:
    return key(import_partition(code), RECORD)


def listing_partition(company: Cnpj) -> str:
    return f"IMPORTACOES#{company}"


def listing_sk(code: ProcessingCode) -> str:
    return f"{code:012d}"


def listing_item(record: ImportRecord) -> Key:
    """Where a company finds its import: the record itself says all the rest."""
    return key(listing_partition(record.submission.author.company), listing_sk(record.code))


def submission_key(submission: SubmissionKey) -> Key:
    author = submission.author
    named = f"{author.company}#{author.profile}#{submission.digest}"
    return key(f"SUBMISSAO#{hashlib.sha256(named.encode()).hexdigest()}", "ULTIMA")


def code_in(item: Item) -> ProcessingCode:
    return ProcessingCode(int(item["pk"]["S"].removeprefix(_IMPORT_PREFIX)))


def open_sk(code: ProcessingCode, moved_at: datetime) -> str:
    return f"{to_storage(moved_at)}#{code:012d}"


def record_item(record: ImportRecord) -> Key:
    """A record that is not over."""
    author = record.submission.author
    item: Key = {
        **record_key(record.code),
        "company": {"S": author.company},
        "profile": number(author.profile),
        "digest": {"S": record.submission.digest},
        "size": number(record.size),
        "state": {"S": record.state},
        "received_at": {"S": to_storage(record.received_at)},
        "moved_at": {"S": to_storage(record.moved_at)},
        "file_version": {"S": record.file_version},
        "next_row": number(record.next_row),
        "failed_rows": number(record.failed_rows),
        "open_pk": {"S": OPEN},
        "open_sk": {"S": open_sk(record.code, record.moved_at)},
    }
    if author.person_name is not None:
        item["person_name"] = {"S": author.person_name}
    return item


def read_record(item: Item) -> ImportRecord:
    name = item.get("person_name")
    author = Author(
        Cnpj(item["company"]["S"]), ProfileCode(int(item["profile"]["N"])), name["S"] if name else None
    )
    return ImportRecord(
        code=code_in(item),
        submission=SubmissionKey(author, item["digest"]["S"]),
        state=ProcessingState(item["state"]["S"]),
        received_at=from_storage(item["received_at"]["S"]),
        moved_at=from_storage(item["moved_at"]["S"]),
        size=int(item["size"]["N"]),
        file_version=item["file_version"]["S"],
        total_rows=int(item["total_rows"]["N"]) if "total_rows" in item else None,
        next_row=int(item["next_row"]["N"]),
        failed_rows=int(item["failed_rows"]["N"]),
    )


def submission_item(record: ImportRecord) -> Key:
    return {
        **submission_key(record.submission),
        "processing": number(record.code),
        "in_flight": {"BOOL": True},
    }


def read_submission(item: Item) -> LatestSubmission:
    ended = item.get("ended_at")
    return LatestSubmission(
        ProcessingCode(int(item["processing"]["N"])),
        bool(item["in_flight"]["BOOL"]),
        _EPOCH + timedelta(microseconds=int(ended["N"])) if ended else None,
    )


def instant(moment: datetime) -> "AttributeValueTypeDef":
    """To the microsecond: what ended and what arrived may be closer than stored moments tell."""
    return number((moment - _EPOCH) // timedelta(microseconds=1))


def results_sk(first_row: int) -> str:
    return f"{RESULTS_PREFIX}{first_row:09d}"


def results_item(code: ProcessingCode, results: Sequence[RowResult]) -> Key:
    document = list(map(writer(RowResult), results))
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return {
        **key(import_partition(code), results_sk(results[0].row)),
        "results": {"B": zlib.compress(text.encode())},
    }


def read_results(item: Item) -> list[RowResult]:
    return list(map(reader(RowResult), json.loads(zlib.decompress(bytes(item["results"]["B"])))))
