"""The doors of the confidential core: requests that are lawful outside, and fakes for what they call."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from aval.prudential.submitting import Request
from aval.prudential.tasks import Task, TaskAct, TaskId, TaskOutcome, TaskState, TaskUnknown
from aval.sealing.envelope import SealedKind, identity_of, seal
from aval.sealing.key_items import KeyItem, KeyPairs, wrap
from aval.sealing.statements import Act, sign_statement
from tests.support import sealing


@cache
def pairs(version: int, created: datetime) -> KeyPairs:
    return KeyPairs.make(version, created)


def key_item(version: int = 1, *, created: datetime = sealing.AT - timedelta(days=1)) -> KeyItem:
    return wrap(pairs(version, created), b"\x07" * 32, b"wrapped by kms")


@dataclass
class KeyItemsGiven:
    items: list[bytes] = field(default_factory=lambda: [key_item().to_bytes()])

    def key_items(self) -> list[bytes]:
        return self.items


def delivery(item: KeyItem | None = None, **changes: Any) -> Request:
    told = {"key_id": (item or key_item()).key_id, **changes}
    body = seal(b'{"numero":"0.17"}', sealing.header(**told), sealing.sealing_key().public_key())
    return request(TaskAct.DELIVER, body)


def sending(**changes: Any) -> Request:
    return replace(delivery(kind=SealedKind.ENVIO, **changes), act=TaskAct.SEND)


def signed(act: TaskAct = TaskAct.READ, **changes: Any) -> Request:
    told = {"act": Act(act.value), "extra": {}, "subject": identity_of(b"stored"), **changes}
    return request(act, sign_statement(sealing.statement(**told), sealing.reader()).encode())


def request(act: TaskAct, body: bytes) -> Request:
    return Request(
        act=act,
        event=sealing.EVENT,
        company=sealing.COMPANY,
        sender=sealing.COMPANY,
        body=body,
        received_from="system:33047509000149",
    )


@dataclass
class TasksInMemory:
    tasks: dict[TaskId, Task] = field(default_factory=dict)

    def add(self, task: Task) -> bool:
        new = task.id not in self.tasks
        self.tasks.setdefault(task.id, task)
        return new

    def load(self, code: TaskId) -> Task:
        if code not in self.tasks:
            raise TaskUnknown("nenhuma tarefa com este código é visível para você")
        return replace(self.tasks[code], body=b"")

    def fail(self, code: TaskId, reason: str, *, at: datetime) -> None:
        task = self.tasks[code]
        if task.outcome is None:
            self.tasks[code] = replace(task, outcome=TaskOutcome(TaskState.FAILED, at, reason))

    def open_before(self, moment: datetime) -> list[TaskId]:
        found = [one for one in self.tasks.values() if one.outcome is None and one.received_at < moment]
        return [one.id for one in sorted(found, key=lambda one: one.received_at)]


@dataclass
class MachineNoting:
    running: set[TaskId] = field(default_factory=set)
    started: list[tuple[TaskId, str]] = field(default_factory=list)

    def start(self, code: TaskId, *, attempt: str) -> None:
        self.started.append((code, attempt))

    def is_running(self, code: TaskId) -> bool:
        return code in self.running
