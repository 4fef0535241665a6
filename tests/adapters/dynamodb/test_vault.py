from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.confidential_items import LARGEST_INLINE
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.reader_lists import DynamoDbReaderLists
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.s3_confidential import answers_key, eligible_key, lote_file_key, records_key
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentChange, AgentRow
from aval.prudential.lotes import LoteState
from aval.prudential.reader_lists import KeptList
from aval.prudential.refusals import LoteUnknown
from aval.prudential.tasks import TaskId, TaskOutcome, TaskState, TaskUnknown
from aval.prudential.vault import Commit, CommitLost, JournalEntry, KeyAnswer, StoredRecord
from tests.support import lotes
from tests.support.confidential import (
    BUCKET,
    COMPANY,
    EVENT,
    NOW,
    PRUDENTIAL_BUCKET,
    empty_vault,
    task,
    tasks_of,
)
from tests.support.lotes import LOTE, OUTCOME
from tests.support.weeks import agent_row, released, transition, week_version

OTHER_EVENT = EventCode.parse("202611004")
OTHER_COMPANY = Cnpj.parse("02998611000104")
DONE = TaskOutcome(TaskState.DONE, NOW, answer=b"answer", released='{"numero":"0.17"}')


@pytest.fixture
def vault() -> Iterator[DynamoDbVault]:
    with empty_vault() as found:
        tasks_of(found).add(task())
        yield found


def entry(counter: int = 1, sealed: bytes = b"entry", event: EventCode = EVENT) -> JournalEntry:
    return JournalEntry(event, counter, sealed)


def record(sealed: bytes = b"record", **changes: Any) -> StoredRecord:
    return replace(StoredRecord(EVENT, COMPANY, "ENSAIO", 1, sealed), **changes)


def commit(**changes: Any) -> Commit:
    return replace(Commit(task().id, DONE, (entry(),), (record(),)), **changes)


def everything(vault: DynamoDbVault) -> list[Any]:
    found = vault.client.scan(TableName=vault.table_name, ConsistentRead=True)["Items"]
    return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_what_a_task_wrote_is_there_as_one(vault: DynamoDbVault) -> None:
    vault.commit(commit())
    assert vault.task(task().id).outcome == DONE
    assert vault.journal_after(EVENT, 0) == (entry(),)
    assert vault.record(EVENT, COMPANY, "ENSAIO", 1) == record()


def test_nothing_is_written_when_the_place_of_an_entry_is_taken(vault: DynamoDbVault) -> None:
    vault.add_entry(entry(sealed=b"another"))
    before = everything(vault)
    with pytest.raises(CommitLost):
        vault.commit(commit())
    assert everything(vault) == before


def test_nothing_is_written_when_the_place_of_a_record_is_taken(vault: DynamoDbVault) -> None:
    vault.commit(commit())
    other = task(b"another")
    tasks_of(vault).add(other)
    before = everything(vault)
    with pytest.raises(CommitLost):
        vault.commit(commit(task=other.id, entries=(entry(2),)))
    assert everything(vault) == before


def test_a_task_that_has_ended_stays_as_it_is(vault: DynamoDbVault) -> None:
    vault.commit(commit())
    before = everything(vault)
    refused = TaskOutcome(TaskState.REFUSED, NOW + timedelta(minutes=1), "OUTRO")
    vault.commit(Commit(task().id, refused, (entry(2),)))
    assert everything(vault) == before


def test_a_task_that_nobody_asked_for_is_not_ended(vault: DynamoDbVault) -> None:
    with pytest.raises(TaskUnknown):
        vault.commit(commit(task=TaskId("0" * 64)))
    assert vault.journal_after(EVENT, 0) == ()


