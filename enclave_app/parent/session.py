"""What the parent does so that the enclave can answer: brings it credentials, its keys and its weeks.

An enclave that was started anew knows nothing. It says what it lacks, and is given that and asked again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Final

from aval.identifiers import EventCode
from aval.prudential.vault import CommitLost, Vault
from enclave_app.parent.conversation import Converse, EnclaveDeclined, EnclaveUnreachable
from enclave_app.protocol import Message, Operation

# A killed enclave is back within seconds: its supervisor starts it again.
PAUSES_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
_MOST_INTRODUCTIONS: Final = 8
_MOST_CEREMONIES: Final = 8


@dataclass(frozen=True, slots=True)
class RoleCredentials:
    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)


class EnclaveSession:
    def __init__(
        self,
        converse: Converse,
        vault: Vault,
        credentials: Callable[[], RoleCredentials],
        pause: Callable[[float], object],
        *,
        kms_key: str | None = None,
    ) -> None:
        """`credentials` gives those of this moment; `pause` waits that many seconds.

        `kms_key` is the key of this region; the enclave takes it if it is one that was measured.
        """
        self._converse = converse
        self._vault = vault
        self._credentials = credentials
        self._pause = pause
        self._kms_key = kms_key
        self._given: RoleCredentials | None = None
        # The ceremony may be held while a week is introduced.
        self._lock = RLock()

    def ask(self, operation: Operation, *parts: bytes, **fields: Any) -> Message:
        """Return the reply to it; raise `EnclaveDeclined` or `EnclaveUnreachable`."""
        message = Message({"op": operation.value, **fields}, parts)
        for _ in range(_MOST_INTRODUCTIONS):
            self._renew_credentials()
            reply = self._reached(message)
            if reply.fields.get("ok") is True:
                return reply
            declined = EnclaveDeclined(str(reply.fields.get("motivo")), reply.fields)
            self._supply(declined, fields)
        raise declined

    def hold_ceremony(self) -> None:
        """Show the enclave its key items, store what it makes anew, and let it destroy what is over."""
        with self._lock:
            for _ in range(_MOST_CEREMONIES):
                reply = self.ask(Operation.CEREMONY, itens=list(self._vault.key_items())).fields
                for version in reply["destruidas"]:
                    self._vault.destroy_key_item(version)
                if "item" not in reply:
                    return
                self._store_key_item(reply["versao"], reply["item"])

    def _supply(self, declined: EnclaveDeclined, fields: dict[str, Any]) -> None:
        """Bring what the enclave lacks; raise `declined` when it is none of that."""
        match declined.reason:
            case "SEM_CREDENCIAIS":
                self._given = None
            case "SEM_CHAVES":
                self.hold_ceremony()
            case "SEM_EVENTO":
                self._introduce(EventCode.parse(fields["evento"]))
            case _:
                raise declined

    def _introduce(self, event: EventCode) -> None:
        with self._lock:
            wrapped = self._vault.event_key(event)
            if wrapped is None:
                self._store_event_key(event, self.ask(Operation.EVENT, evento=event).fields["chave"])
                wrapped = self._vault.event_key(event)
            self.ask(Operation.EVENT, evento=event, chave=wrapped)

    def _store_key_item(self, version: int, item: bytes) -> None:
        # Another enclave may have stored a pair of that version first: then that one counts.
        with suppress(CommitLost):
            self._vault.add_key_item(version, item)

    def _store_event_key(self, event: EventCode, wrapped: bytes) -> None:
        with suppress(CommitLost):
            self._vault.add_event_key(event, wrapped)

    def _renew_credentials(self) -> None:
        current = self._credentials()
        if current == self._given:
            return
        told = {"chave": current.access_key, "segredo": current.secret_key, "sessao": current.token}
        fields = {"op": Operation.CREDENTIALS.value, "chaveKms": self._kms_key, **told}
        reply = self._reached(Message(fields))
        if reply.fields.get("ok") is not True:
            raise EnclaveDeclined(str(reply.fields.get("motivo")), reply.fields)
        self._given = current

    def _reached(self, message: Message) -> Message:
        for seconds in PAUSES_SECONDS:
            try:
                return self._converse(message)
            except EnclaveUnreachable:
                self._pause(seconds)
        return self._converse(message)
