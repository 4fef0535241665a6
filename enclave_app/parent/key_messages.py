"""A message of the key queue: a fresh attestation for whoever waits at the door, who waits 20 seconds."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from aval.adapters.sqs_work import Received, WorkQueue
from aval.edge.logs import logger
from aval.moments import Clock
from aval.prudential.vault import KeyAnswer, Vault
from enclave_app.parent.conversation import EnclaveDeclined
from enclave_app.parent.session import EnclaveSession
from enclave_app.protocol import Operation

WAITED_FOR: Final = timedelta(seconds=30)
_KEPT_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class KeyMessage:
    request: str
    nonce: bytes

    @classmethod
    def read(cls, body: str) -> Self | None:
        """None for what is no such message."""
        try:
            match json.loads(body):
                case {"pedido": str(request), "nonce": str(nonce)} if request:
                    return cls(request, bytes.fromhex(nonce))
        except ValueError:
            return None
        return None


class KeyMessages:
    def __init__(self, queue: WorkQueue, session: EnclaveSession, vault: Vault, clock: Clock) -> None:
        self._queue = queue
        self._session = session
        self._vault = vault
        self._clock = clock

    def handle(self, received: Received) -> None:
        """Raise what keeps the message in the queue, so that it comes again."""
        message = KeyMessage.read(received.body)
        if message is None:
            logger.error("message of the key queue is none")
        elif self._clock() - received.sent_at > WAITED_FOR:
            logger.warning("request for the key came too late")
        else:
            self._answer(message)
        self._queue.delete(received)

    def _answer(self, message: KeyMessage) -> None:
        try:
            offered = self._session.ask(Operation.KEY, nonce=message.nonce).fields
        except EnclaveDeclined as declined:
            # Who asked is told nothing in time, and asks again.
            logger.error("enclave gives no key", reason=declined.reason)
            return
        answer = KeyAnswer(offered["atestado"], offered["declaracao"], offered["assinatura"])
        self._vault.give_key_answer(message.request, answer, until=self._clock() + _KEPT_FOR)
