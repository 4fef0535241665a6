import random
import socket
import struct
from io import BytesIO
from threading import Thread

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enclave_app.protocol import (
    MAX_BODY,
    MAX_FRAME,
    MAX_PARTS,
    Message,
    ProtocolFault,
    ProtocolRefused,
    SocketStream,
    StreamEnded,
    read_frame,
    read_message,
    refusal,
    write_frame,
    write_message,
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.text().filter(lambda key: key != "corpo"), PLAIN, max_size=4)


class Dripping:
    """Gives one byte at a time and counts how much it was asked for at once."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)
        self.largest = 0

    def read(self, size: int, /) -> bytes:
        self.largest = max(self.largest, size)
        return self._content.read(1)


def wire(message: Message) -> bytes:
    sink = BytesIO()
    write_message(sink, message)
    return sink.getvalue()


def framed(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def fault_of(content: bytes) -> ProtocolFault:
    with pytest.raises(ProtocolRefused) as refused:
        read_message(BytesIO(content))
    return refused.value.fault


@given(fields=FIELDS, parts=st.lists(st.binary(max_size=40), max_size=4))
def test_a_message_comes_out_as_it_went_in(fields: dict[str, object], parts: list[bytes]) -> None:
    message = Message(fields, tuple(parts))
    assert read_message(BytesIO(wire(message))) == message


def test_a_large_part_goes_in_several_frames() -> None:
    message = Message({"op": "tarefa"}, (b"a" * (MAX_FRAME + 1), b"", b"b" * MAX_FRAME))
    assert read_message(BytesIO(wire(message))) == message


def test_the_parts_of_the_largest_lote_go_in_one_message() -> None:
    message = Message({"op": "tarefa"}, (b"a",) * MAX_PARTS)
    assert read_message(BytesIO(wire(message))) == message
    with pytest.raises(ProtocolRefused):
        wire(Message({"op": "tarefa"}, (b"a",) * (MAX_PARTS + 1)))


def test_a_message_is_read_however_slowly_it_comes() -> None:
    message = Message({"op": "estado"}, (b"abc",))
    assert read_message(Dripping(wire(message))) == message


def test_a_stream_that_ends_between_messages_has_ended() -> None:
    with pytest.raises(StreamEnded):
        read_message(BytesIO())


def test_takes_a_frame_of_exactly_the_limit() -> None:
    assert len(read_frame(BytesIO(framed(bytes(MAX_FRAME))))) == MAX_FRAME


def test_refuses_an_oversize_frame_before_it_takes_memory() -> None:
    source = Dripping(struct.pack(">I", MAX_FRAME + 1) + b"x")
    with pytest.raises(ProtocolRefused) as refused:
        read_frame(source)
    assert (refused.value.fault, source.largest) == (ProtocolFault.FRAME_TOO_LARGE, 4)


def test_writes_no_frame_over_the_limit() -> None:
    with pytest.raises(ProtocolRefused):
        write_frame(BytesIO(), bytes(MAX_FRAME + 1))


@pytest.mark.parametrize("kept", [1, 3, 4, 5, -1])
def test_refuses_a_half_frame(kept: int) -> None:
    assert fault_of(wire(Message({"op": "estado"}))[:kept]) is ProtocolFault.FRAME_INCOMPLETE


def test_refuses_a_body_that_stops_half_way() -> None:
    whole = wire(Message({}, (b"a" * (MAX_FRAME + 10),)))
    assert fault_of(whole[: -(10 + 4)]) is ProtocolFault.FRAME_INCOMPLETE


def test_refuses_a_body_over_the_limit_before_it_comes() -> None:
    told = cbor2.dumps({"corpo": [MAX_BODY, 1]}, canonical=True)
    assert fault_of(framed(told)) is ProtocolFault.BODY_TOO_LARGE


def test_refuses_a_body_of_empty_frames() -> None:
    told = framed(cbor2.dumps({"corpo": [1]}, canonical=True))
    assert fault_of(told + framed(b"") * 9) is ProtocolFault.BODY_UNEXPECTED


def test_refuses_more_body_than_was_told() -> None:
    told = framed(cbor2.dumps({"corpo": [1]}, canonical=True))
    assert fault_of(told + framed(b"ab")) is ProtocolFault.FRAME_TOO_LARGE


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing", ""),
        ("garbage", "ff00ff"),
        ("a list", "80"),
        ("doubled key", "a2616101616102"),
        ("bytes after the end", "a000"),
        ("indefinite length", "bfff"),
        ("long form of a short length", "b800"),
        ("a key that is a number", "a10102"),
        ("a date", "a16161c11a00000000"),
        ("a big number of a tag", "a16161c249010000000000000000"),
        ("a fraction", "a16161fb3ff8000000000000"),
        ("a regular expression", "a16161d823613f"),
        ("a tenth of an enormous power", "a16161c5821b7fffffffffffffff01"),
        ("too deep", "a16161" + "81" * 9 + "00"),
        ("far too deep", "81" * 5000 + "00"),
        ("a text that is no UTF-8", "a16161" + "61ff"),
        ("sizes that are no list", "a165636f72706f01"),
        ("a negative size", "a165636f72706f8120"),
        ("a size that is a truth value", "a165636f72706f81f5"),
        ("too many parts", "a165636f72706f990199" + "00" * (MAX_PARTS + 1)),
    ],
)
def test_refuses_a_message_that_is_none(name: str, content: str) -> None:
    assert fault_of(framed(bytes.fromhex(content))) is ProtocolFault.MESSAGE_MALFORMED


def test_a_refusal_tells_code_and_sentence() -> None:
    assert refusal("X", "porque sim").fields == {"ok": False, "motivo": "X", "detalhe": "porque sim"}


def test_a_message_shows_nothing_of_its_content() -> None:
    assert "secret" not in repr(Message({"credential": "secret"}, (b"secret",)))


def test_20_000_mutated_frames_are_refused_or_read_and_never_crash() -> None:
    chance = random.Random(4)
    good = wire(Message({"op": "tarefa", "evento": "202603001", "corpo2": [b"x", None]}, (b"a" * 40, b"b")))
    for _ in range(20_000):
        mutated = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            match chance.randrange(4):
                case 0:
                    mutated[chance.randrange(len(mutated))] = chance.randrange(256)
                case 1:
                    del mutated[chance.randrange(len(mutated)) :]
                case 2:
                    mutated.insert(chance.randrange(len(mutated) + 1), chance.randrange(256))
                case _:
                    at = chance.randrange(len(mutated) + 1)
                    mutated[at:at] = chance.randbytes(chance.randrange(9))
            if not mutated:
                break
        try:
            read = read_message(BytesIO(bytes(mutated)))
        except (ProtocolRefused, StreamEnded):
            continue
        # What is read is what would be written: no second reading of the same bytes.
        assert bytes(mutated).startswith(wire(read))


@pytest.mark.enable_socket
def test_a_conversation_over_a_socket_ends_in_time() -> None:
    here, there = socket.socketpair()
    with here, there:
        stream = SocketStream(here, seconds=0.2)
        there.sendall(struct.pack(">I", 10))
        with pytest.raises(TimeoutError):
            read_frame(stream)
        with pytest.raises(TimeoutError):
            stream.write(b"late")


@pytest.mark.enable_socket
def test_a_message_of_several_megabytes_crosses_a_socket() -> None:
    here, there = socket.socketpair()
    message = Message({"op": "tarefa"}, (bytes(range(256)) * 20_000,))
    with here, there:
        sender = Thread(target=lambda: write_message(SocketStream(there, seconds=20), message))
        sender.start()
        assert read_message(SocketStream(here, seconds=20)) == message
        sender.join()
