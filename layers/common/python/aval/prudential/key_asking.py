"""A fresh attestation of the enclave's key, asked for and waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aval.prudential.refusals import KeyUnavailable
from aval.prudential.vault import KeyAnswer


class KeyQueue(Protocol):
    def ask(self, request: str, nonce: bytes) -> None:
        """Leave a request for any enclave; the first that takes it answers under its code."""


class KeyAnswers(Protocol):
    def key_answer(self, request: str) -> KeyAnswer | None: ...


@dataclass(frozen=True, slots=True)
class KeyDesk:
    queue: KeyQueue
    answers: KeyAnswers
    pause: Callable[[], None]

    def ask(self, nonce: bytes, *, request: str, is_time_up: Callable[[], bool]) -> KeyAnswer:
        """Raise `KeyUnavailable` when the time is up first; an answer that comes later is nobody's."""
        self.queue.ask(request, nonce)
        while not is_time_up():
            answer = self.answers.key_answer(request)
            if answer is not None:
                return answer
            self.pause()
        raise KeyUnavailable
