"""The enclave's way to KMS: bytes in and out, to one host and no other.

TLS is between the enclave and KMS; here is nothing to read, and nothing that could choose where to.
"""

import socket
from threading import BoundedSemaphore, Event, Thread
from typing import Final

from aval.edge.logs import logger
from enclave_app.enclave.addresses import Address, listen

CONNECT_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 30.0
MOST_CONNECTIONS: Final = 32
_CHUNK: Final = 1 << 16


class Relay:
    def __init__(self, address: Address, host: str, port: int) -> None:
        self._listener = listen(address)
        self._target = (host, port)
        self._free = BoundedSemaphore(MOST_CONNECTIONS)
        self._stopped = Event()

    def serve(self) -> None:
        """Take connections until `stop`."""
        while not self._stopped.is_set():
            self._free.acquire()
            try:
                inner, _ = self._listener.accept()
            except OSError as error:
                self._free.release()
                if not self._stopped.is_set():
                    logger.error("relay does not accept", error_type=type(error).__name__)
                    self._stopped.wait(0.1)
                continue
            Thread(target=self._relay, args=(inner,), daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _relay(self, inner: socket.socket) -> None:
        try:
            with inner, socket.create_connection(self._target, timeout=CONNECT_SECONDS) as outer:
                for end in (inner, outer):
                    end.settimeout(IDLE_SECONDS)
                back = Thread(target=_pipe, args=(outer, inner), daemon=True)
                back.start()
                _pipe(inner, outer)
                back.join()
        except OSError as error:
            # The enclave sees its stream end, and says that KMS was not reached.
            logger.warning("relay has no way to KMS", error_type=type(error).__name__)
        finally:
            self._free.release()


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    """Copy until the source ends or is idle too long, then tell the sink that no more comes."""
    try:
        while content := source.recv(_CHUNK):
            sink.sendall(content)
    except OSError:
        # One end went away: so does the other.
        _shut(source)
    _shut(sink)


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_WR)
    except OSError:
        return
