"""While a task is done: one timer keeps its message from others and its token alive."""

from threading import Event, Thread
from types import TracebackType
from typing import Self

from aval.adapters.sqs_work import QueueUnavailable, Received, WorkQueue
from aval.adapters.stepfunctions_tokens import TaskTokens, TokenDead, TokensUnavailable


class Heartbeat:
    """Beats until left. Once the token is dead nobody waits for the work, and nothing of it is written."""

    def __init__(
        self, queue: WorkQueue, received: Received, tokens: TaskTokens, token: str, *, seconds: float
    ) -> None:
        self._queue = queue
        self._received = received
        self._tokens = tokens
        self._token = token
        self._seconds = seconds
        self._left = Event()
        self._dead = Event()
        self._thread = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()

    def is_wanted(self) -> bool:
        """Ask the state machine itself, at once: a beat may be long ago."""
        self._beat_once()
        return not self._dead.is_set()

    def _beat(self) -> None:
        while not self._left.wait(self._seconds) and not self._dead.is_set():
            self._beat_once()

    def _beat_once(self) -> None:
        try:
            self._tokens.keep(self._token)
            self._queue.keep(self._received)
        except TokenDead:
            self._dead.set()
        except (QueueUnavailable, TokensUnavailable):
            # Three beats fit into the time that the message is kept: the next may come through.
            return
