from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adhesion.company import Adhesion
from aval.adhesion.store import AdhesionWrite
from tests.support.adhesion import BOLT, START
from tests.support.adhesion_api import REGION, Api, api
from tests.support.dynamodb import ADHESION_TABLE


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with api(monkeypatch) as opened:
        yield opened


def test_an_event_that_comes_twice_is_told_once(people: Api) -> None:
    write = AdhesionWrite(before=Adhesion(BOLT), at=START, password_hash="hash")
    store = DynamoDbAdhesions(people.dynamodb, ADHESION_TABLE)
    store.apply(write)
    store.apply(replace(write, before=write.after, password_hash=None, locks=True))
    for _ in range(2):
        people.run("notices.send_lock_notice", {"detail": {"cnpj": BOLT}})
    (mail,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert mail.subject == "O acesso de BOLT ENERGY OPERAÇÕES LTDA. foi bloqueado"
