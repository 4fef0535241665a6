import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from aval.adapters.s3_publication import FOLDER, S3Publication
from aval.prudential.closing import StoredFile
from tests.support.weeks import EVENT

BUCKET = "prudential"


@pytest.fixture
def files() -> Iterator[S3Publication]:
    with mock_aws():
        client = boto3.client("s3", region_name="sa-east-1", config=Config(signature_version="s3v4"))
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield S3Publication(client, BUCKET)


def test_both_files_of_a_week_lie_under_its_code(files: S3Publication) -> None:
    as_json, as_csv = files.keep(EVENT, as_json=b"{}", as_csv=b"a;b")
    listed = files.client.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [one["Key"] for one in listed] == [f"{FOLDER}{EVENT}.csv", f"{FOLDER}{EVENT}.json"]
    assert (as_json.size, as_json.digest) == (2, hashlib.sha256(b"{}").hexdigest())
    assert (as_csv.size, as_csv.digest) == (3, hashlib.sha256(b"a;b").hexdigest())
    assert files.json_of(EVENT, as_json) == b"{}"
    assert files.csv_of(EVENT, as_csv) == b"a;b"


def test_the_files_are_handed_out_as_what_they_are_and_under_a_name(files: S3Publication) -> None:
    files.keep(EVENT, as_json=b"{}", as_csv=b"a;b")
    told = {
        name: (head["ContentType"], head["ContentDisposition"])
        for name in ("json", "csv")
        for head in [files.client.head_object(Bucket=BUCKET, Key=f"{FOLDER}{EVENT}.{name}")]
    }
    assert told == {
        "json": ("application/json", 'attachment; filename="fator-202611003.json"'),
        "csv": ("text/csv; charset=utf-8", 'attachment; filename="fator-202611003.csv"'),
    }


def test_a_version_is_read_whatever_was_put_over_it(files: S3Publication) -> None:
    as_json, as_csv = files.keep(EVENT, as_json=b"{}", as_csv=b"a;b")
    files.keep(EVENT, as_json=b"[]", as_csv=b"other")
    assert files.json_of(EVENT, as_json) == b"{}"
    assert files.csv_of(EVENT, as_csv) == b"a;b"


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_an_address_leads_to_one_version_for_five_minutes(files: S3Publication, kind: str) -> None:
    file = StoredFile("v7", 2, "ab" * 32)
    asked = {"json": files.json_address, "csv": files.csv_address}[kind]
    address = urlsplit(asked(EVENT, file))
    told = parse_qs(address.query)
    assert address.path.endswith(f"{FOLDER}{EVENT}.{kind}")
    assert (told["versionId"], told["X-Amz-Expires"]) == (["v7"], ["300"])
    assert told["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
