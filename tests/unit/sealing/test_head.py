import pytest

from aval.sealing.head import MAX_COUNTER, Head, newest, require_not_older
from aval.sealing.refusals import SealReason
from tests.support.sealing import refused

DIGEST = "a" * 64


def test_reads_what_it_writes() -> None:
    assert Head.from_json(Head(3, DIGEST).as_json()) == Head(3, DIGEST)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"contador": 1},
        {"contador": True, "resumo": DIGEST},
        {"contador": "1", "resumo": DIGEST},
        {"contador": -1, "resumo": DIGEST},
        {"contador": MAX_COUNTER + 1, "resumo": DIGEST},
        {"contador": 1, "resumo": DIGEST.upper()},
        {"contador": 1, "resumo": DIGEST[:-1]},
        {"contador": 1, "resumo": DIGEST, "mais": 1},
    ],
)
def test_refuses_what_is_no_head(value: object) -> None:
    with refused(SealReason.MALFORMED):
        Head.from_json(value)


def test_a_head_that_was_never_seen_or_goes_further_is_taken() -> None:
    require_not_older(Head(3, DIGEST), None)
    require_not_older(Head(3, DIGEST), Head(3, DIGEST))
    require_not_older(Head(4, "b" * 64), Head(3, DIGEST))


def test_a_head_lower_than_one_seen_is_refused() -> None:
    with refused(SealReason.HEAD_OLDER):
        require_not_older(Head(2, DIGEST), Head(3, DIGEST))


def test_another_history_of_the_same_length_is_refused() -> None:
    with refused(SealReason.HEAD_FORKED):
        require_not_older(Head(3, "b" * 64), Head(3, DIGEST))


def test_keeps_of_each_event_the_head_that_goes_furthest() -> None:
    known = newest({}, "a", Head(3, DIGEST))
    assert newest(known, "a", Head(2, DIGEST)) == known
    assert newest(known, "a", Head(4, DIGEST)) == {"a": Head(4, DIGEST)}
    assert newest(known, "b", Head(1, DIGEST)) == {"a": Head(3, DIGEST), "b": Head(1, DIGEST)}
