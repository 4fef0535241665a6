"""Which ports of the loopback a stack takes."""

import argparse
import errno
import socket
from dataclasses import dataclass, fields
from typing import Self

HOST = "127.0.0.1"
LOWEST, HIGHEST = 1024, 65535


class PortTaken(Exception):
    """Somebody else listens where this stack was to listen."""


@dataclass(frozen=True, slots=True)
class Ports:
    people: int = 8443
    systems: int = 9443
    emulator: int = 4566
    mailbox: int = 8025
    wsdl: int = 9442
    kms: int = 9444
    cognito: int = 9445

    @classmethod
    def from_base(cls, base: int) -> Self:
        return cls(*range(base, base + len(fields(cls))))

    @classmethod
    def free(cls) -> Self:
        sockets = [socket.socket() for _ in fields(cls)]
        try:
            for opened in sockets:
                opened.bind((HOST, 0))
            return cls(*(opened.getsockname()[1] for opened in sockets))
        finally:
            for opened in sockets:
                opened.close()

    @classmethod
    def from_text(cls, base: str) -> Self:
        """`from_base` for a command's argument."""
        last = HIGHEST + 1 - len(fields(cls))
        if not base.isdecimal() or not LOWEST <= int(base) <= last:
            raise argparse.ArgumentTypeError(f"{base!r} is no port from {LOWEST} to {last}")
        return cls.from_base(int(base))

    def require_free(self) -> None:
        """Raise `PortTaken` naming the first port on which somebody listens."""
        for field in fields(self):
            port = getattr(self, field.name)
            with socket.socket() as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    tried.bind((HOST, port))
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        raise
                    raise PortTaken(
                        f"port {port} ({field.name}) is taken by another program; choose others with "
                        f'make run ARGS="--port-base 20000" (seven in a row) or ARGS=--free-ports'
                    ) from error
