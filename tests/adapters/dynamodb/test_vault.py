from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aval.adapters.dynamodb.confidential_items import LARGEST_INLINE
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import TaskId, TaskOutcome, TaskState, TaskUnknown
from aval.prudential.vault import Commit, CommitLost, JournalEntry, KeyAnswer, StoredRecord
from tests.support.confidential import BUCKET, COMPANY, EVENT, NOW, empty_vault, task, tasks_of

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
