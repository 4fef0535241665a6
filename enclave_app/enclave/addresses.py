"""Where a stream leads to: `unix:/path` on a desk, `vsock:CID:PORT` in an enclave (vsock(7))."""

import contextlib
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PARENT_CID: Final = 3
"""The parent instance, seen from its enclaves (AWS Nitro Enclaves, section vsock)."""
ANY_CID: Final = 0xFFFFFFFF
_VSOCK: Final = re.compile(r"vsock:([0-9]{1,10}):([0-9]{1,10})")
_MOST: Final = 0xFFFFFFFF
_LONGEST_PATH: Final = 107
"""Bytes of `sun_path` without its closing zero (unix(7))."""
_BACKLOG: Final = 16


@dataclass(frozen=True, slots=True)
class UnixAddress:
    path: str

    def __str__(self) -> str:
        return f"unix:{self.path}"


@dataclass(frozen=True, slots=True)
class VsockAddress:
    cid: int
    port: int

    def __str__(self) -> str:
        return f"vsock:{self.cid}:{self.port}"


Address = UnixAddress | VsockAddress


def parse_address(text: str) -> Address:
    """Raise `ValueError` for what is no address."""
    if text.startswith("unix:/") and len(text.removeprefix("unix:").encode()) <= _LONGEST_PATH:
        return UnixAddress(text.removeprefix("unix:"))
    matched = _VSOCK.fullmatch(text)
    if not matched:
        raise ValueError("an address is unix:/path or vsock:CID:PORT")
    cid, port = int(matched[1]), int(matched[2])
    if cid > _MOST or port > _MOST:
        raise ValueError("a context id and a port of vsock have 32 bits")
    return VsockAddress(cid, port)


def connect(address: Address, *, timeout_seconds: float) -> socket.socket:
    """Raise `OSError` when nobody listens there."""
    stream = _new_socket(address)
    stream.settimeout(timeout_seconds)
    try:
        stream.connect(_target(address))
    except OSError:
        stream.close()
        raise
    return stream


def listen(address: Address) -> socket.socket:
    """Take the place over from a process that died, and let nobody but this user in."""
    stream = _new_socket(address)
    try:
        if isinstance(address, UnixAddress):
            with contextlib.suppress(FileNotFoundError):
                Path(address.path).unlink()
        stream.bind(_target(address))
        if isinstance(address, UnixAddress):
            Path(address.path).chmod(0o600)
        stream.listen(_BACKLOG)
    except OSError:
        stream.close()
        raise
    return stream


def _new_socket(address: Address) -> socket.socket:
    family = socket.AF_UNIX if isinstance(address, UnixAddress) else socket.AF_VSOCK
    return socket.socket(family, socket.SOCK_STREAM)


def _target(address: Address) -> str | tuple[int, int]:
    return address.path if isinstance(address, UnixAddress) else (address.cid, address.port)
