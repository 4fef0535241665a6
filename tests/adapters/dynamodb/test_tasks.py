from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aval.adapters.dynamodb.confidential_items import LARGEST_INLINE
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.prudential.tasks import TaskId, TaskOutcome, TaskState, TaskUnknown
from aval.prudential.vault import Commit
from tests.support.confidential import BUCKET, NOW, empty_vault, task, tasks_of

LATER = NOW + timedelta(minutes=1)
DONE = TaskOutcome(TaskState.DONE, LATER, answer=b"answer")


@pytest.fixture
def vault() -> Iterator[DynamoDbVault]:
    with empty_vault() as found:
        yield found


@pytest.fixture
def store(vault: DynamoDbVault) -> DynamoDbTasks:
    return tasks_of(vault)


def test_a_task_reads_back_as_it_was_written(store: DynamoDbTasks) -> None:
    assert store.add(task())
    assert store.load_whole(task().id) == task()


def test_a_door_is_told_of_a_task_without_its_body(store: DynamoDbTasks) -> None:
    store.add(task())
    assert store.load(task().id) == replace(task(), body=b"")


def test_the_same_task_again_is_not_new_and_changes_nothing(store: DynamoDbTasks) -> None:
    store.add(task())
    assert not store.add(replace(task(), received_at=LATER))
    assert store.load(task().id).received_at == NOW


@pytest.mark.parametrize("size", [LARGEST_INLINE, LARGEST_INLINE + 1])
def test_a_body_of_any_size_reads_back_beside_its_row_or_in_it(store: DynamoDbTasks, size: int) -> None:
    large = task(b"x" * size)
    store.add(large)
    assert store.load_whole(large.id) == large
    kept = store.objects.client.list_objects_v2(Bucket=BUCKET)["KeyCount"]
    assert kept == (size > LARGEST_INLINE)


def test_a_code_that_nobody_gave_out_is_unknown(store: DynamoDbTasks) -> None:
    with pytest.raises(TaskUnknown):
        store.load(TaskId("0" * 64))


def test_a_task_that_nobody_could_do_ends_and_is_open_no_more(store: DynamoDbTasks) -> None:
    store.add(task())
    store.fail(task().id, "NAO_ENTREGUE", at=LATER)
    assert store.load(task().id).outcome == TaskOutcome(TaskState.FAILED, LATER, "NAO_ENTREGUE")
    assert store.open_before(LATER) == ()


def test_a_task_that_has_ended_is_not_failed_afterwards(store: DynamoDbTasks, vault: DynamoDbVault) -> None:
    store.add(task())
    vault.commit(Commit(task().id, DONE))
    store.fail(task().id, "NAO_ENTREGUE", at=LATER)
    assert store.load(task().id).outcome == DONE


def test_failing_a_task_that_is_not_there_makes_none(store: DynamoDbTasks) -> None:
    store.fail(task().id, "NAO_ENTREGUE", at=LATER)
    with pytest.raises(TaskUnknown):
        store.load(task().id)


def test_open_tasks_are_told_oldest_first_up_to_the_moment(store: DynamoDbTasks) -> None:
    tasks = [task(bytes([n]), received_at=NOW + timedelta(minutes=n)) for n in (2, 0, 1)]
    for one in tasks:
        store.add(one)
    assert store.open_before(NOW + timedelta(minutes=2)) == (tasks[1].id, tasks[2].id)
