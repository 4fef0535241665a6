"""The module behind a socket: one request a connection, and a reply whatever comes."""

import socket
import stat
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest

from enclave_app.protocol import SocketStream, read_frame, write_frame
from local.nsm.__main__ import NsmServer
from local.nsm.device import MOST_REQUEST_BYTES, SimulatedNsm
from tests.support.nitro import Module

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "nsm.sock"
    with NsmServer(path, Module().nsm) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield path
        server.shutdown()
        thread.join()


def connected(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(path))
    return connection


def asked(path: Path, sent: bytes) -> bytes:
    with connected(path) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return read_frame(SocketStream(connection, seconds=5))


def framed(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def test_answers_one_request_a_connection(served: Path) -> None:
    for _ in range(3):
        with connected(served) as connection:
            stream = SocketStream(connection, seconds=5)
            write_frame(stream, cbor2.dumps("GetRandom"))
            assert len(cbor2.loads(read_frame(stream))["GetRandom"]["random"]) == 256
            assert connection.recv(1) == b""


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (framed(b"\xff"), "InvalidArgument"),
        (framed(b""), "InvalidArgument"),
        (struct.pack(">I", MOST_REQUEST_BYTES + 1), "InputTooLarge"),
        (b"\xff\xff\xff\xff", "InputTooLarge"),
        (framed(b"abc")[:-1], "InvalidArgument"),
    ],
    ids=["garbage", "empty", "oversize", "huge", "half"],
)
def test_whatever_comes_there_is_a_reply(served: Path, sent: bytes, error: str) -> None:
    assert cbor2.loads(asked(served, sent)) == {"Error": error}


def test_goes_on_after_who_asked_has_gone(served: Path) -> None:
    for sent in (b"", b"\x00", framed(cbor2.dumps("GetRandom"))):
        with connected(served) as connection:
            connection.sendall(sent)
    assert b"random" in asked(served, framed(cbor2.dumps("GetRandom")))


def test_a_fault_of_its_own_is_told_as_one(
    served: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(SimulatedNsm, "reply", broken)
    assert cbor2.loads(asked(served, framed(cbor2.dumps("GetRandom")))) == {"Error": "InternalError"}
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_socket_is_the_users_alone_and_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "nsm.sock"
    for _ in range(2):
        with NsmServer(path, Module().nsm):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
