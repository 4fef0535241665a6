"""What parent and enclave say to one another, over any stream (docs/confidential.md, section Messages)."""

import socket
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from typing import Any, Final, Protocol

import cbor2

from aval.attestation import cbor
from aval.attestation.refusals import AttestationRefused
from aval.prudential.lotes import MOST_CHUNKS

MAX_FRAME: Final = 1 << 20
# A sealed object is at most 70 MB: a request brings it and a record, a reply a record and an answer.
MAX_BODY: Final = 192 << 20
# Of a lote an answer and records for each chunk; of a request a body and what the act needs beside it.
MAX_PARTS: Final = 2 * MOST_CHUNKS + 8
_LEAST: Final = -(1 << 63)
_LENGTH: Final = struct.Struct(">I")


class Operation(StrEnum):
    STATE = "estado"
    CREDENTIALS = "credenciais"
    CEREMONY = "cerimonia"
    EVENT = "evento"
    JOURNAL = "diario"
    KEY = "chave"
    TASK = "tarefa"


class ProtocolFault(StrEnum):
    FRAME_TOO_LARGE = "QUADRO_GRANDE"
    FRAME_INCOMPLETE = "QUADRO_INCOMPLETO"
    BODY_TOO_LARGE = "CORPO_GRANDE"
    BODY_UNEXPECTED = "CORPO_INESPERADO"
    MESSAGE_MALFORMED = "MENSAGEM_INVALIDA"


class ProtocolRefused(Exception):
    """What came is no message of this protocol; the stream is not to be read any further."""

    def __init__(self, fault: ProtocolFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class StreamEnded(Exception):
    """The other side closed between two messages, which is how a conversation ends."""


class Source(Protocol):
    def read(self, size: int, /) -> bytes:
        """Give from one to `size` bytes; none when the stream has ended."""


class Sink(Protocol):
    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""


class SocketStream:
    """A connected socket as source and sink; all that is said over it is said within `seconds`."""

    def __init__(self, connection: socket.socket, *, seconds: float) -> None:
        self._connection = connection
        self._ends = time.monotonic() + seconds

    def read(self, size: int, /) -> bytes:
        self._connection.settimeout(self._seconds_left())
        return self._connection.recv(size)

    def write(self, data: bytes, /) -> None:
        self._connection.settimeout(self._seconds_left())
        self._connection.sendall(data)

    def _seconds_left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the conversation took too long")
        return left


def read_frame(source: Source, *, limit: int = MAX_FRAME) -> bytes:
    """Read one frame; raise `StreamEnded` where none begins, `ProtocolRefused` for a large or half one."""
    prefix = _read_exactly(source, _LENGTH.size, at_start=True)
    (length,) = _LENGTH.unpack(prefix)
    # The cap comes before any memory is taken: who sends the length may be anybody.
    if length > limit:
        raise ProtocolRefused(ProtocolFault.FRAME_TOO_LARGE)
    return _read_exactly(source, length, at_start=False)


def write_frame(sink: Sink, content: bytes, *, limit: int = MAX_FRAME) -> None:
    if len(content) > limit:
        raise ProtocolRefused(ProtocolFault.FRAME_TOO_LARGE)
    sink.write(_LENGTH.pack(len(content)) + content)


@dataclass(frozen=True, slots=True)
class Message:
    """A map of small things, and the large ones after it, in an order that the operation tells."""

    fields: Mapping[str, Any] = field(repr=False)
    parts: tuple[bytes, ...] = field(default=(), repr=False)


def read_message(source: Source) -> Message:
    """Read one message; raise `StreamEnded` where none begins, `ProtocolRefused` for anything else."""
    fields = _read_fields(read_frame(source))
    sizes = _part_sizes(fields.pop("corpo", []))
    return Message(fields, tuple(_read_part(source, size) for size in sizes))


def write_message(sink: Sink, message: Message) -> None:
    sizes = [len(part) for part in message.parts]
    _part_sizes(sizes)
    fields = {**message.fields, "corpo": sizes} if sizes else dict(message.fields)
    write_frame(sink, cbor2.dumps(fields, canonical=True))
    for part in message.parts:
        view = memoryview(part)
        for start in range(0, len(part), MAX_FRAME):
            write_frame(sink, bytes(view[start : start + MAX_FRAME]))


def refusal(reason: str, detail: str) -> Message:
    """Return the reply that says why not."""
    return Message({"ok": False, "motivo": reason, "detalhe": detail})


def _read_fields(frame: bytes) -> dict[str, Any]:
    # Our own reader: cbor2 takes doubled keys and bytes after the end, and makes whatever a tag asks for.
    try:
        decoded = cbor.decode(frame)
        _require_plain(decoded)
        encoded = cbor2.dumps(decoded, canonical=True)
    except (AttestationRefused, ValueError) as error:
        raise ProtocolRefused(ProtocolFault.MESSAGE_MALFORMED) from error
    # There is one encoding of a message (RFC 8949, section 4.2.1): no length left open, none longer than due.
    if encoded != frame or not isinstance(decoded, dict):
        raise ProtocolRefused(ProtocolFault.MESSAGE_MALFORMED)
    return {str(key): value for key, value in decoded.items()}


def _require_plain(value: cbor.Value) -> None:
    """Raise `ValueError` at a tag, a key that is no text, or a number of more than 64 bits."""
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a key that is no text")
        for member in value.values():
            _require_plain(member)
    elif isinstance(value, list):
        for member in value:
            _require_plain(member)
    elif isinstance(value, cbor.Tagged) or (isinstance(value, int) and not _LEAST <= value < -_LEAST):
        raise ValueError("a kind of value that no message has")


def _part_sizes(told: object) -> Sequence[int]:
    if not isinstance(told, list) or len(told) > MAX_PARTS:
        raise ProtocolRefused(ProtocolFault.MESSAGE_MALFORMED)
    if not all(type(size) is int and size >= 0 for size in told):
        raise ProtocolRefused(ProtocolFault.MESSAGE_MALFORMED)
    if sum(told) > MAX_BODY:
        raise ProtocolRefused(ProtocolFault.BODY_TOO_LARGE)
    return told


def _read_part(source: Source, size: int) -> bytes:
    # Its buffer is given away whole in the end: a part may be 70 MB, and is not held twice.
    taken = BytesIO()
    while taken.tell() < size:
        try:
            content = read_frame(source, limit=min(MAX_FRAME, size - taken.tell()))
        except StreamEnded as error:
            raise ProtocolRefused(ProtocolFault.FRAME_INCOMPLETE) from error
        # An empty frame brings the end no nearer: a sender could go on for ever.
        if not content:
            raise ProtocolRefused(ProtocolFault.BODY_UNEXPECTED)
        taken.write(content)
    return taken.getvalue()


def _read_exactly(source: Source, size: int, *, at_start: bool) -> bytes:
    taken = bytearray()
    while len(taken) < size:
        piece = source.read(size - len(taken))
        if not piece:
            if at_start and not taken:
                raise StreamEnded
            raise ProtocolRefused(ProtocolFault.FRAME_INCOMPLETE)
        taken += piece
    return bytes(taken)
