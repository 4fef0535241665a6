from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from aval.adapters.dynamodb.partitions import Partitions, TableOverloaded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ONE = {"pk": {"S": "a"}, "sk": {"S": "1"}}
TWO = {"pk": {"S": "a"}, "sk": {"S": "2"}}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    taken: list[float] = []
    monkeypatch.setattr("aval.adapters.dynamodb.partitions.time.sleep", taken.append)
    return taken


@pytest.fixture
def client() -> "DynamoDBClient":
    return boto3.client("dynamodb", region_name="sa-east-1", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture
def stub(client: "DynamoDBClient") -> Iterator[Stubber]:
    with Stubber(client) as stub:
        yield stub


def puts(*items: dict[str, Any]) -> dict[str, Any]:
    return {"table": [{"PutRequest": {"Item": item}} for item in items]}


def test_what_was_left_unwritten_is_sent_again_alone(
    client: "DynamoDBClient", stub: Stubber, pauses: list[float]
) -> None:
    stub.add_response("batch_write_item", {"UnprocessedItems": puts(TWO)}, {"RequestItems": puts(ONE, TWO)})
    stub.add_response("batch_write_item", {"UnprocessedItems": {}}, {"RequestItems": puts(TWO)})
    Partitions(client, "table").put_all([ONE, TWO])
    stub.assert_no_pending_responses()
    assert len(pauses) == 1


def test_a_table_that_never_takes_a_write_is_overloaded(
    client: "DynamoDBClient", stub: Stubber, pauses: list[float]
) -> None:
    for _ in range(10):
        stub.add_response("batch_write_item", {"UnprocessedItems": puts(ONE)}, {"RequestItems": ANY})
    with pytest.raises(TableOverloaded):
        Partitions(client, "table").put_all([ONE])
    assert pauses == sorted(pauses)


def test_what_was_left_unread_is_asked_for_again(
    client: "DynamoDBClient", stub: Stubber, pauses: list[float]
) -> None:
    left = {"table": {"Keys": [TWO]}}
    stub.add_response(
        "batch_get_item", {"Responses": {"table": [ONE]}, "UnprocessedKeys": left}, {"RequestItems": ANY}
    )
    stub.add_response(
        "batch_get_item",
        {"Responses": {"table": [TWO]}, "UnprocessedKeys": {}},
        {"RequestItems": {"table": {"Keys": [TWO], "ConsistentRead": True}}},
    )
    assert list(Partitions(client, "table").get([ONE, TWO])) == [ONE, TWO]
    assert len(pauses) == 1


def test_the_attributes_asked_for_are_asked_for_again_with_what_was_left(
    client: "DynamoDBClient", stub: Stubber, pauses: list[float]
) -> None:
    for keys, left in (([ONE, TWO], {"table": {"Keys": [TWO]}}), ([TWO], {})):
        asked = {"Keys": keys, "ConsistentRead": True, "ProjectionExpression": "pk"}
        stub.add_response(
            "batch_get_item",
            {"Responses": {"table": [{"pk": {"S": "a"}}]}, "UnprocessedKeys": left},
            {"RequestItems": {"table": asked}},
        )
    assert list(Partitions(client, "table").get([ONE, TWO], only="pk")) == [{"pk": {"S": "a"}}] * 2


def test_asking_for_nothing_asks_nobody(client: "DynamoDBClient", stub: Stubber) -> None:
    assert list(Partitions(client, "table").get([])) == []
