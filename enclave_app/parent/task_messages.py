"""A message of the task queue: the work done, its token answered, and only then the message deleted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from aval.adapters.sqs_work import Received, WorkQueue
from aval.adapters.stepfunctions_tokens import TaskTokens, TokenDead
from aval.edge.logs import logger
from aval.identifiers import IdentifierInvalid
from aval.prudential.lotes import LoteId, LoteOutcome
from aval.prudential.refusals import LoteUnknown
from aval.prudential.tasks import TaskId, TaskUnknown
from enclave_app.parent.conversation import EnclaveDeclined, EnclaveUnreachable
from enclave_app.parent.heartbeat import Heartbeat
from enclave_app.parent.lote_work import LoteEnded, LoteWork
from enclave_app.parent.turns import NotWanted, TaskContended
from enclave_app.parent.work import RecordAwaited, TaskWork

# Another try may mend some of these; for the others the machine has an end of its own.
_FAILING: Final = (TaskUnknown, LoteUnknown, LoteEnded, TaskContended, EnclaveUnreachable)


@dataclass(frozen=True, slots=True)
class WorkMessage:
    """A task, or a lote, and the token of whoever waits for it."""

    code: TaskId | LoteId
    token: str = field(repr=False)
    transaction_id: str

    @classmethod
    def read(cls, body: str) -> Self | None:
        """None for what is no such message."""
        try:
            match json.loads(body):
                case {"tarefa": str(task), "token": str(token), "transacao": str(transaction_id)}:
                    return cls(TaskId.parse(task), token, transaction_id)
                case {"lote": str(lote), "token": str(token), "transacao": str(transaction_id)}:
                    return cls(LoteId.parse(lote), token, transaction_id)
        except (ValueError, IdentifierInvalid):
            return None
        return None


@dataclass(frozen=True, slots=True)
class _Ended:
    """What the machine is told, and the log in a word."""

    output: Mapping[str, object]
    how: str


class TaskMessages:
    def __init__(
        self,
        queue: WorkQueue,
        tokens: TaskTokens,
        tasks: TaskWork,
        lotes: LoteWork,
        *,
        heartbeat_seconds: float,
    ) -> None:
        self._queue = queue
        self._tokens = tokens
        self._tasks = tasks
        self._lotes = lotes
        self._heartbeat_seconds = heartbeat_seconds

    def handle(self, received: Received) -> None:
        """Raise what keeps the message in the queue, so that it comes again."""
        message = WorkMessage.read(received.body)
        if message is None:
            logger.error("message of the task queue is none")
            self._queue.delete(received)
            return
        logger.info("work begins", transaction_id=message.transaction_id, code=message.code)
        try:
            how = self._done(message, received)
        except RecordAwaited:
            # Neither deleted nor answered: it comes again once its time is over, and its token lives on.
            logger.info("work waits for a lote", transaction_id=message.transaction_id, code=message.code)
            return
        logger.info("work ends", transaction_id=message.transaction_id, code=message.code, how=how)
        self._queue.delete(received)

    def _done(self, message: WorkMessage, received: Received) -> str:
        """Return how it went, once the token has been answered or is dead."""
        beat = Heartbeat(self._queue, received, self._tokens, message.token, seconds=self._heartbeat_seconds)
        with beat:
            try:
                ended = self._worked(message, beat)
            except NotWanted:
                return "NOT_WANTED"
            except _FAILING as error:
                return self._failed(message, type(error).__name__, "")
            except EnclaveDeclined as declined:
                return self._failed(message, "EnclaveDeclined", declined.reason)
            return self._succeeded(message, ended)

    def _worked(self, message: WorkMessage, beat: Heartbeat) -> _Ended:
        if isinstance(message.code, LoteId):
            outcome = self._lotes.do(message.code, is_wanted=beat.is_wanted)
            return _Ended({"pedacos": _chunks(message.code, outcome)}, f"{outcome.taken}/{outcome.refused}")
        state = self._tasks.do(message.code, is_wanted=beat.is_wanted)
        return _Ended({"tarefa": message.code, "estado": state.value}, state.value)

    def _succeeded(self, message: WorkMessage, ended: _Ended) -> str:
        try:
            self._tokens.succeed(message.token, ended.output)
        except TokenDead:
            # The outcome is in the table: whoever restarts the work finds it there.
            return f"{ended.how}, token dead"
        return ended.how

    def _failed(self, message: WorkMessage, error: str, cause: str) -> str:
        try:
            self._tokens.fail(message.token, error=error, cause=cause)
        except TokenDead:
            return f"{error} {cause}, token dead"
        return f"{error} {cause}".rstrip()


def _chunks(code: LoteId, outcome: LoteOutcome) -> list[Mapping[str, object]]:
    return [{"lote": code, "numero": number} for number in range(outcome.chunks)]
