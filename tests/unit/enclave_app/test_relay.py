import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from enclave_app.enclave.addresses import UnixAddress, connect
from enclave_app.parent.relay import Relay

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def echoing() -> Iterator[tuple[str, int]]:
    """A host that sends back all that came, once no more comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    taken = b""
                    while piece := connection.recv(65536):
                        taken += piece
                    connection.sendall(taken)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()


def exchange(address: UnixAddress, content: bytes) -> bytes:
    with connect(address, timeout_seconds=10) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        taken = b""
        while piece := connection.recv(65536):
            taken += piece
        return taken


def started(folder: Path, host: str, port: int) -> tuple[Relay, threading.Thread, UnixAddress]:
    address = UnixAddress(str(folder / "relay"))
    relay = Relay(address, host, port)
    thread = threading.Thread(target=relay.serve, daemon=True)
    thread.start()
    return relay, thread, address


def test_bytes_go_both_ways_as_they_are(tmp_path: Path, echoing: tuple[str, int]) -> None:
    relay, thread, address = started(tmp_path, *echoing)
    content = bytes(range(256)) * 4000
    assert [exchange(address, content), exchange(address, b"again")] == [content, b"again"]
    relay.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_without_the_host_the_stream_ends_and_the_relay_goes_on(
    tmp_path: Path, echoing: tuple[str, int]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()
    relay, thread, address = started(tmp_path, *nobody)
    with connect(address, timeout_seconds=10) as connection:
        assert connection.recv(1) == b""
    assert thread.is_alive()
    relay.stop()
    thread.join(10)
