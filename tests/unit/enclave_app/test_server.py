import json
import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from enclave_app.enclave.addresses import UnixAddress, connect, listen
from enclave_app.enclave.server import MOST_CONVERSATIONS, Server
from enclave_app.protocol import Message, SocketStream, read_message, write_message
from tests.support.enclave import EVENT, Agent, Desk

pytestmark = pytest.mark.enable_socket


def echo(message: Message) -> Message:
    if message.fields.get("op") == "falha":
        raise RuntimeError("planted-secret in the text of an error")
    return Message({"ok": True, **message.fields}, message.parts)


@contextmanager
def serving(folder: Path, handler: object = echo, *, seconds: float = 20.0) -> Iterator[UnixAddress]:
    address = UnixAddress(str(folder / "s"))
    server = Server(listen(address), handler, seconds=seconds)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.stop()
        thread.join(10)
        assert not thread.is_alive()


def wire(message: Message) -> bytes:
    sink = BytesIO()
    write_message(sink, message)
    return sink.getvalue()


def reply_to(address: UnixAddress, content: bytes) -> Message:
    """Send those bytes and no more, and read what comes."""
    with connect(address, timeout_seconds=20) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        return read_message(SocketStream(connection, seconds=20))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[UnixAddress]:
    with serving(tmp_path) as made:
        yield made


def test_a_conversation_holds_several_messages(address: UnixAddress) -> None:
    with connect(address, timeout_seconds=5) as connection:
        stream = SocketStream(connection, seconds=20)
        for number in range(3):
            write_message(stream, Message({"op": "x", "n": number}, (bytes(70_000),)))
            assert read_message(stream) == Message({"ok": True, "op": "x", "n": number}, (bytes(70_000),))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (struct.pack(">I", (1 << 20) + 1), "QUADRO_GRANDE"),
        (struct.pack(">I", 10) + b"half", "QUADRO_INCOMPLETO"),
        (b"\x00\x00", "QUADRO_INCOMPLETO"),
        (struct.pack(">I", 7) + b"garbage", "MENSAGEM_INVALIDA"),
        (b"GET / HTTP/1.1\r\n\r\n", "QUADRO_GRANDE"),
    ],
    ids=["oversize", "half", "half a length", "garbage", "another protocol"],
)
def test_what_is_no_message_is_answered_and_the_next_is_served(
    address: UnixAddress, content: bytes, reason: str
) -> None:
    assert reply_to(address, content).fields["motivo"] == reason
    assert reply_to(address, wire(Message({"op": "x"}))).fields["ok"]


def test_an_unforeseen_failure_is_a_reply_and_tells_nothing_of_its_text(
    address: UnixAddress, capfd: pytest.CaptureFixture[str]
) -> None:
    reply = reply_to(address, wire(Message({"op": "falha"})))
    assert reply.fields["motivo"] == "ERRO_INTERNO"
    line = capfd.readouterr().err
    assert json.loads(line)["error_type"] == "RuntimeError"
    assert "planted-secret" not in line + str(reply.fields)


def test_who_leaves_half_way_is_forgotten(address: UnixAddress) -> None:
    for _ in range(MOST_CONVERSATIONS + 4):
        with connect(address, timeout_seconds=5) as connection:
            connection.sendall(b"\x00")
    assert reply_to(address, wire(Message({"op": "x"}))).fields["ok"]


def test_who_says_nothing_holds_its_place_for_a_while_only(tmp_path: Path) -> None:
    with serving(tmp_path, seconds=0.5) as address:
        silent = [connect(address, timeout_seconds=5) for _ in range(MOST_CONVERSATIONS + 2)]
        assert reply_to(address, wire(Message({"op": "x"}))).fields["ok"]
        for connection in silent:
            connection.close()


def test_20_000_mutated_frames_are_each_answered_and_none_is_accepted(tmp_path: Path) -> None:
    """Over a socket, to the real service, with a delivery that it would take."""
    desk = Desk()
    parent, agent = desk.parent(), Agent(desk)
    # Introduced, and with nothing pending: what is taken now would be seen to be taken.
    parent.do(agent.reading(agent.delivery()))
    assert parent.enclave
    fields = {"op": "tarefa", "ato": "ENTREGAR", "evento": EVENT, "cnpj": agent.company}
    body = agent.delivery("0.18", request_id="delivery-of-another").body
    good = wire(Message({**fields, "remetente": agent.company}, (body,)))
    chance = random.Random(4)
    accepted = unanswered = 0
    with serving(tmp_path, parent.enclave.handle) as address:
        for _ in range(20_000):
            mutated = mutation(good, chance)
            if mutated == good or not mutated:
                continue
            reply = reply_to(address, mutated)
            unanswered += "ok" not in reply.fields
            # A mutated task may reach the service whole; then what is sealed in it must not open.
            accepted += reply.fields["ok"] is True and reply.fields["motivo"] is None
        assert reply_to(address, good).fields["motivo"] is None
    assert (accepted, unanswered) == (0, 0)


def mutation(good: bytes, chance: random.Random) -> bytes:
    mutated = bytearray(good)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(mutated) or 1)
        match chance.randrange(5):
            case 0:
                mutated[at : at + 1] = chance.randbytes(1)
            case 1:
                del mutated[at:]
            case 2:
                mutated[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                del mutated[at : at + chance.randrange(1, 9)]
            case _:
                # In the head, where lengths, operation and names are.
                head = chance.randrange(120)
                mutated[head : head + 1] = chance.randbytes(1)
    return bytes(mutated)
