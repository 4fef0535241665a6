from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from aval.identifiers import KeyId
from aval.prudential.submitting import (
    LARGEST_REHEARSAL,
    OF_WEEK,
    REHEARSED,
    Request,
    Submissions,
    sender_of,
    task_id_of,
)
from aval.prudential.tasks import Task, TaskAct, TaskOutcome, TaskState
from aval.sealing.envelope import SealedKind, identity_of
from aval.sealing.key_items import ACTIVE_FOR, OVERLAP_FOR
from aval.sealing.refusals import SealReason
from tests.support.prudential import (
    KeyItemsGiven,
    MachineNoting,
    TasksInMemory,
    delivery,
    key_item,
    sending,
    signed,
)
from tests.support.sealing import AT, OTHER_COMPANY, OTHER_EVENT, refused


@dataclass
class Desk:
    tasks: TasksInMemory = field(default_factory=TasksInMemory)
    machine: MachineNoting = field(default_factory=MachineNoting)
    keys: KeyItemsGiven = field(default_factory=KeyItemsGiven)

    def submit(self, asked: Request) -> Task:
        return Submissions(self.tasks, self.machine, self.keys).submit(asked, at=AT)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def validation() -> Request:
    return signed(TaskAct.VALIDATE)


@pytest.mark.parametrize("asked", [delivery, sending, signed, validation])
def test_a_request_is_kept_as_it_came_and_started_once(desk: Desk, asked: Callable[[], Request]) -> None:
    told = asked()
    task = desk.submit(told)
    kept = desk.tasks.tasks[task.id]
    assert (kept.body, kept.identity) == (told.body, identity_of(told.body))
    assert (kept.act, kept.event, kept.company, kept.sender) == (
        told.act,
        told.event,
        told.company,
        told.company,
    )
    assert task.state is TaskState.RECEIVED
    assert desk.machine.started == [(task.id, "0")]


def test_the_same_request_again_is_the_same_task(desk: Desk) -> None:
    told = delivery()
    assert desk.submit(told).id == desk.submit(told).id
    assert len(desk.tasks.tasks) == 1
    # Started again under the same name, which is one execution: whoever wrote it may have died before.
    assert len(set(desk.machine.started)) == 1


def test_a_request_that_was_answered_is_told_as_it_ended_and_not_started(desk: Desk) -> None:
    task = desk.submit(delivery_once := delivery())
    ended = replace(task, outcome=TaskOutcome(TaskState.DONE, AT, answer=b"sealed"))
    desk.tasks.tasks[task.id] = ended
    desk.machine.started.clear()
    assert desk.submit(delivery_once).state is TaskState.DONE
    assert desk.machine.started == []


def test_requests_that_differ_in_anything_are_tasks_of_their_own() -> None:
    told = delivery()
    others = [
        replace(told, act=TaskAct.SEND),
        replace(told, event=OTHER_EVENT),
        replace(told, company=OTHER_COMPANY),
        replace(told, body=told.body + b"A"),
    ]
    assert len({task_id_of(one) for one in (told, *others)}) == 5
    assert task_id_of(replace(told, received_from="another")) == task_id_of(told)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (lambda: delivery(event=OTHER_EVENT), SealReason.EVENT_MISMATCH),
        (lambda: delivery(sender=OTHER_COMPANY), SealReason.SENDER_MISMATCH),
        (lambda: delivery(kind=SealedKind.ENVIO), SealReason.KIND_MISMATCH),
        (lambda: signed(event=OTHER_EVENT), SealReason.EVENT_MISMATCH),
        (lambda: signed(company=OTHER_COMPANY), SealReason.COMPANY_MISMATCH),
        (lambda: replace(signed(), act=TaskAct.VALIDATE), SealReason.ACT_MISMATCH),
        (lambda: replace(delivery(), act=TaskAct.READ), SealReason.MALFORMED),
        (lambda: replace(signed(), act=TaskAct.DELIVER), SealReason.MALFORMED),
    ],
)
def test_what_a_body_says_of_itself_is_what_its_request_says_of_it(
    desk: Desk, asked: Callable[[], Request], reason: SealReason
) -> None:
    with refused(reason):
        desk.submit(asked())
    assert desk.tasks.tasks == {}


def test_a_sending_that_is_no_sending_says_so(desk: Desk) -> None:
    with refused(SealReason.KIND_MISMATCH):
        desk.submit(replace(delivery(), act=TaskAct.SEND))


def test_an_object_for_a_key_that_no_enclave_has_is_not_kept(desk: Desk) -> None:
    with refused(SealReason.KEY_UNKNOWN):
        desk.submit(delivery(key_id=KeyId.parse("chave-de-outro")))
    assert desk.tasks.tasks == {}


def test_nothing_is_sealed_to_an_enclave_that_has_no_keys(desk: Desk) -> None:
    desk.keys.items = []
    with refused(SealReason.KEY_UNKNOWN):
        desk.submit(delivery())


def test_a_key_opens_to_the_end_of_its_overlap_and_not_beyond(desk: Desk) -> None:
    tick = timedelta(seconds=1)
    last = key_item(2, created=AT - ACTIVE_FOR - OVERLAP_FOR + tick)
    retired = key_item(3, created=AT - ACTIVE_FOR - OVERLAP_FOR)
    desk.keys.items = [last.to_bytes(), retired.to_bytes()]
    assert desk.submit(delivery(last)).state is TaskState.RECEIVED
    with refused(SealReason.KEY_UNKNOWN):
        desk.submit(delivery(retired))


def test_a_body_of_exactly_the_limit_is_looked_at_and_one_more_byte_is_not(desk: Desk) -> None:
    told = delivery()
    padded = told.body + b"A" * (LARGEST_REHEARSAL - len(told.body))
    assert desk.submit(replace(told, body=padded)).state is TaskState.RECEIVED
    with refused(SealReason.TOO_LARGE):
        desk.submit(replace(told, body=padded + b"A"))


def test_every_act_carries_one_thing_and_is_a_rehearsals_or_a_weeks() -> None:
    assert REHEARSED.keys() | OF_WEEK.keys() == set(TaskAct)
    assert not REHEARSED.keys() & OF_WEEK.keys()


def test_a_seal_says_who_it_is_from_and_a_statement_is_of_its_company() -> None:
    sealed = delivery(sender=OTHER_COMPANY)
    assert sender_of(sealed.act, sealed.company, sealed.body) == OTHER_COMPANY
    stated = signed()
    assert sender_of(stated.act, stated.company, stated.body) == stated.company
    with refused(SealReason.MALFORMED):
        sender_of(TaskAct.PORTFOLIO, stated.company, b"a.b.c")


def test_a_request_that_never_came_is_not_known(desk: Desk) -> None:
    submissions, told = Submissions(desk.tasks, desk.machine, desk.keys), delivery()
    assert submissions.known(told) is None
    task = desk.submit(told)
    assert submissions.known(told) == replace(task, body=b"")
