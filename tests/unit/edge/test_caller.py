from datetime import UTC, datetime, timedelta

import pytest

from aval.edge.caller import arrival_of

NOW = datetime(2026, 1, 5, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("context", "arrived"),
    [
        ({"timeEpoch": 1_767_617_998_250}, NOW - timedelta(milliseconds=1750)),
        ({"timeEpoch": 1_767_618_001_000}, NOW),
        ({}, NOW),
    ],
)
def test_a_request_arrived_when_the_gateway_says_and_never_later_than_now(
    context: dict[str, int], arrived: datetime
) -> None:
    assert arrival_of({"requestContext": context}, now=NOW) == arrived
