from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from aval.adapters.s3_truststore import S3Truststore
from aval.certificates.generation import Generation, build_generation
from aval.certificates.truststore import ICP_BRASIL_ROOTS, TruststoreRefused, certificates_in
from tests.support import pki

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "confianca"
PINS = frozenset({pki.hierarchy().root_fingerprint})


@pytest.fixture
def client() -> "Iterator[S3Client]":
    with mock_aws():
        made = boto3.client("s3", region_name="us-east-1")
        made.create_bucket(Bucket=BUCKET)
        yield made


def generation(days: int = 0) -> Generation:
    authorities = certificates_in(pki.hierarchy().truststore_pem())
    return build_generation(authorities, pins=PINS, at=pki.START + timedelta(days=days))


def source(client: "S3Client", pins: frozenset[str] = PINS) -> S3Truststore:
    return S3Truststore(client, BUCKET, pins)


def reads(client: "S3Client") -> list[str]:
    """The keys read from now on."""
    seen: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        seen.append(params["Key"])

    client.meta.events.register("provide-client-params.s3.GetObject", note)
    return seen


def test_what_was_published_is_in_force(client: "S3Client") -> None:
    source(client).publish(generation())
    assert len(source(client).current().authorities) == 5
    keys = [item["Key"] for item in client.list_objects_v2(Bucket=BUCKET)["Contents"]]
    name = generation().name
    assert keys == [f"truststore/{name}.json", f"truststore/{name}.pem", "truststore/atual.json"]


def test_while_the_pointer_stays_only_the_pointer_is_read_again(client: "S3Client") -> None:
    reader = source(client)
    reader.publish(generation())
    first, seen = reader.current(), reads(client)
    assert reader.current() is first
    assert seen == ["truststore/atual.json"]


def test_a_new_generation_is_taken_at_the_next_look(client: "S3Client") -> None:
    reader = source(client)
    reader.publish(generation())
    first = reader.current()
    reader.publish(generation(days=1))
    assert reader.current() is not first


def test_nothing_published_is_refused(client: "S3Client") -> None:
    with pytest.raises(TruststoreRefused, match="nenhum conjunto"):
        source(client).current()


def test_roots_that_this_deployment_did_not_pin_are_refused_both_ways(client: "S3Client") -> None:
    source(client).publish(generation())
    with pytest.raises(TruststoreRefused, match="raízes fixadas"):
        source(client, ICP_BRASIL_ROOTS).current()
    with pytest.raises(TruststoreRefused, match="raízes fixadas"):
        source(client, ICP_BRASIL_ROOTS).publish(generation(days=1))


def test_a_generation_changed_after_its_publication_is_refused(client: "S3Client") -> None:
    source(client).publish(generation())
    key = f"truststore/{generation().name}.pem"
    client.put_object(Bucket=BUCKET, Key=key, Body=generation().pem + b"\n")
    with pytest.raises(TruststoreRefused, match="não confere"):
        source(client).current()


@pytest.mark.parametrize("document", [b"", b"[]", b'{"geracao": "../x", "sha256": ""}'])
def test_a_pointer_that_cannot_be_read_is_refused(client: "S3Client", document: bytes) -> None:
    client.put_object(Bucket=BUCKET, Key="truststore/atual.json", Body=document)
    with pytest.raises(TruststoreRefused, match="ilegível"):
        source(client).current()
