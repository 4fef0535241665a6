from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from aval.adapters.dynamodb_identity import DynamoDbLoginBindings
from aval.identifiers import Cpf
from aval.identity.people import LoginAlreadyBound

ANA, BRUNO = Cpf("52998224725"), Cpf("11144477735")


@pytest.fixture
def bindings() -> Iterator[DynamoDbLoginBindings]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="sa-east-1")
        client.create_table(
            TableName="identity",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoDbLoginBindings(client, "identity")


def test_an_unbound_login_is_nobody(bindings: DynamoDbLoginBindings) -> None:
    assert bindings.person_of("login") is None


def test_a_bound_login_reads_back(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    assert bindings.person_of("login") == ANA


def test_a_login_is_bound_once(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    with pytest.raises(LoginAlreadyBound):
        bindings.bind("login", BRUNO)
    assert bindings.person_of("login") == ANA


def test_a_person_is_bound_once_and_nothing_half_done_stays(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    with pytest.raises(LoginAlreadyBound):
        bindings.bind("second", ANA)
    assert bindings.person_of("second") is None
