from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from aval.adapters.dynamodb.access_asked import DynamoDbAccessAsked
from aval.adapters.dynamodb.attributes import key
from aval.identifiers import Cpf
from tests.support.dynamodb import TABLE, empty_table

ANA, BRUNO = Cpf("52998224725"), Cpf("11144477735")
NOW = datetime(2026, 11, 20, 12, 59, 59, tzinfo=UTC)


@pytest.fixture
def asked() -> Iterator[DynamoDbAccessAsked]:
    with empty_table() as client:
        yield DynamoDbAccessAsked(client, TABLE)


def test_counts_up_to_the_limit_of_an_hour(asked: DynamoDbAccessAsked) -> None:
    assert [asked.count(ANA, at=NOW, most=2) for _ in range(3)] == [True, True, False]


def test_the_next_hour_and_the_next_person_begin_anew(asked: DynamoDbAccessAsked) -> None:
    assert asked.count(ANA, at=NOW, most=1)
    assert not asked.count(ANA, at=NOW, most=1)
    assert asked.count(ANA, at=NOW + timedelta(seconds=1), most=1)
    assert asked.count(BRUNO, at=NOW, most=1)


def test_a_count_is_forgotten_after_its_hour_and_not_before(asked: DynamoDbAccessAsked) -> None:
    asked.count(ANA, at=NOW, most=1)
    found = asked.client.get_item(TableName=TABLE, Key=key(f"PESSOA#{ANA}", "ACESSO#2026-11-20T12"))["Item"]
    assert datetime.fromtimestamp(int(found["ttl"]["N"]), UTC) == datetime(2026, 11, 20, 14, tzinfo=UTC)