@pytest.mark.parametrize("size", [LARGEST_INLINE, LARGEST_INLINE + 1])
def test_records_and_answers_of_any_size_read_back(vault: DynamoDbVault, size: int) -> None:
    outcome, large = replace(DONE, answer=b"a" * size), record(b"r" * size)
    vault.commit(commit(outcome=outcome, records=(large,)))
    assert vault.task(task().id).outcome == outcome
    assert vault.record(EVENT, COMPANY, "ENSAIO", 1) == large
    assert vault.s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 2 * (size > LARGEST_INLINE)


def test_a_large_record_that_lost_its_place_leaves_the_winners_alone(vault: DynamoDbVault) -> None:
    winner, loser = record(b"w" * (LARGEST_INLINE + 1)), record(b"l" * (LARGEST_INLINE + 1))
    vault.commit(commit(records=(winner,)))
    other = task(b"another")
    tasks_of(vault).add(other)
    with pytest.raises(CommitLost):
        vault.commit(commit(task=other.id, entries=(entry(2),), records=(loser,)))
    assert vault.record(EVENT, COMPANY, "ENSAIO", 1) == winner


@pytest.mark.parametrize(
    "place",
    [
        (OTHER_EVENT, COMPANY, "ENSAIO", 1),
        (EVENT, OTHER_COMPANY, "ENSAIO", 1),
        (EVENT, COMPANY, "PORTFOLIO", 1),
        (EVENT, COMPANY, "ENSAIO", 2),
    ],
)
def test_a_record_is_at_its_own_place_alone(
    vault: DynamoDbVault, place: tuple[EventCode, Cnpj, str, int]
) -> None:
    vault.commit(commit())
    assert vault.record(*place) is None


def test_the_journal_is_told_in_order_from_the_counter_on_and_of_one_event(vault: DynamoDbVault) -> None:
    entries = [entry(counter, bytes([counter])) for counter in range(1, 13)]
    for one in (*reversed(entries), entry(1, b"other", OTHER_EVENT)):
        vault.add_entry(one)
    assert vault.journal_after(EVENT, 9) == tuple(entries[9:])
    assert vault.journal_after(EVENT, 12) == ()


def test_the_same_entry_again_changes_nothing_and_another_is_refused(vault: DynamoDbVault) -> None:
    vault.add_entry(entry())
    vault.add_entry(entry())
    with pytest.raises(CommitLost):
        vault.add_entry(entry(sealed=b"another"))
    assert vault.journal_after(EVENT, 0) == (entry(),)


def test_an_event_has_one_key_for_ever(vault: DynamoDbVault) -> None:
    assert vault.event_key(EVENT) is None
    vault.add_event_key(EVENT, b"wrapped")
    with pytest.raises(CommitLost):
        vault.add_event_key(EVENT, b"another")
    assert vault.event_key(EVENT) == b"wrapped"


def test_key_items_are_told_oldest_first_until_they_are_destroyed(vault: DynamoDbVault) -> None:
    for version in (2, 10, 1):
        vault.add_key_item(version, bytes([version]))
    with pytest.raises(CommitLost):
        vault.add_key_item(10, b"another")
    assert vault.key_items() == (b"\x01", b"\x02", b"\x0a")
    vault.destroy_key_item(1)
    assert vault.key_items() == (b"\x02", b"\x0a")


def test_an_answer_about_the_key_waits_for_whoever_asked_and_has_its_time(vault: DynamoDbVault) -> None:
    answer = KeyAnswer(b"attestation", {"kid": "k", "semanas": []}, {"kty": "EC"})
    keys = DynamoDbEnclaveKeys(vault.client, vault.table_name)
    assert keys.key_answer("asked") is None
    vault.give_key_answer("asked", answer, until=NOW)
    assert keys.key_answer("asked") == answer
    assert keys.key_answer("another") is None
    [item] = [one for one in everything(vault) if one["pk"]["S"].startswith("PEDIDO#")]
    assert item["ttl"] == {"N": str(int(NOW.timestamp()))}


