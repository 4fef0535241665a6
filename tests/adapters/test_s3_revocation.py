from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from aval.adapters import s3_revocation
from aval.adapters.s3_revocation import S3RevocationLists, decode, encode
from aval.certificates.revocation import RevocationList, RevocationStanding, read_revocation_list
from tests.support import pki

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "confianca"
DAY = timedelta(days=1)
REVOKED = 0x5A5A


@pytest.fixture
def client() -> "Iterator[S3Client]":
    with mock_aws():
        made = boto3.client("s3", region_name="us-east-1")
        made.create_bucket(Bucket=BUCKET)
        yield made


def listed(*serials: int, days: int = 0) -> RevocationList:
    begins = pki.START - DAY + days * DAY
    content = pki.hierarchy().issuing.revoke(serials, begins=begins, lifetime=7 * DAY)
    return read_revocation_list(content, truststore=pki.truststore(), at=pki.START + days * DAY)


def lists(client: "S3Client") -> S3RevocationLists:
    return S3RevocationLists(client, BUCKET)


def test_what_was_stored_tells_the_standing(client: "S3Client") -> None:
    store = lists(client)
    certificate = pki.certificate(serial=REVOKED)
    assert store.standing(certificate, pki.START) is RevocationStanding.REVOGACAO_DESCONHECIDA
    assert store.store(listed())
    assert store.standing(certificate, pki.START) is RevocationStanding.NAO_REVOGADO
    assert store.store(listed(REVOKED, days=1))
    assert store.standing(certificate, pki.START + DAY) is RevocationStanding.REVOGADO
    assert lists(client).standing(certificate, pki.START + DAY) is RevocationStanding.REVOGADO


def test_an_older_list_or_the_same_never_replaces(client: "S3Client") -> None:
    newer, older = listed(REVOKED, days=1), listed()
    assert lists(client).store(newer)
    assert not lists(client).store(newer)
    assert not lists(client).store(older)
    standing = lists(client).standing(pki.certificate(serial=REVOKED), pki.START + DAY)
    assert standing is RevocationStanding.REVOGADO


def test_lists_of_other_keys_of_one_issuer_lie_beside_each_other(client: "S3Client") -> None:
    store = lists(client)
    assert store.store(replace(listed(), signer_key="00"))
    assert store.store(listed(REVOKED))
    assert store.standing(pki.certificate(serial=REVOKED), pki.START) is RevocationStanding.REVOGADO


class Rival(S3RevocationLists):
    """Another function stores a newer list between this one's look and its write."""

    rivals: list[RevocationList]

    def _keys(self, prefix: str) -> list[tuple[str, str]]:
        found = super()._keys(prefix)
        if self.rivals:
            assert lists(self.client).store(self.rivals.pop())
        return found


@pytest.mark.parametrize("before", [(), (0,)])
def test_who_loses_a_race_looks_again(client: "S3Client", before: tuple[int, ...]) -> None:
    for days in before:
        assert lists(client).store(listed(days=days))
    store = Rival(client, BUCKET)
    store.rivals = [listed(REVOKED, days=2)]
    assert not store.store(listed(days=1))
    standing = lists(client).standing(pki.certificate(serial=REVOKED), pki.START + 2 * DAY)
    assert standing is RevocationStanding.REVOGADO


def test_an_operators_file_is_cut_past_the_longest_list(
    client: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_revocation, "MAX_LIST_BYTES", 10)
    client.put_object(Bucket=BUCKET, Key="lcr/entrada/ac.crl", Body=b"x" * 20)
    assert lists(client).fetch_dropped("lcr/entrada/ac.crl") == b"x" * 11


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.binary(min_size=3, max_size=3), unique=True), st.lists(st.text(), max_size=2))
def test_what_is_encoded_is_decoded(records: list[bytes], scope: list[str]) -> None:
    stored = replace(listed(), width=3, serials=b"".join(sorted(records)), scope=tuple(scope))
    assert decode(encode(stored)) == stored
