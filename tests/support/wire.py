"""A wire between a client and a server that can be cut after the server has answered."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Wire:
    """Passes bytes on both ways; once armed, lets the server's next answer fall and hangs up."""

    port: int
    is_armed: threading.Event = field(default_factory=threading.Event)
    cuts: int = 0

    def carry(self, client: socket.socket, upstream: socket.socket) -> None:
        with client, upstream:
            back = threading.Thread(target=self._back, args=(upstream, client), daemon=True)
            back.start()
            with suppress(OSError):
                while data := client.recv(65_536):
                    upstream.sendall(data)
            with suppress(OSError):
                upstream.shutdown(socket.SHUT_WR)
            back.join()

    def _back(self, upstream: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := upstream.recv(65_536):
                if self.is_armed.is_set():
                    self.is_armed.clear()
                    self.cuts += 1
                    break
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(listening.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    upstream = socket.create_connection(("127.0.0.1", port))
                    threading.Thread(target=wire.carry, args=(client, upstream), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield wire
        listening.shutdown(socket.SHUT_RDWR)
