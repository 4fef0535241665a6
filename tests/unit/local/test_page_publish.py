import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto import mock_aws

from aval.attestation.roots import AWS_ROOT
from local.page_publish import NotPublished, in_order, keeper_key, publish
from local.page_trust import trust_document

BUCKET = "page"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")):
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def key_file(folder: Path, curve: ec.EllipticCurve) -> Path:
    pem = (
        ec.generate_private_key(curve)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "keeper.pem").write_bytes(pem)
    return folder / "keeper.pem"


def test_every_file_comes_with_its_type_and_age_and_earlier_assets_stay(s3: Any, tmp_path: Path) -> None:
    s3.put_object(Bucket=BUCKET, Key="assets/old.js", Body=b"old")
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets/new.js").write_text("1")
    assert publish(s3, BUCKET, tmp_path, "{}") == 3
    names = {one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert names == {"assets/old.js", "assets/new.js", "index.html", "pagina.json"}
    heads = {name: s3.head_object(Bucket=BUCKET, Key=name) for name in names - {"assets/old.js"}}
    assert {name: (head["ContentType"], head["CacheControl"]) for name, head in heads.items()} == {
        "assets/new.js": ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        "index.html": ("text/html; charset=utf-8", "no-cache"),
        "pagina.json": ("application/json", "no-cache"),
    }


def test_the_document_that_names_the_rest_comes_last() -> None:
    names = in_order(iter(["icone.svg", "index.html", "pagina.json", "assets/b.js", "assets/a.css"]))
    assert names == ["assets/a.css", "assets/b.js", "icone.svg", "pagina.json", "index.html"]


def test_in_aws_the_page_believes_the_root_of_aws_and_the_keeper_given(tmp_path: Path) -> None:
    pem = keeper_key(key_file(tmp_path, ec.SECP384R1()))
    told = json.loads(trust_document(AWS_ROOT, pem))
    assert told == {"raiz": str(AWS_ROOT), "chaveMedidas": pem, "hardware": True}


def test_a_keeper_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="P-384"):
        keeper_key(key_file(tmp_path, ec.SECP256R1()))
    (tmp_path / "none.pem").write_text("none")
    for name in ("none.pem", "absent.pem"):
        with pytest.raises(NotPublished, match="no public key"):
            keeper_key(tmp_path / name)