def test_what_the_canary_last_found_is_there_for_the_operator(vault: DynamoDbVault) -> None:
    keys = DynamoDbEnclaveKeys(vault.client, vault.table_name)
    for opened in ((), ("GenerateDataKey",)):
        keys.note_canary(opened, at=NOW)
    [note] = [one for one in everything(vault) if one["pk"]["S"] == "CANARIO"]
    assert note["opened"] == {"L": [{"S": "GenerateDataKey"}]}
    assert note["at"] == {"S": "2026-11-20T12:00:00Z"}


def change(counter: int = 1, **row: Any) -> AgentChange:
    of_row = {"answer": f"tarefa:{counter}", **row}
    return AgentChange(
        agent_row(counter=counter, **of_row), transition(counter), released(counter, f"0.{counter}")
    )


def agents(vault: DynamoDbVault) -> DynamoDbAgents:
    return DynamoDbAgents(vault.client, vault.table_name)


def row_of(vault: DynamoDbVault) -> AgentRow:
    found = agents(vault).row(EVENT, COMPANY)
    assert found
    return found


def test_a_change_is_written_with_the_task_that_made_it(vault: DynamoDbVault) -> None:
    told = change()
    vault.commit(commit(change=told))
    assert row_of(vault) == told.row
    assert agents(vault).history(EVENT, COMPANY) == (told.transition,)
    assert agents(vault).released_of(EVENT, COMPANY) == told.released


def test_nothing_of_a_change_is_written_when_the_place_of_its_entry_is_taken(vault: DynamoDbVault) -> None:
    vault.add_entry(entry(sealed=b"another"))
    before = everything(vault)
    with pytest.raises(CommitLost):
        vault.commit(commit(change=change()))
    assert everything(vault) == before


def test_what_a_repeat_tells_again_is_written_where_it_lacks_alone(vault: DynamoDbVault) -> None:
    """Its entry was stored alone, and a later act has come since."""
    later = change(3)
    agents(vault).keep(later)
    repeated = change(2)
    vault.commit(commit(entries=(), change=repeated))
    assert vault.task(task().id).outcome == DONE
    assert row_of(vault) == later.row
    assert agents(vault).history(EVENT, COMPANY) == (repeated.transition, later.transition)
    assert agents(vault).released_of(EVENT, COMPANY) == later.released


def test_a_change_that_is_there_already_is_no_reason_to_lose_the_task(vault: DynamoDbVault) -> None:
    agents(vault).keep(change())
    vault.commit(commit(entries=(), records=(), change=change()))
    assert vault.task(task().id).outcome == DONE


def test_a_row_keeps_word_of_the_last_answer_with_a_factor(vault: DynamoDbVault) -> None:
    agents(vault).keep(change(1))
    vault.commit(commit(change=change(2, answer="")))
    assert row_of(vault) == agent_row(counter=2, answer="tarefa:1")


@pytest.mark.parametrize("size", [LARGEST_INLINE, LARGEST_INLINE + 1])
def test_entries_of_any_size_read_back(vault: DynamoDbVault, size: int) -> None:
    large = entry(1, b"e" * size)
    vault.commit(commit(entries=(large,)))
    second = entry(2, b"f" * size)
    vault.add_entry(second)
    vault.add_entry(second)
    with pytest.raises(CommitLost):
        vault.add_entry(entry(2, b"g" * size))
    assert vault.journal_after(EVENT, 0) == (large, second)


def test_the_set_in_force_is_the_last_one_loaded(vault: DynamoDbVault) -> None:
    assert vault.parameters(EVENT) is None
    for version in (1, 2):
        DynamoDbWeeks(vault.client, vault.table_name).add(week_version(versao=version))
    assert vault.parameters(EVENT) == week_version(versao=2).document


def test_signed_reader_lists_are_told_as_they_were_kept(vault: DynamoDbVault) -> None:
    assert vault.authorisations(COMPANY) == ()
    kept = KeptList(1, "signed", by_certificate=True, at=NOW, by="person:ana")
    DynamoDbReaderLists(vault.client, vault.table_name).add(COMPANY, kept)
    assert vault.authorisations(COMPANY) == ("signed",)


