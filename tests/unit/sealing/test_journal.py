import hashlib
from dataclasses import replace

import pytest

from aval.sealing.head import Head
from aval.sealing.journal import EntryAct, Journal, SealedEntry, Version
from aval.sealing.journal_entry import head_after
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.journals import (
    COMPANY,
    EVENT,
    KIND,
    OTHER_EVENT,
    STRANGER,
    act_on,
    delivery,
    digest_of,
)

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


def empty() -> Journal:
    return Journal(EVENT, KEY)


def written(*names: str) -> tuple[Journal, list[tuple[int, bytes]]]:
    """A journal with a delivery for each name, and what the table holds then."""
    journal, rows = empty(), []
    for version, name in enumerate(names, start=1):
        row = stored(journal.propose(delivery(name, version)))
        journal.show([row])
        rows.append(row)
    return journal, rows


def stored(entry: SealedEntry) -> tuple[int, bytes]:
    return entry.counter, entry.sealed


def refusal(journal: Journal, *rows: tuple[int, bytes]) -> SealReason:
    with pytest.raises(SealRefused) as caught:
        journal.show(rows)
    return caught.value.reason


def test_an_entry_counts_once_it_was_shown_again() -> None:
    journal = empty()
    first = journal.head
    entry = journal.propose(delivery())
    assert (journal.head, journal.pending, journal.latest(COMPANY, KIND)) == (first, entry, None)
    journal.show([stored(entry)])
    assert (journal.head, journal.pending) == (entry.head, None)
    told = delivery()
    assert journal.latest(COMPANY, KIND) == Version(1, told.identity, told.readers, told.request_id)


def test_the_head_is_a_chain_of_hashes() -> None:
    journal, rows = written("a", "b")
    head = hashlib.sha256(EVENT.encode()).digest()
    for _, sealed in rows:
        head = hashlib.sha256(head + sealed).digest()
    assert journal.head == Head(2, head.hex())


def test_another_enclave_learns_all_from_the_entries_alone() -> None:
    journal, rows = written("a", "b", "c")
    fresh = empty()
    fresh.show(rows)
    assert fresh.head == journal.head
    assert fresh.latest(COMPANY, KIND) == journal.latest(COMPANY, KIND)


def test_to_show_known_entries_again_changes_nothing() -> None:
    journal, rows = written("a", "b")
    head = journal.head
    journal.show(rows)
    journal.show(rows[:1])
    assert journal.head == head


def test_two_enclaves_issue_the_same_place_and_the_table_takes_one() -> None:
    one, rows = written("a")
    other = empty()
    other.show(rows)
    ours, theirs = one.propose(delivery("b", 2)), other.propose(delivery("c", 2))
    assert ours.counter == theirs.counter == 2
    one.show([stored(theirs)])
    other.show([stored(theirs)])
    assert one.pending is None
    assert one.head == other.head == theirs.head
    # What was given up was never stored: its request may come again, and follows the other.
    again = one.propose(delivery("b", 3))
    assert again.counter == 3


def test_an_entry_that_was_given_up_does_not_come_back() -> None:
    one, rows = written("a")
    other = empty()
    other.show(rows)
    ours, theirs = one.propose(delivery("b", 2)), other.propose(delivery("c", 2))
    one.show([stored(theirs)])
    assert refusal(one, stored(ours)) is SealReason.JOURNAL_FORK


def test_nothing_is_issued_while_an_entry_is_not_shown_again() -> None:
    journal = empty()
    pending = journal.propose(delivery("a"))
    with pytest.raises(SealRefused) as caught:
        journal.propose(delivery("b"))
    assert caught.value.reason is SealReason.JOURNAL_PENDING
    assert journal.pending == pending


def test_a_running_enclave_does_not_go_back() -> None:
    journal, rows = written("a", "b")
    fork = empty()
    fork.show(rows[:1])
    other = fork.propose(delivery("c", 2))
    assert refusal(journal, rows[0], stored(other)) is SealReason.JOURNAL_FORK
    assert journal.head.counter == 2


