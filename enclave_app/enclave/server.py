"""The listening end: one conversation a thread, each failure a reply, and a loop that outlives garbage."""

import json
import socket
import sys
from collections.abc import Callable
from threading import BoundedSemaphore, Event, Thread
from typing import Final

from enclave_app.protocol import (
    Message,
    ProtocolRefused,
    SocketStream,
    StreamEnded,
    read_message,
    refusal,
    write_message,
)

# Each may bring a sealed object of 70 MB, and an enclave's memory is fixed.
MOST_CONVERSATIONS: Final = 8
# The parent's are shorter, so that it is never left with half a reply.
CONVERSATION_SECONDS: Final = 600.0
INTERNAL: Final = "ERRO_INTERNO"

Handler = Callable[[Message], Message]


class Server:
    def __init__(
        self, listener: socket.socket, handler: Handler, *, seconds: float = CONVERSATION_SECONDS
    ) -> None:
        self._listener = listener
        self._handler = handler
        self._seconds = seconds
        self._free = BoundedSemaphore(MOST_CONVERSATIONS)
        self._stopped = Event()

    def serve(self) -> None:
        """Take connections until `stop`; one over the limit waits in the listener's queue."""
        while not self._stopped.is_set():
            self._free.acquire()
            try:
                connection, _ = self._listener.accept()
            except OSError as error:
                self._free.release()
                if not self._stopped.is_set():
                    report("accept failed", error)
                    # A process out of descriptors must not spin while it waits for one.
                    self._stopped.wait(0.1)
                continue
            Thread(target=self._converse, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        # Closing alone leaves `accept` waiting (accept(2)).
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _converse(self, connection: socket.socket) -> None:
        try:
            with connection:
                stream = SocketStream(connection, seconds=self._seconds)
                while self._answered_one(stream):
                    pass
        except (OSError, StreamEnded):
            # Who closed, or was too slow, is not there to be told.
            return
        finally:
            self._free.release()

    def _answered_one(self, stream: SocketStream) -> bool:
        """Answer one message; False when the stream cannot be read any further."""
        try:
            message = read_message(stream)
        except ProtocolRefused as error:
            write_message(stream, refusal(error.fault.value, "o que veio não é uma mensagem deste protocolo"))
            return False
        write_message(stream, self._reply(message))
        return True

    def _reply(self, message: Message) -> Message:
        try:
            return self._handler(message)
        except Exception as error:  # noqa: BLE001  # the outermost edge: what is unforeseen is a reply too
            report("unexpected failure", error)
            return refusal(INTERNAL, "o enclave não pôde atender ao pedido")


def report(what: str, error: BaseException) -> None:
    """Say where an error arose, never its text: that may quote what was being read."""
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    line = {"message": what, "error_type": type(error).__name__, "frames": frames[-12:]}
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()
