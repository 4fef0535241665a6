"""Reader lists in the table: one number each, read from the last certificate's on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from aval.adapters.dynamodb.reader_lists import DynamoDbReaderLists
from aval.prudential.reader_lists import KeptList
from aval.prudential.refusals import ReaderListContended
from tests.support.dynamodb import CONFIDENTIAL_TABLE, empty_confidential_table
from tests.support.sealing import AT, COMPANY, OTHER_COMPANY


def kept(number: int = 1, **changes: Any) -> KeptList:
    return replace(KeptList(number, f"assinada.{number}", False, AT, "person:sub"), **changes)


@pytest.fixture
def lists() -> Iterator[DynamoDbReaderLists]:
    with empty_confidential_table() as client:
        yield DynamoDbReaderLists(client, CONFIDENTIAL_TABLE)


def test_a_company_without_lists_has_none(lists: DynamoDbReaderLists) -> None:
    lists.add(OTHER_COMPANY, kept())
    assert lists.latest(COMPANY) == ()
    assert lists.authorisations(COMPANY) == ()


def test_lists_are_read_from_the_last_certificates_on_oldest_first(lists: DynamoDbReaderLists) -> None:
    brought = [kept(number, by_certificate=number in {1, 3}) for number in range(1, 6)]
    for one in brought:
        lists.add(COMPANY, one)
    assert lists.latest(COMPANY) == tuple(brought[2:])
    assert lists.authorisations(COMPANY) == ("assinada.3", "assinada.4", "assinada.5")


def test_a_number_is_taken_once(lists: DynamoDbReaderLists) -> None:
    lists.add(COMPANY, kept(by_certificate=True))
    with pytest.raises(ReaderListContended):
        lists.add(COMPANY, kept(signed="outra"))
    assert lists.latest(COMPANY) == (kept(by_certificate=True),)


def test_more_lists_than_a_page_are_all_read(lists: DynamoDbReaderLists) -> None:
    for number in range(1, 43):
        lists.add(COMPANY, kept(number, by_certificate=number == 1))
    assert [one.number for one in lists.latest(COMPANY)] == list(range(1, 43))
