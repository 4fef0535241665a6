"""A list dropped by an operator reaches the certificates in service, through the functions that carry it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.revocation_http import HttpRevocationFetcher
from aval.adhesion.company import Adhesion, RegisteredCertificate
from aval.adhesion.store import AdhesionWrite
from aval.certificates.revocation import RevocationStanding
from tests.support.adhesion import BOLT, START, der, hierarchy, registered
from tests.support.adhesion_api import REGION, Api, api
from tests.support.dynamodb import ADHESION_TABLE

SERIAL = 0x1234
KEY = "lcr/entrada/titulares.crl"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with api(monkeypatch) as opened:
        added = (registered(der("A", serial=SERIAL)),)
        write = AdhesionWrite(before=Adhesion(BOLT), at=START, password_hash="hash", added=added)
        store(opened).apply(write)
        yield opened


def store(people: Api) -> DynamoDbAdhesions:
    return DynamoDbAdhesions(people.dynamodb, ADHESION_TABLE)


def held(people: Api) -> RegisteredCertificate:
    (certificate,) = store(people).load(BOLT).certificates
    return certificate


def revocation_list(*serials: int) -> bytes:
    begins = START - timedelta(hours=1)
    return hierarchy().issuing.revoke(serials, begins=begins, lifetime=timedelta(days=2))


def recheck(people: Api) -> None:
    people.run("adhesion.recheck_revocations", {"em": START.isoformat()})


def dropped(content: bytes) -> dict[str, Any]:
    boto3.client("s3", region_name=REGION).put_object(Bucket="trust", Key=KEY, Body=content)
    return {"detail": {"bucket": {"name": "trust"}, "object": {"key": KEY}}}


def test_without_a_list_the_standing_is_unknown(people: Api) -> None:
    recheck(people)
    assert held(people).standing is RevocationStanding.REVOGACAO_DESCONHECIDA


def test_a_dropped_list_blocks_what_it_revokes_and_its_company_is_told(people: Api) -> None:
    people.run("adhesion.take_revocation_list", dropped(revocation_list(SERIAL)))
    recheck(people)
    recheck(people)
    assert held(people).standing is RevocationStanding.REVOGADO
    assert not store(people).stands(BOLT, held(people).fingerprint, at=START)
    (mail,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert mail.subject == "O certificado de BOLT ENERGY OPERAÇÕES LTDA. foi revogado"


def test_a_dropped_file_that_is_no_list_is_told_in_the_log(people: Api) -> None:
    people.run("adhesion.take_revocation_list", dropped(b"rubbish"))
    assert "o arquivo não é uma lista de revogados (LCR)" in people.log.getvalue()
    assert '"failed":1' in people.log.getvalue()


def test_the_lists_that_certificates_name_are_fetched(people: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetch(fetcher: HttpRevocationFetcher, url: str) -> bytes:
        assert "lcr.ac-teste.example" in fetcher.allowed_hosts
        asked.append(url)
        return revocation_list()

    monkeypatch.setattr(HttpRevocationFetcher, "fetch", fetch)
    people.run("adhesion.fetch_revocation_lists", {"em": START.isoformat()})
    recheck(people)
    assert asked == ["http://lcr.ac-teste.example/titulares.crl"]
    assert '"failed":0' in people.log.getvalue()
    assert held(people).standing is RevocationStanding.NAO_REVOGADO
