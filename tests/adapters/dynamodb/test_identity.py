from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from aval.identifiers import Cpf
from aval.identity.people import LoginAlreadyBound
from tests.support.dynamodb import TABLE, empty_table

ANA, BRUNO = Cpf("52998224725"), Cpf("11144477735")


@pytest.fixture
def bindings() -> Iterator[DynamoDbLoginBindings]:
    with empty_table() as client:
        yield DynamoDbLoginBindings(client, TABLE)


def test_an_unbound_login_is_nobody(bindings: DynamoDbLoginBindings) -> None:
    assert bindings.person_of("login") is None


def test_a_bound_login_reads_back(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    assert bindings.person_of("login") == ANA


def test_a_person_who_is_bound_to_no_login_has_none(bindings: DynamoDbLoginBindings) -> None:
    assert bindings.login_of(ANA) is None


def test_a_persons_login_reads_back(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    assert bindings.login_of(ANA) == "login"


def test_a_login_is_bound_once(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    with pytest.raises(LoginAlreadyBound):
        bindings.bind("login", BRUNO)
    assert bindings.person_of("login") == ANA


def test_a_refusal_for_another_reason_is_no_binding(bindings: DynamoDbLoginBindings) -> None:
    with Stubber(bindings.client) as stub:
        stub.add_client_error(
            "transact_write_items",
            service_error_code="TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": "ThrottlingError"}]},
        )
        with pytest.raises(ClientError):
            bindings.bind("login", ANA)


def test_a_person_is_bound_once_and_nothing_half_done_stays(bindings: DynamoDbLoginBindings) -> None:
    bindings.bind("login", ANA)
    with pytest.raises(LoginAlreadyBound):
        bindings.bind("second", ANA)
    assert bindings.person_of("second") is None
