"""A parent's queues and tokens in memory: what came, what was kept, and what the machine was told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, cast

from aval.adapters.sqs_work import QueueUnavailable, Received, WorkQueue
from aval.adapters.stepfunctions_tokens import TaskTokens, TokenDead, TokensUnavailable
from aval.prudential.tasks import Task
from enclave_app.parent.key_messages import KeyMessages
from enclave_app.parent.task_messages import TaskMessages
from tests.support.enclave import Desk, Parent

TOKEN: Final = "a-token-of-the-machine"


@dataclass
class Queue:
    messages: list[Received] = field(default_factory=list)
    kept: int = 0
    deleted: list[str] = field(default_factory=list)
    failing: int = 0

    def receive(self) -> Received | None:
        if self.failing:
            self.failing -= 1
            raise QueueUnavailable("planted")
        return self.messages.pop(0) if self.messages else None

    def keep(self, received: Received) -> None:
        self.kept += 1

    def delete(self, received: Received) -> None:
        self.deleted.append(received.handle)


@dataclass
class Tokens:
    dead_after: float = float("inf")
    unavailable: bool = False
    kept: int = 0
    succeeded: list[Mapping[str, object]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, token: str) -> None:
        assert token == TOKEN
        if self.kept >= self.dead_after:
            raise TokenDead
        self.kept += 1

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        if self.unavailable:
            raise TokensUnavailable("planted")
        self.keep(token)
        self.succeeded.append(output)

    def fail(self, token: str, *, error: str, cause: str) -> None:
        self.keep(token)
        self.failed.append((error, cause))


@dataclass
class Host:
    desk: Desk
    parent: Parent
    queue: Queue = field(default_factory=Queue)
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def tasks(self) -> TaskMessages:
        queue, tokens = cast("WorkQueue", self.queue), cast("TaskTokens", self.tokens)
        return TaskMessages(queue, tokens, self.parent.work, self.parent.lotes, heartbeat_seconds=60)

    @property
    def keys(self) -> KeyMessages:
        queue = cast("WorkQueue", self.queue)
        return KeyMessages(queue, self.parent.session, self.desk.vault, lambda: self.desk.now)

    def message(self, task: Task) -> Received:
        self.desk.vault.tasks.setdefault(task.id, task)
        return self.received(json.dumps({"tarefa": task.id, "token": TOKEN, "transacao": "t-1"}))

    def received(self, body: str, *, age: timedelta = timedelta()) -> Received:
        return Received(body, f"handle-{len(body)}", self.desk.now - age)