def test_refuses_another_branch_that_is_longer() -> None:
    journal, _ = written("a")
    _, others = written("x", "y")
    assert refusal(journal, others[1]) is SealReason.JOURNAL_FORK
    assert refusal(journal, *others) is SealReason.JOURNAL_FORK


def test_has_been_wherever_its_readers_saw_it() -> None:
    journal, rows = written("a", "b")
    heads = [empty().head, head_after(empty().head, rows[0][1]), journal.head]
    for head in heads:
        journal.require_seen(head)


def test_refuses_to_have_been_where_it_was_not() -> None:
    """A store rolled back and grown again shows a higher counter than any that was seen, and another past."""
    (seen, _), (grown, _) = written("a", "b"), written("a", "x", "y")
    with pytest.raises(SealRefused) as forked:
        grown.require_seen(seen.head)
    with pytest.raises(SealRefused) as older:
        seen.require_seen(grown.head)
    assert (forked.value.reason, older.value.reason) == (SealReason.HEAD_FORKED, SealReason.HEAD_OLDER)


def test_refuses_a_gap() -> None:
    _, rows = written("a", "b", "c")
    assert refusal(empty(), rows[0], rows[2]) is SealReason.JOURNAL_GAP
    assert refusal(empty(), rows[1]) is SealReason.JOURNAL_GAP


def test_refuses_an_entry_that_is_told_to_stand_further_on() -> None:
    _, rows = written("a")
    assert refusal(empty(), (2, rows[0][1])) is SealReason.JOURNAL_GAP


def test_refuses_entries_in_another_order() -> None:
    _, rows = written("a", "b")
    swapped = [(1, rows[1][1]), (2, rows[0][1])]
    assert refusal(empty(), *swapped) is SealReason.JOURNAL_GAP


@pytest.mark.parametrize("counter", [0, -1])
def test_refuses_a_place_before_the_first(counter: int) -> None:
    journal, rows = written("a")
    assert refusal(journal, (counter, rows[0][1])) is SealReason.JOURNAL_FORK


def test_refuses_an_entry_of_another_event() -> None:
    other = Journal(OTHER_EVENT, KEY)
    entry = other.propose(delivery())
    assert refusal(empty(), stored(entry)) is SealReason.JOURNAL_EVENT
    # Nor does it help to write our event over the other's: it is bound to the ciphertext.
    disguised = entry.sealed.replace(OTHER_EVENT.encode(), EVENT.encode())
    disguised = disguised.replace(
        hashlib.sha256(OTHER_EVENT.encode()).digest(), hashlib.sha256(EVENT.encode()).digest()
    )
    assert refusal(empty(), (1, disguised)) is SealReason.JOURNAL_EDITED


def test_refuses_an_entry_that_no_enclave_wrote() -> None:
    forged = Journal(EVENT, OTHER_KEY).propose(delivery())
    assert refusal(empty(), stored(forged)) is SealReason.JOURNAL_EDITED


def test_refuses_any_altered_byte() -> None:
    _, rows = written("a")
    for place in range(len(rows[0][1])):
        altered = bytearray(rows[0][1])
        altered[place] ^= 1
        journal = empty()
        refusal(journal, (1, bytes(altered)))
        assert journal.head.counter == 0


def test_refuses_any_shorter_entry_and_a_longer_one() -> None:
    _, rows = written("a")
    for length in range(len(rows[0][1])):
        refusal(empty(), (1, rows[0][1][:length]))
    assert refusal(empty(), (1, rows[0][1] + b"\0")) is SealReason.JOURNAL_EDITED
    assert refusal(empty(), (1, bytes(5000))) is SealReason.JOURNAL_MALFORMED


def test_what_was_learned_before_a_refused_entry_stays() -> None:
    _, rows = written("a", "b")
    journal = empty()
    assert refusal(journal, rows[0], (2, rows[1][1] + b"\0")) is SealReason.JOURNAL_EDITED
    assert journal.head.counter == 1
    journal.show(rows)
    assert journal.head.counter == 2


