from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adhesion.company import Adhesion
from aval.adhesion.store import AdhesionWrite
from tests.support.adhesion import BOLT, START, der, registered
from tests.support.adhesion_api import REGION, Api, api
from tests.support.dynamodb import ADHESION_TABLE


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with api(monkeypatch) as opened:
        yield opened


def subjects() -> list[str]:
    return [mail.subject for mail in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]


def enrol(people: Api, content: bytes) -> None:
    added = (registered(content),)
    write = AdhesionWrite(before=Adhesion(BOLT), at=START, password_hash="hash", added=added)
    DynamoDbAdhesions(people.dynamodb, ADHESION_TABLE).apply(write)


def test_a_run_tells_at_the_moment_given_and_a_second_run_finds_nothing(people: Api) -> None:
    enrol(people, der(lifetime=timedelta(days=41)))
    for moment in ("2026-08-20T08:00:00-03:00", "2026-08-20T08:00:00", "2026-09-13T08:00:00-03:00"):
        people.run("notices.send_expiry_notices", {"em": moment})
    name = "O certificado de BOLT ENERGY OPERAÇÕES LTDA."
    assert subjects() == [f"{name} vence em 23 dias", f"{name} venceu e foi excluído"]
    assert DynamoDbAdhesions(people.dynamodb, ADHESION_TABLE).load(BOLT).certificates == ()


def test_the_log_tells_numbers_and_no_people(people: Api) -> None:
    enrol(people, der(lifetime=timedelta(days=41)))
    people.run("notices.send_expiry_notices", {"em": "2026-08-20T08:00:00-03:00"})
    logged = people.log.getvalue()
    assert '"mails":1' in logged
    assert "ana@" not in logged
