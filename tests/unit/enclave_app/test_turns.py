from threading import Thread

import pytest

from aval.identifiers import EventCode
from aval.prudential.vault import CommitLost, JournalEntry
from enclave_app.parent.turns import EventTurns, TaskContended, _in_frames
from enclave_app.protocol import MAX_FRAME
from tests.support.enclave import EVENT, Agent, Desk
from tests.support.enclave_lotes import LoteDesk, portfolio

OTHER = EventCode.parse("202611004")


def entries(*sizes: int) -> list[JournalEntry]:
    return [JournalEntry(EVENT, counter, bytes(size)) for counter, size in enumerate(sizes, start=1)]


@pytest.mark.parametrize(
    ("sizes", "frames"),
    [
        ([], []),
        ([512 * 1024], [1]),
        ([512 * 1024] * 3, [1, 1, 1]),
        ([450_000, 450_000, 1], [2, 1]),
        ([100] * 401, [200, 200, 1]),
    ],
)
def test_entries_are_told_as_many_at_once_as_a_frame_holds(sizes: list[int], frames: list[int]) -> None:
    listed = entries(*sizes)
    told = list(_in_frames(listed))
    assert [len(one) for one in told] == frames
    assert [entry for one in told for entry in one] == listed
    assert all(sum(len(entry.sealed) + 16 for entry in one) < MAX_FRAME for one in told)


def test_an_enclave_that_starts_anew_is_told_large_entries_too() -> None:
    lotes = LoteDesk.of(range(1, 4))
    for number in range(1, 4):
        file = lotes.sender.portfolios(portfolio(number), request_id=f"portfolios-of-many-{number}")
        lotes.done(lotes.arrived(file, number=number), lotes.desk.parent())
    assert sorted(lotes.desk.vault.journals[EVENT]) == [1, 2, 3]


def turns(desk: Desk) -> EventTurns:
    return EventTurns(desk.parent().session, desk.vault)


def test_what_is_lost_is_tried_again_until_it_holds() -> None:
    tries: list[int] = []

    def attempt() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise CommitLost("another came first")
        return len(tries)

    assert turns(Desk()).taken(EVENT, attempt) == 3


def test_what_others_take_again_and_again_is_left_for_later() -> None:
    def attempt() -> None:
        raise CommitLost("another came first")

    with pytest.raises(TaskContended):
        turns(Desk()).taken(EVENT, attempt)


def test_a_long_turn_of_one_event_keeps_no_other_waiting() -> None:
    desk = Desk()
    parent, at_once = desk.parent(), turns(desk)
    done: list[str] = []

    def long() -> None:
        # While this event's turn lasts, another event's task goes the whole way.
        thread = Thread(target=lambda: done.append(at_once.taken(OTHER, lambda: "other")))
        thread.start()
        thread.join(10)

    at_once.taken(EVENT, long)
    assert done == ["other"]
    parent.do(Agent(desk).delivery())
