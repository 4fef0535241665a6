"""A message of the task queue: the task done, its token answered, and only then the message deleted."""

import json
from dataclasses import dataclass, field
from typing import Self

from aval.adapters.sqs_work import Received, WorkQueue
from aval.adapters.stepfunctions_tokens import TaskTokens, TokenDead
from aval.edge.logs import logger
from aval.identifiers import IdentifierInvalid
from aval.prudential.tasks import TaskId, TaskUnknown
from enclave_app.parent.conversation import EnclaveDeclined, EnclaveUnreachable
from enclave_app.parent.heartbeat import Heartbeat
from enclave_app.parent.work import NotWanted, TaskContended, TaskWork


@dataclass(frozen=True, slots=True)
class TaskMessage:
    task: TaskId
    token: str = field(repr=False)
    transaction_id: str

    @classmethod
    def read(cls, body: str) -> Self | None:
        """None for what is no such message."""
        try:
            match json.loads(body):
                case {"tarefa": str(task), "token": str(token), "transacao": str(transaction_id)}:
                    return cls(TaskId.parse(task), token, transaction_id)
        except (ValueError, IdentifierInvalid):
            return None
        return None


class TaskMessages:
    def __init__(
        self, queue: WorkQueue, tokens: TaskTokens, work: TaskWork, *, heartbeat_seconds: float
    ) -> None:
        self._queue = queue
        self._tokens = tokens
        self._work = work
        self._heartbeat_seconds = heartbeat_seconds

    def handle(self, received: Received) -> None:
        """Raise what keeps the message in the queue, so that it comes again."""
        message = TaskMessage.read(received.body)
        if message is None:
            logger.error("message of the task queue is none")
            self._queue.delete(received)
            return
        logger.info("task begins", transaction_id=message.transaction_id, task=message.task)
        how = self._done(message, received)
        logger.info("task ends", transaction_id=message.transaction_id, task=message.task, how=how)
        self._queue.delete(received)

    def _done(self, message: TaskMessage, received: Received) -> str:
        """Return how it went, once the token has been answered or is dead."""
        beat = Heartbeat(self._queue, received, self._tokens, message.token, seconds=self._heartbeat_seconds)
        with beat:
            try:
                state = self._work.do(message.task, is_wanted=beat.is_wanted)
            except NotWanted:
                return "NOT_WANTED"
            except TaskUnknown:
                return self._failed(message, "TaskUnknown", "")
            except TaskContended:
                return self._failed(message, "TaskContended", "")
            except EnclaveUnreachable:
                return self._failed(message, "EnclaveUnreachable", "")
            except EnclaveDeclined as declined:
                return self._failed(message, "EnclaveDeclined", declined.reason)
            return self._succeeded(message, state.value)

    def _succeeded(self, message: TaskMessage, state: str) -> str:
        try:
            self._tokens.succeed(message.token, {"tarefa": message.task, "estado": state})
        except TokenDead:
            # The outcome is in the table: whoever restarts the task finds it there.
            return f"{state}, token dead"
        return state

    def _failed(self, message: TaskMessage, error: str, cause: str) -> str:
        try:
            self._tokens.fail(message.token, error=error, cause=cause)
        except TokenDead:
            return f"{error} {cause}, token dead"
        return f"{error} {cause}".rstrip()
