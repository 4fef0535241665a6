import base64
import json
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from aval.adapters.s3_imports import KeyUnknown, S3Imports, code_of, key_of
from aval.contracts.bus import ProcessingCode
from aval.contracts.imports.store import FileMissing

BUCKET = "contracts"
CODE = ProcessingCode(12)


@pytest.fixture
def files() -> Iterator[S3Imports]:
    with mock_aws():
        client = boto3.client("s3", region_name="sa-east-1", config=Config(signature_version="s3v4"))
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield S3Imports(client, BUCKET)


def test_a_kept_file_reads_back_in_pieces_and_names_its_version(files: S3Imports) -> None:
    version = files.keep(CODE, b"0123456789")
    with files.open(CODE) as file:
        assert file.version == version
        assert (file.read(4), file.read(), file.read(4)) == (b"0123", b"456789", b"")


def test_a_version_is_read_whatever_was_put_over_it(files: S3Imports) -> None:
    version = files.keep(CODE, b"first")
    files.keep(CODE, b"second")
    with files.open(CODE, version) as file:
        assert file.read() == b"first"
    with files.open(CODE) as file:
        assert file.read() == b"second"


def test_a_file_that_is_not_there_is_missing(files: S3Imports) -> None:
    with pytest.raises(FileMissing), files.open(CODE):
        pass


def test_a_form_takes_one_key_one_size_and_one_type_until_it_ends(files: S3Imports) -> None:
    form = files.form(CODE, size=1234, lifetime=timedelta(hours=1))
    assert BUCKET in form.url
    assert form.fields["key"] == "importacoes/12.xml"
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    assert ["content-length-range", 1234, 1234] in policy["conditions"]
    assert {"key": "importacoes/12.xml"} in policy["conditions"]
    assert {"bucket": BUCKET} in policy["conditions"]
    assert {"Content-Type": "application/xml"} in policy["conditions"]


def test_a_code_is_read_from_its_key() -> None:
    assert code_of(key_of(CODE)) == CODE


@pytest.mark.parametrize(
    "key",
    [
        "12.xml",
        "importacoes/12",
        "importacoes/012.xml",
        "importacoes/x.xml",
        "importacoes/²",
        "importacoes/.xml",
    ],
)
def test_a_key_of_no_processing_is_refused(key: str) -> None:
    with pytest.raises(KeyUnknown):
        code_of(key)