def test_a_repeat_is_told_what_it_did_before() -> None:
    journal, _ = written("a")
    told = delivery("a")
    assert journal.repeat_of(COMPANY, told.request_id, told.identity) == told
    assert journal.repeat_of(COMPANY, "request-never-made", told.identity) is None


@pytest.mark.parametrize(
    ("sender", "identity"),
    [(COMPANY, digest_of("another body")), (STRANGER, digest_of("a"))],
    ids=["another body", "another sender"],
)
def test_refuses_a_replayed_request(sender: str, identity: str) -> None:
    journal, _ = written("a")
    with pytest.raises(SealRefused) as caught:
        journal.repeat_of(type(COMPANY)(sender), delivery("a").request_id, identity)
    assert caught.value.reason is SealReason.REPLAYED


def test_refuses_to_write_a_request_a_second_time() -> None:
    journal, _ = written("a")
    with pytest.raises(SealRefused) as caught:
        journal.propose(delivery("b", 2, request_id=delivery("a").request_id))
    assert caught.value.reason is SealReason.REPLAYED


@pytest.mark.parametrize("version", [1, 3])
def test_a_delivery_makes_the_next_version(version: int) -> None:
    journal, _ = written("a")
    with pytest.raises(SealRefused) as caught:
        journal.propose(delivery("b", version))
    assert caught.value.reason is SealReason.VERSION_UNKNOWN


def test_companies_and_kinds_have_versions_of_their_own() -> None:
    journal, _ = written("a", "b")
    for entry in (
        delivery("c", 1, company=STRANGER, sender=STRANGER),
        delivery("d", 1, kind="PORTFOLIO"),
    ):
        journal.show([stored(journal.propose(entry))])
    versions = [(COMPANY, KIND), (STRANGER, KIND), (COMPANY, "PORTFOLIO")]
    assert [journal.latest(*one).version for one in versions] == [2, 1, 1]  # type: ignore[union-attr]


@pytest.mark.parametrize("act", [EntryAct.VALIDATE, EntryAct.SEND])
def test_an_act_is_about_the_last_version(act: EntryAct) -> None:
    journal, _ = written("a", "b")
    former, current = delivery("a", 1), delivery("b", 2)
    for stale in (former, replace(former, version=2), replace(current, version=1)):
        with pytest.raises(SealRefused) as caught:
            journal.propose(act_on(replace(stale, subject=stale.identity), act, "act"))
        assert caught.value.reason is SealReason.VERSION_UNKNOWN
    assert journal.propose(act_on(current, act, "act")).counter == 3


def test_refuses_an_act_before_any_delivery() -> None:
    with pytest.raises(SealRefused) as caught:
        empty().propose(act_on(delivery(), EntryAct.VALIDATE, "act"))
    assert caught.value.reason is SealReason.VERSION_UNKNOWN


def test_a_new_delivery_makes_validations_and_sendings_void() -> None:
    journal, _ = written("a")
    validation = act_on(delivery("a"), EntryAct.VALIDATE, "validation")
    sending = act_on(delivery("a"), EntryAct.SEND, "sending")
    assert journal.validated(COMPANY, KIND) is None
    for entry in (validation, sending):
        journal.show([stored(journal.propose(entry))])
    assert (journal.validated(COMPANY, KIND), journal.sent(COMPANY, KIND)) == (validation, sending)
    assert journal.validated(STRANGER, KIND) is None
    journal.show([stored(journal.propose(delivery("b", 2)))])
    assert (journal.validated(COMPANY, KIND), journal.sent(COMPANY, KIND)) == (None, None)


def test_the_key_and_what_entries_say_show_in_no_representation() -> None:
    journal, _ = written("a")
    entry = journal.propose(delivery("b", 2))
    assert repr(journal) == f"Journal(event='{EVENT}', head={journal.head!r})"
    assert "sealed" not in repr(entry)


def test_an_entry_in_the_table_hides_who_did_what() -> None:
    _, rows = written("a")
    told = delivery("a")
    for word in (COMPANY, KIND, told.identity, told.request_id, EntryAct.DELIVER.value):
        assert word.encode() not in rows[0][1]
