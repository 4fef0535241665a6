from collections.abc import Iterator

import pytest

from aval.adapters.dynamodb.week_items import closing_key
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.prudential.refusals import WeekContended, WeekUnknown
from aval.prudential.weeks import WeekHead
from tests.support.dynamodb import CONFIDENTIAL_TABLE, empty_confidential_table
from tests.support.weeks import EVENT, OTHER_EVENT, week_version


@pytest.fixture
def weeks() -> Iterator[DynamoDbWeeks]:
    with empty_confidential_table() as client:
        yield DynamoDbWeeks(client, CONFIDENTIAL_TABLE)


def test_a_week_that_nobody_loaded_is_unknown(weeks: DynamoDbWeeks) -> None:
    with pytest.raises(WeekUnknown):
        weeks.current(EVENT)
    with pytest.raises(WeekUnknown):
        weeks.versions(EVENT)
    assert weeks.heads() == ()
    assert weeks.parameters_of(EVENT) is None


def test_a_version_reads_back_as_it_was_added(weeks: DynamoDbWeeks) -> None:
    first = week_version()
    weeks.add(first)
    assert weeks.current(EVENT) == first
    assert weeks.versions(EVENT) == (first,)
    assert weeks.heads() == (WeekHead.of(first.parameters),)
    assert weeks.parameters_of(EVENT) == first.document


def test_the_document_that_the_enclave_is_given_says_the_digest_in_force(weeks: DynamoDbWeeks) -> None:
    weeks.add(week_version())
    weeks.add(week_version(versao=2, theta="0.1"))
    in_force = weeks.current(EVENT)
    assert in_force == week_version(versao=2, theta="0.1")
    assert weeks.parameters_of(EVENT) == in_force.document
    assert [one.parameters.version for one in weeks.versions(EVENT)] == [1, 2]


def test_ten_versions_and_more_stay_in_the_order_of_their_numbers(weeks: DynamoDbWeeks) -> None:
    for number in range(1, 12):
        weeks.add(week_version(versao=number))
    assert [one.parameters.version for one in weeks.versions(EVENT)] == list(range(1, 12))
    assert weeks.current(EVENT).parameters.version == 11


def test_the_last_week_comes_first(weeks: DynamoDbWeeks) -> None:
    for event in (EVENT, "202512001", OTHER_EVENT):
        weeks.add(week_version(evento=event))
    assert [head.event for head in weeks.heads()] == [OTHER_EVENT, EVENT, "202512001"]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_only_the_next_number_is_taken(weeks: DynamoDbWeeks, number: int) -> None:
    weeks.add(week_version())
    weeks.add(week_version(versao=2))
    before = weeks.client.scan(TableName=weeks.table_name)["Items"]
    with pytest.raises(WeekContended):
        weeks.add(week_version(versao=number, theta="0.2"))
    assert weeks.client.scan(TableName=weeks.table_name)["Items"] == before


def test_a_week_does_not_begin_with_its_second_version(weeks: DynamoDbWeeks) -> None:
    with pytest.raises(WeekContended):
        weeks.add(week_version(versao=2))
    assert weeks.heads() == ()


def test_a_week_is_closed_once_that_is_written(weeks: DynamoDbWeeks) -> None:
    weeks.add(week_version())
    assert not weeks.is_closed(EVENT)
    weeks.client.put_item(TableName=weeks.table_name, Item=closing_key(EVENT))
    assert weeks.is_closed(EVENT)
    assert weeks.closed_among([EVENT, OTHER_EVENT]) == {EVENT}
    assert weeks.closed_among([]) == frozenset()