@pytest.fixture
def running(vault: DynamoDbVault) -> DynamoDbVault:
    """A lote whose file came as one version, and was written over by another."""
    kept = DynamoDbLotes(vault.client, vault.table_name)
    kept.add(lotes.lote())
    key = lote_file_key(LOTE)
    version = vault.s3.put_object(Bucket=PRUDENTIAL_BUCKET, Key=key, Body=b"the file")["VersionId"]
    vault.s3.put_object(Bucket=PRUDENTIAL_BUCKET, Key=key, Body=b"another")
    vault.s3.put_object(Bucket=PRUDENTIAL_BUCKET, Key=eligible_key(LOTE), Body=b"{}")
    kept.register(LOTE, object_version=version, received_at=NOW, execution="e", at=NOW)
    kept.start(LOTE, at=NOW)
    return vault


def test_the_file_of_a_lote_is_the_version_that_was_registered(running: DynamoDbVault) -> None:
    lote = running.lote(LOTE)
    assert (running.lote_file(lote), running.eligible(lote)) == (b"the file", b"{}")


def test_an_unknown_lote_is_told_as_such(vault: DynamoDbVault) -> None:
    with pytest.raises(LoteUnknown):
        vault.lote(LOTE)


def test_chunks_lie_under_the_name_of_their_attempt(running: DynamoDbVault) -> None:
    running.keep_chunks(LOTE, "t1", [b"answer 0", b"answer 1"], [b"records 0", b"records 1"])
    stored = {
        key: running.s3.get_object(Bucket=PRUDENTIAL_BUCKET, Key=key)["Body"].read()
        for one in running.s3.list_objects_v2(Bucket=PRUDENTIAL_BUCKET, Prefix=f"lotes/trabalho/{LOTE}/t1/")[
            "Contents"
        ]
        if (key := one["Key"])
    }
    assert stored == {
        answers_key(LOTE, "t1", 0): b"answer 0",
        answers_key(LOTE, "t1", 1): b"answer 1",
        records_key(LOTE, "t1", 0): b"records 0",
        records_key(LOTE, "t1", 1): b"records 1",
    }


def test_an_entry_and_the_outcome_of_its_lote_are_written_as_one(running: DynamoDbVault) -> None:
    running.commit_lote(lotes.commit())
    assert running.lote(LOTE).outcome == OUTCOME
    assert running.journal_after(EVENT, 0) == (entry(7),)


def test_a_lote_of_which_nothing_was_taken_has_an_outcome_and_no_entry(running: DynamoDbVault) -> None:
    running.commit_lote(lotes.commit(entry=None, reason="NENHUM_ACEITO"))
    found = running.lote(LOTE)
    assert (found.outcome, found.reason) == (OUTCOME, "NENHUM_ACEITO")
    assert running.journal_after(EVENT, 0) == ()


def test_no_outcome_is_written_when_the_place_of_its_entry_is_taken(running: DynamoDbVault) -> None:
    running.add_entry(entry(7, b"another"))
    with pytest.raises(CommitLost):
        running.commit_lote(lotes.commit())
    assert running.lote(LOTE).outcome is None


def test_a_lote_with_an_outcome_stays_as_it_is(running: DynamoDbVault) -> None:
    running.commit_lote(lotes.commit())
    before = everything(running)
    running.commit_lote(lotes.commit(entry=entry(8), outcome=replace(OUTCOME, taken=1)))
    assert everything(running) == before


def test_a_lote_that_was_ended_gets_no_outcome_any_more(running: DynamoDbVault) -> None:
    DynamoDbLotes(running.client, running.table_name).end(LOTE, LoteState.REJECTED, "X", at=NOW)
    before = everything(running)
    running.commit_lote(lotes.commit())
    assert everything(running) == before
