import hashlib
from dataclasses import replace

import pytest

from aval.sealing.head import Head
from aval.sealing.journal import Entry, EntryAct, Journal, LoteEntry, SealedEntry, Version
from aval.sealing.journal_step import lote_step, step_of
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.sealed_entry import head_after
from tests.support.journals import (
    COMPANY,
    EVENT,
    KIND,
    LOTE,
    OTHER_EVENT,
    STRANGER,
    act_of_factor,
    act_on,
    company_of,
    counterparties,
    delivery,
    digest_of,
    lote,
    parameters,
    portfolio,
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
        portfolio("d", 1),
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


def with_entries(*entries: Entry | LoteEntry) -> Journal:
    journal = empty()
    for entry in entries:
        journal.show([stored(journal.propose(entry))])
    return journal


def proposal_refused(journal: Journal, entry: Entry | LoteEntry) -> SealReason:
    with pytest.raises(SealRefused) as caught:
        journal.propose(entry)
    assert journal.pending is None
    return caught.value.reason


def test_a_lote_is_as_many_deliveries_as_it_has_agents() -> None:
    told = lote("lote", (COMPANY, 2), (STRANGER, 1))
    journal = with_entries(portfolio(), told)
    assert journal.head.counter == 2
    assert journal.latest(COMPANY, "PORTFOLIO") == Version(
        2, told.identity, told.readers, told.request_id, LOTE
    )
    assert journal.latest(STRANGER, "PORTFOLIO") == Version(
        1, told.identity, told.readers, told.request_id, LOTE
    )
    assert journal.history(COMPANY) == (step_of(1, portfolio()), lote_step(2, told, 2))
    assert journal.history(STRANGER) == (lote_step(2, told, 1),)


@pytest.mark.parametrize("version", [1, 3])
def test_a_lote_with_one_agent_of_another_version_is_taken_for_none(version: int) -> None:
    journal = with_entries(portfolio())
    wrong = lote("lote", (COMPANY, version), (STRANGER, 1))
    assert proposal_refused(journal, wrong) is SealReason.VERSION_UNKNOWN
    assert journal.latest(STRANGER, "PORTFOLIO") is None


def test_another_enclave_learns_a_lote_from_its_entry() -> None:
    journal = empty()
    row = stored(journal.propose(lote()))
    fresh = empty()
    fresh.show([row])
    journal.show([row])
    assert fresh.head == journal.head
    assert fresh.history(STRANGER) == journal.history(STRANGER) != ()


def test_the_same_triple_of_a_lote_is_a_repeat() -> None:
    told = lote()
    journal = with_entries(told)
    assert journal.repeat_of_lote(COMPANY, told.request_id, told.identity, LOTE) == told
    assert journal.repeat_of_lote(COMPANY, "request-never-made", told.identity, LOTE) is None


@pytest.mark.parametrize(
    ("sender", "identity", "code"),
    [
        (STRANGER, digest_of("lote"), LOTE),
        (COMPANY, digest_of("another file"), LOTE),
        (COMPANY, digest_of("lote"), LOTE[::-1]),
    ],
    ids=["another sender", "another file", "another lote"],
)
def test_refuses_any_other_use_of_a_lotes_request(sender: str, identity: str, code: str) -> None:
    journal = with_entries(lote())
    with pytest.raises(SealRefused) as caught:
        journal.repeat_of_lote(type(COMPANY)(sender), lote().request_id, identity, code)
    assert caught.value.reason is SealReason.REPLAYED


def test_refuses_a_lotes_request_in_a_single_act_and_the_other_way_around() -> None:
    """Even where sender and body are the same: a file is one thing or the other."""
    many, one = lote(), portfolio("portfolio", company=STRANGER, version=2)
    journal = with_entries(many, one)
    with pytest.raises(SealRefused) as as_single:
        journal.repeat_of(COMPANY, many.request_id, many.identity)
    with pytest.raises(SealRefused) as as_lote:
        journal.repeat_of_lote(COMPANY, one.request_id, one.identity, LOTE)
    assert {as_single.value.reason, as_lote.value.reason} == {SealReason.REPLAYED}
    assert proposal_refused(journal, replace(one, request_id=many.request_id)) is SealReason.REPLAYED


def test_knows_the_parameters_used_last() -> None:
    journal = with_entries(delivery("rehearsed"))
    assert journal.parameters is None
    for entry in (portfolio(), counterparties(parameters=parameters(3)), delivery("again", 2)):
        journal.show([stored(journal.propose(entry))])
    assert journal.parameters == parameters(3)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (parameters(1), SealReason.PARAMETERS_OLDER),
        (parameters(2, "another set"), SealReason.PARAMETERS_DIVERGE),
    ],
    ids=["an older version", "another set under the same number"],
)
def test_refuses_parameters_that_do_not_go_on(told: object, reason: SealReason) -> None:
    journal = with_entries(portfolio(parameters=parameters(2)))
    assert proposal_refused(journal, replace(counterparties(), parameters=told)) is reason  # type: ignore[arg-type]
    many = lote("lote", (STRANGER, 1))
    assert proposal_refused(journal, replace(many, parameters=told)) is reason  # type: ignore[arg-type]
    assert journal.propose(counterparties(parameters=parameters(2))).counter == 2


def test_an_act_of_the_factor_is_about_the_last_portfolio() -> None:
    journal = with_entries(portfolio("a"), portfolio("b", 2))
    calculation = digest_of("calculation")
    for version in (1, 3):
        stale = act_of_factor(EntryAct.VALIDATE, calculation, "act", version=version)
        assert proposal_refused(journal, stale) is SealReason.VERSION_UNKNOWN
    assert journal.propose(act_of_factor(EntryAct.VALIDATE, calculation, "act", version=2)).counter == 3


def test_refuses_an_act_of_the_factor_before_any_portfolio() -> None:
    act = act_of_factor(EntryAct.COMPUTE, digest_of("calculation"), "act")
    assert proposal_refused(with_entries(counterparties()), act) is SealReason.VERSION_UNKNOWN


def test_takes_twenty_thousand_agents_in_one_entry() -> None:
    agents = tuple((company_of(number), 1) for number in range(1, 20_001))
    journal = with_entries(lote("lote", *agents))
    assert journal.history(agents[-1][0])[0].lote == LOTE
