import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from unittest.mock import ANY

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from aval.adapters.s3_confidential import answers_key, eligible_key, lote_file_key, records_key
from aval.adapters.s3_lotes import S3Lotes, lote_of_file, quarantine_key
from aval.prudential.lote_files import ArrivedFile
from aval.prudential.lotes import LoteId
from aval.prudential.refusals import LoteUnknown, NothingToRead
from tests.support.lotes import LOTE, lote

BUCKET = "prudential"
KEY = lote_file_key(LOTE)


@pytest.fixture
def files() -> Iterator[S3Lotes]:
    with mock_aws():
        client = boto3.client("s3", region_name="sa-east-1", config=Config(signature_version="s3v4"))
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield S3Lotes(client, BUCKET)


def put(files: S3Lotes, content: bytes, key: str = KEY) -> str:
    return files.client.put_object(Bucket=BUCKET, Key=key, Body=content)["VersionId"]


def test_a_form_takes_one_key_one_size_and_one_content_until_it_ends(files: S3Lotes) -> None:
    form = files.form(lote(), lifetime=timedelta(minutes=5))
    checksum = base64.b64encode(bytes.fromhex(lote().identity)).decode()
    assert BUCKET in form.url
    assert dict(form.fields) == {
        "key": KEY,
        "Content-Type": "application/jose",
        "x-amz-checksum-sha256": checksum,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": ANY,
        "x-amz-date": ANY,
        "policy": ANY,
        "x-amz-signature": ANY,
    } | {name: ANY for name in form.fields if name == "x-amz-security-token"}
    conditions = json.loads(base64.b64decode(form.fields["policy"]))["conditions"]
    for condition in (
        {"key": KEY},
        {"bucket": BUCKET},
        {"Content-Type": "application/jose"},
        {"x-amz-checksum-sha256": checksum},
        ["content-length-range", 4_000, 4_000],
    ):
        assert condition in conditions


def test_a_file_that_has_not_come_is_not_there(files: S3Lotes) -> None:
    assert files.arrived(LOTE) is None
    put(files, b"abc")
    assert files.arrived(LOTE, "another-version") is None


def test_what_came_is_told_by_its_version(files: S3Lotes) -> None:
    first, second = put(files, b"abc"), put(files, b"abcdef")
    latest = files.arrived(LOTE)
    assert latest == ArrivedFile(second, 6, ANY)
    assert files.arrived(LOTE, first) == ArrivedFile(first, 3, ANY)
    assert latest.received_at.utcoffset() == timedelta(0)


def test_only_the_start_of_a_file_is_read(files: S3Lotes) -> None:
    first = put(files, b"0123456789")
    put(files, b"other")
    assert files.start_of(LOTE, first, 4) == b"0123"
    assert files.start_of(LOTE, first, 100) == b"0123456789"


def test_the_eligible_list_lies_where_the_enclaves_host_reads_it(files: S3Lotes) -> None:
    files.keep_eligible(LOTE, b'{"33047509000149":"BOLT"}')
    kept = files.client.get_object(Bucket=BUCKET, Key=eligible_key(LOTE))
    assert kept["Body"].read() == b'{"33047509000149":"BOLT"}'


def test_chunks_are_read_by_attempt_and_number(files: S3Lotes) -> None:
    put(files, b"records", records_key(LOTE, "t1", 0))
    put(files, b"answer", answers_key(LOTE, "t1", 11))
    assert files.records(LOTE, "t1", 0) == b"records"
    assert files.answer(LOTE, "t1", 11) == b"answer"


def test_an_answer_that_is_no_longer_kept_is_told(files: S3Lotes) -> None:
    with pytest.raises(NothingToRead):
        files.answer(LOTE, "t1", 0)


def test_a_rejected_file_is_kept_aside_as_the_version_that_was_taken(files: S3Lotes) -> None:
    first = put(files, b"taken")
    put(files, b"put over it")
    for _ in range(2):
        files.quarantine(LOTE, first)
    kept = files.client.get_object(Bucket=BUCKET, Key=quarantine_key(LOTE))
    assert kept["Body"].read() == b"taken"
    assert kept["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.OK


def test_a_file_that_is_gone_is_kept_aside_by_nobody(files: S3Lotes) -> None:
    files.quarantine(LOTE, "")
    assert files.client.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_a_lote_is_read_from_its_files_key() -> None:
    assert lote_of_file(KEY) == LOTE


@pytest.mark.parametrize(
    "key",
    [
        LOTE,
        f"lotes/entrada/{LOTE}.json",
        f"lotes/entrada/{LOTE.upper()}",
        f"lotes/entrada/x/{LOTE}",
        f"lotes/quarentena/{LOTE}",
        f"lotes/entrada/{LOTE}\n",
        "lotes/entrada/",
        "",
    ],
)
def test_an_object_that_no_form_put_there_is_no_lotes(key: str) -> None:
    with pytest.raises(LoteUnknown):
        lote_of_file(key)


def test_no_two_lotes_share_a_place() -> None:
    other = LoteId("0b" * 16)
    places = {make(code) for code in (LOTE, other) for make in (lote_file_key, eligible_key, quarantine_key)}
    assert len(places) == 6
