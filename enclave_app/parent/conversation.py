"""One message to the enclave and its reply, over a connection of its own."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from enclave_app.enclave.addresses import Address, connect
from enclave_app.protocol import (
    Message,
    ProtocolRefused,
    SocketStream,
    StreamEnded,
    read_message,
    write_message,
)

CONNECT_SECONDS: Final = 5.0
# A lote of 20 000 agents is read, computed and sealed in one conversation.
CONVERSATION_SECONDS: Final = 540.0

Converse = Callable[[Message], Message]


class EnclaveUnreachable(Exception):
    """Nobody answered, or whoever did went away half-way; the enclave may be starting anew."""


class EnclaveDeclined(Exception):
    """The enclave answered that it does not; the code tells why."""

    def __init__(self, reason: str, fields: Mapping[str, Any]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields


def conversation_with(address: Address, *, seconds: float = CONVERSATION_SECONDS) -> Converse:
    """Return what sends a message there and gives the reply; it raises `EnclaveUnreachable`."""

    def converse(message: Message) -> Message:
        try:
            with connect(address, timeout_seconds=CONNECT_SECONDS) as connection:
                stream = SocketStream(connection, seconds=seconds)
                write_message(stream, message)
                return read_message(stream)
        except (OSError, StreamEnded, ProtocolRefused) as error:
            raise EnclaveUnreachable(type(error).__name__) from error

    return converse
