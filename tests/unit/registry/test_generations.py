from datetime import timedelta

import pytest

from aval.registry.generations import InForce, Pointer
from aval.registry.schemas import Dataset
from tests.support.registry import NOON, arrival

FIRST, SECOND = arrival("entrada/a.json", "0A"), arrival("entrada/a.json", "0B")


@pytest.mark.parametrize(
    ("one", "other", "is_before"),
    [
        ("0A", "0B", True),
        ("0B", "0A", False),
        ("0A", "0A", False),
        ("0A", "0A1", True),
        ("0A00", "0A", False),
        ("0B", "0A1", False),
        ("0a", "0B", True),
    ],
)
def test_the_sequencer_orders_the_objects_of_one_key(one: str, other: str, *, is_before: bool) -> None:
    assert arrival(sequencer=one).is_before(arrival(sequencer=other)) == is_before


def test_the_sequencer_counts_before_the_time_of_storing() -> None:
    earlier_by_clock = arrival(sequencer="0B", stored_at=NOON - timedelta(hours=1))
    assert not earlier_by_clock.is_before(arrival(sequencer="0A"))


def test_sequencers_of_two_keys_are_not_compared() -> None:
    later = arrival("entrada/b.json", "00", NOON + timedelta(seconds=1))
    assert arrival("entrada/a.json", "FF").is_before(later)
    assert not later.is_before(arrival("entrada/a.json", "FF"))


def test_a_generation_is_named_after_its_key_and_sequencer_alone() -> None:
    again = arrival("entrada/a.json", "0A", NOON + timedelta(hours=1))
    assert again.generation == FIRST.generation
    assert len({FIRST.generation, SECOND.generation, arrival("entrada/b.json", "0A").generation}) == 3


def test_moving_keeps_what_was_in_force_just_before() -> None:
    people = frozenset({Dataset.PESSOAS})
    once = Pointer().move(people, FIRST)
    assert once == Pointer(1, {Dataset.PESSOAS: InForce(FIRST.generation, FIRST)})
    twice = once.move(people | {Dataset.ATIVOS}, SECOND)
    assert twice == Pointer(
        2,
        {
            Dataset.PESSOAS: InForce(SECOND.generation, SECOND, FIRST.generation),
            Dataset.ATIVOS: InForce(SECOND.generation, SECOND),
        },
    )


def test_names_only_the_datasets_that_already_answer_from_later() -> None:
    pointer = Pointer().move(frozenset({Dataset.PESSOAS}), SECOND).move(frozenset({Dataset.ATIVOS}), FIRST)
    assert pointer.newer_than(FIRST, frozenset(Dataset)) == (Dataset.PESSOAS,)
    assert pointer.newer_than(FIRST, frozenset({Dataset.ATIVOS, Dataset.PERFIS})) == ()
