import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from aval.adapters import s3_registry
from aval.adapters.s3_drops import FileGone
from aval.adapters.s3_registry import RegistryBucket
from tests.support.registry import arrival

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY = "entrada/cadastro novo.json"


@pytest.fixture
def client() -> Iterator["S3Client"]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="registry")
        client.put_bucket_versioning(Bucket="registry", VersioningConfiguration={"Status": "Enabled"})
        yield client


def test_fetches_the_version_that_the_event_tells_of(client: "S3Client") -> None:
    first = client.put_object(Bucket="registry", Key=KEY, Body=b"first")["VersionId"]
    client.put_object(Bucket="registry", Key=KEY, Body=b"second")
    bucket = RegistryBucket(client, "registry")
    file = bucket.fetch(KEY, version_id=first, sequencer="0A", requester="111122223333")
    stored_at = client.head_object(Bucket="registry", Key=KEY, VersionId=first)["LastModified"]
    assert file.content == b"first"
    assert file.arrival == arrival(KEY, "0A", stored_at)


def test_without_a_version_fetches_what_is_there(client: "S3Client") -> None:
    client.put_object(Bucket="registry", Key=KEY, Body=b"second")
    bucket = RegistryBucket(client, "registry")
    assert bucket.fetch(KEY, version_id=None, sequencer="0A", requester="").content == b"second"


def test_a_deleted_object_is_gone(client: "S3Client") -> None:
    with pytest.raises(FileGone):
        RegistryBucket(client, "registry").fetch(KEY, version_id=None, sequencer="0A", requester="")


def test_reads_one_byte_past_the_limit_and_no_more(
    client: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_registry, "LARGEST_FILE", 10)
    client.put_object(Bucket="registry", Key=KEY, Body=b"x" * 50)
    file = RegistryBucket(client, "registry").fetch(KEY, version_id=None, sequencer="0A", requester="")
    assert len(file.content) == 11


def test_a_report_lies_under_the_files_own_name(client: "S3Client") -> None:
    RegistryBucket(client, "registry").put(arrival(KEY), {"aceito": False, "detalhe": "não"})
    answer = client.get_object(Bucket="registry", Key="resultado/cadastro novo.json.json")
    assert json.loads(answer["Body"].read()) == {"aceito": False, "detalhe": "não"}
    assert answer["ContentType"] == "application/json; charset=utf-8"
