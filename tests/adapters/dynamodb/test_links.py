from collections.abc import Iterator
from datetime import timedelta

import pytest

from aval.adapters.dynamodb.links import DynamoDbLinks
from aval.prudential.links import PublicAddress
from tests.support.dynamodb import TABLE, empty_table
from tests.support.monitored import AURORA, BOLT
from tests.support.publication import link
from tests.support.weeks import NOW

OTHER = PublicAddress("https://ri.empresa.com.br/")


@pytest.fixture
def links() -> Iterator[DynamoDbLinks]:
    with empty_table() as client:
        yield DynamoDbLinks(client, TABLE)


def test_a_company_that_registered_nothing_has_nothing(links: DynamoDbLinks) -> None:
    assert (links.of(BOLT), links.history(BOLT), links.all()) == (None, (), {})


def test_the_last_address_is_in_force_and_each_before_it_is_kept(links: DynamoDbLinks) -> None:
    first = link()
    second = link(number=2, address=OTHER, at=NOW + timedelta(days=1), by=f"system:{BOLT}")
    assert links.add(first)
    assert links.of(BOLT) == first
    assert links.add(second)
    assert links.of(BOLT) == second
    assert links.history(BOLT) == (second, first)


def test_a_number_is_given_once_and_who_loses_changes_nothing(links: DynamoDbLinks) -> None:
    assert links.add(link())
    assert not links.add(link(address=OTHER))
    assert links.of(BOLT) == link()
    assert links.history(BOLT) == (link(),)
    assert links.all() == {BOLT: link().address}


def test_all_addresses_in_force_are_listed_by_company(links: DynamoDbLinks) -> None:
    links.add(link())
    links.add(link(number=2, address=OTHER))
    links.add(link(company=AURORA))
    assert links.all() == {AURORA: link().address, BOLT: OTHER}
