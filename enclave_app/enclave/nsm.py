"""The Nitro Security Module: attests, draws random bytes, keeps registers and tells the time.

Its driver takes one CBOR request and gives one CBOR reply (linux/nsm.h). On a desk a process behind a Unix
socket speaks the same CBOR, each message in a frame.
"""

import ctypes
import fcntl
import os
import struct
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import cbor2

from aval.attestation import cbor
from aval.attestation.document import parse_document
from aval.attestation.refusals import AttestationRefused
from enclave_app.enclave.addresses import Address, connect
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from enclave_app.protocol import ProtocolRefused, SocketStream, StreamEnded, read_frame, write_frame

MOST_REQUEST_BYTES: Final = 0x1000
MOST_REPLY_BYTES: Final = 0x3000
_RANDOM_BYTES: Final = 256
"""What one GetRandom gives at most."""
_IOVECS: Final = struct.Struct("@QQQQ")
# _IOWR(0x0A, 0, struct nsm_raw): direction 3, 32 bytes, magic 0x0A, number 0 (asm-generic/ioctl.h).
_IOCTL_RAW: Final = 3 << 30 | _IOVECS.size << 16 | 0x0A << 8
_TIMEOUT_SECONDS: Final = 10.0
_ERRORS: Final = {
    "InvalidArgument",
    "InvalidIndex",
    "InvalidResponse",
    "ReadOnlyIndex",
    "InvalidOperation",
    "BufferTooSmall",
    "InputTooLarge",
    "InternalError",
}


class NsmChannel(Protocol):
    def exchange(self, request: bytes) -> bytes:
        """Give the reply to one request; raise `OSError` or `ProtocolRefused`."""


class NsmDevice:
    """The driver of the kernel. It serves one request at a time and is opened for each."""

    def __init__(self, path: Path = Path("/dev/nsm")) -> None:
        self._path = path

    def exchange(self, request: bytes) -> bytes:
        outgoing = ctypes.create_string_buffer(request, len(request))
        incoming = ctypes.create_string_buffer(MOST_REPLY_BYTES)
        message = bytearray(
            _IOVECS.pack(
                ctypes.addressof(outgoing), len(request), ctypes.addressof(incoming), MOST_REPLY_BYTES
            )
        )
        descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.ioctl(descriptor, _IOCTL_RAW, message, True)
        finally:
            os.close(descriptor)
        # The driver puts the length of the reply where the room for it was told.
        length = _IOVECS.unpack(message)[3]
        return incoming.raw[: min(length, MOST_REPLY_BYTES)]


class NsmSocket:
    """The simulated module of a desk; one connection for each request."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def exchange(self, request: bytes) -> bytes:
        with connect(self._address, timeout_seconds=_TIMEOUT_SECONDS) as connection:
            stream = SocketStream(connection, seconds=_TIMEOUT_SECONDS)
            write_frame(stream, request, limit=MOST_REQUEST_BYTES)
            return read_frame(stream, limit=MOST_REPLY_BYTES)


def channel_to(address: Address | None) -> NsmChannel:
    """Of a measured configuration's `nsm`."""
    return NsmDevice() if address is None else NsmSocket(address)


class Nsm:
    def __init__(self, channel: NsmChannel) -> None:
        self._channel = channel

    def attest(
        self,
        *,
        user_data: bytes | None = None,
        nonce: bytes | None = None,
        public_key: bytes | None = None,
    ) -> bytes:
        """Give an attestation document; raise `EnclaveRefused` when the module gives none."""
        asked = {"user_data": user_data, "nonce": nonce, "public_key": public_key}
        return _bytes(self._ask("Attestation", asked), "document")

    def random(self, size: int) -> bytes:
        """Give random bytes, as many as asked for, however few one request gives."""
        drawn = bytearray()
        while len(drawn) < size:
            piece = _bytes(self._ask("GetRandom", None), "random")
            if not 0 < len(piece) <= _RANDOM_BYTES:
                raise _failed()
            drawn += piece
        return bytes(drawn[:size])

    def describe_pcr(self, index: int) -> tuple[bool, bytes]:
        """Tell whether the register is locked, and what it holds."""
        told = self._ask("DescribePCR", {"index": index})
        locked = told.get("lock")
        if not isinstance(locked, bool):
            raise _failed()
        return locked, _bytes(told, "data")

    def extend_pcr(self, index: int, data: bytes) -> bytes:
        """Give what the register holds afterwards; raise `EnclaveRefused` for a locked one."""
        return _bytes(self._ask("ExtendPCR", {"index": index, "data": data}), "data")

    def lock_pcr(self, index: int) -> None:
        self._ask("LockPCR", {"index": index})

    def now(self) -> datetime:
        """The module's own time, which the parent does not set: the timestamp of a new document."""
        try:
            return parse_document(self.attest()).content.timestamp
        except AttestationRefused as error:
            raise _failed() from error

    def _ask(self, request: str, arguments: Mapping[str, object] | None) -> Mapping[str, object]:
        """Send as `serde_cbor` writes it: a name alone, or a map of the one name."""
        asked = cbor2.dumps({request: arguments} if arguments is not None else request)
        try:
            reply = cbor.decode(self._channel.exchange(asked))
        except (OSError, ProtocolRefused, StreamEnded, AttestationRefused) as error:
            raise _failed() from error
        if reply == request:
            return {}
        if isinstance(reply, dict) and set(reply) == {request}:
            told = reply[request]
            if isinstance(told, dict):
                return {str(name): value for name, value in told.items()}
        raise _failed(reply)


def _bytes(told: Mapping[str, object], name: str) -> bytes:
    value = told.get(name)
    if not isinstance(value, bytes):
        raise _failed()
    return value


def _failed(reply: object = None) -> EnclaveRefused:
    detail = "o módulo de segurança (NSM) não respondeu como previsto"
    # Its error names are a short list of words; anything else that it says is not repeated.
    named = reply.get("Error") if isinstance(reply, dict) else None
    if isinstance(named, str) and named in _ERRORS:
        detail = f"o módulo de segurança (NSM) recusou: {named}"
    return EnclaveRefused(EnclaveReason.NSM_FAILED, detail)
