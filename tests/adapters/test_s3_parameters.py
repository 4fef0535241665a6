import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from aval.adapters import s3_parameters
from aval.adapters.s3_drops import FileGone
from aval.adapters.s3_parameters import ParametersBucket
from tests.support.registry import arrival

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY = "parametros/semana 3.json"


@pytest.fixture
def client() -> Iterator["S3Client"]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="prudential")
        client.put_bucket_versioning(Bucket="prudential", VersioningConfiguration={"Status": "Enabled"})
        yield client


@pytest.fixture
def bucket(client: "S3Client") -> ParametersBucket:
    return ParametersBucket(client, "prudential")


def report(client: "S3Client") -> Any:
    answer = client.get_object(Bucket="prudential", Key="parametros-resultado/semana 3.json.json")
    return json.loads(answer["Body"].read())


def test_fetches_the_version_that_the_event_tells_of(client: "S3Client", bucket: ParametersBucket) -> None:
    first = client.put_object(Bucket="prudential", Key=KEY, Body=b"first")["VersionId"]
    client.put_object(Bucket="prudential", Key=KEY, Body=b"second")
    file = bucket.fetch(KEY, version_id=first, sequencer="0A", requester="111122223333")
    stored_at = client.head_object(Bucket="prudential", Key=KEY, VersionId=first)["LastModified"]
    assert (file.content, file.arrival) == (b"first", arrival(KEY, "0A", stored_at))


def test_a_deleted_object_is_gone(bucket: ParametersBucket) -> None:
    with pytest.raises(FileGone):
        bucket.fetch(KEY, version_id=None, sequencer="0A", requester="")


def test_reads_one_byte_past_the_limit_and_no_more(
    client: "S3Client", bucket: ParametersBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_parameters, "LARGEST_FILE", 10)
    client.put_object(Bucket="prudential", Key=KEY, Body=b"x" * 50)
    assert len(bucket.fetch(KEY, version_id=None, sequencer="0A", requester="").content) == 11


def test_a_report_lies_under_the_files_own_name(client: "S3Client", bucket: ParametersBucket) -> None:
    bucket.put(arrival(KEY), {"aceito": False, "sequencia": "01"})
    assert report(client) == {"aceito": False, "sequencia": "01"}


@pytest.mark.parametrize(("sequencer", "stays"), [("0A", True), ("0B", False), ("0C", False)])
def test_the_last_word_belongs_to_the_last_arrival_of_a_name(
    client: "S3Client", bucket: ParametersBucket, sequencer: str, *, stays: bool
) -> None:
    bucket.put(arrival(KEY, "0B"), {"aceito": True, "sequencia": "0B"})
    bucket.put(arrival(KEY, sequencer), {"aceito": False, "sequencia": sequencer})
    assert report(client)["aceito"] is stays
