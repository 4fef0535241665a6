import ctypes
import fcntl
import struct
from pathlib import Path
from threading import Thread

import cbor2
import pytest

from aval.attestation.document import parse_document
from enclave_app.enclave.addresses import UnixAddress, listen
from enclave_app.enclave.nsm import MOST_REPLY_BYTES, Nsm, NsmDevice, NsmSocket, channel_to
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from enclave_app.protocol import SocketStream, read_frame, write_frame
from tests.support.measured import NOW, PCRS, InMemory, nsm, simulated


def refusal(reply: object) -> EnclaveRefused:
    answered = reply if isinstance(reply, bytes) else cbor2.dumps(reply)
    with pytest.raises(EnclaveRefused) as caught:
        Nsm(InMemory(lambda _: answered)).describe_pcr(0)
    assert caught.value.reason is EnclaveReason.NSM_FAILED
    return caught.value


def test_attests_what_it_is_asked_to() -> None:
    document = parse_document(nsm().attest(user_data=b"u", nonce=b"n", public_key=b"k")).content
    assert (document.user_data, document.nonce, document.public_key) == (b"u", b"n", b"k")
    assert document.pcrs[0] == PCRS[0]


def test_attests_nothing_beside_the_code_where_nothing_is_told() -> None:
    document = parse_document(nsm().attest()).content
    assert (document.user_data, document.nonce, document.public_key) == (None, None, None)


def test_asks_as_the_driver_of_the_hardware_is_asked() -> None:
    channel = InMemory(simulated().reply)
    module = Nsm(channel)
    module.attest(nonce=b"n")
    module.describe_pcr(16)
    module.random(1)
    module.extend_pcr(16, b"data")
    module.lock_pcr(16)
    assert [cbor2.loads(request) for request in channel.requests] == [
        {"Attestation": {"user_data": None, "nonce": b"n", "public_key": None}},
        {"DescribePCR": {"index": 16}},
        "GetRandom",
        {"ExtendPCR": {"index": 16, "data": b"data"}},
        {"LockPCR": {"index": 16}},
    ]


def test_a_register_that_is_locked_is_not_extended() -> None:
    module = nsm()
    module.extend_pcr(16, b"data")
    assert module.describe_pcr(16)[0] is False
    module.lock_pcr(16)
    assert module.describe_pcr(16)[0] is True
    with pytest.raises(EnclaveRefused, match="ReadOnlyIndex"):
        module.extend_pcr(16, b"more")


def test_tells_the_modules_own_time() -> None:
    assert nsm(NOW).now() == NOW


@pytest.mark.parametrize("size", [0, 1, 256, 257, 1000])
def test_draws_as_many_bytes_as_asked_for(size: int) -> None:
    assert len(nsm().random(size)) == size


@pytest.mark.parametrize("piece", [b"", bytes(257), "text", None])
def test_refuses_a_draw_of_no_or_too_many_bytes(piece: object) -> None:
    with pytest.raises(EnclaveRefused):
        Nsm(InMemory(lambda _: cbor2.dumps({"GetRandom": {"random": piece}}))).random(10)


def test_tells_the_error_that_the_module_names_and_no_other_word_of_it() -> None:
    assert "InvalidIndex" in refusal({"Error": "InvalidIndex"}).detail
    assert "segredo" not in refusal({"Error": "segredo"}).detail
    assert "segredo" not in refusal({"Error": ["segredo"]}).detail


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\xff",
        cbor2.dumps({"DescribePCR": {"lock": True, "data": b""}}) + b"\0",
        {"DescribePCR": {"lock": 1, "data": b""}},
        {"DescribePCR": {"lock": True, "data": "text"}},
        {"DescribePCR": {"lock": True}},
        {"DescribePCR": []},
        {"DescribePCR": {"lock": True, "data": b""}, "Error": "InternalError"},
        {"DescribeNSM": {"lock": True, "data": b""}},
        "DescribePCR",
        [],
    ],
    ids=str,
)
def test_refuses_a_reply_that_is_none(reply: object) -> None:
    refusal(reply)


def test_refuses_a_time_without_a_document() -> None:
    with pytest.raises(EnclaveRefused):
        Nsm(InMemory(lambda _: cbor2.dumps({"Attestation": {"document": b"none"}}))).now()


def test_hands_request_and_room_for_the_reply_to_the_driver(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    device = tmp_path / "nsm"
    device.touch()
    module = simulated()
    seen: list[int] = []

    def ioctl(descriptor: int, request: int, message: bytearray, mutate: bool) -> int:
        seen.append(request)
        assert Path(f"/proc/self/fd/{descriptor}").readlink() == device
        address, length, room_address, room = struct.unpack("@QQQQ", message)
        assert room == MOST_REPLY_BYTES
        reply = module.reply(ctypes.string_at(address, length))
        ctypes.memmove(room_address, reply, len(reply))
        message[24:] = struct.pack("@Q", len(reply))
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    assert Nsm(NsmDevice(device)).describe_pcr(0) == (True, PCRS[0])
    # _IOWR(0x0A, 0, 32 bytes), as the kernel's header makes it.
    assert seen == [0xC0200A00]


def test_tells_that_there_is_no_device(tmp_path: Path) -> None:
    with pytest.raises(EnclaveRefused) as caught:
        Nsm(NsmDevice(tmp_path / "none")).describe_pcr(0)
    assert caught.value.reason is EnclaveReason.NSM_FAILED


def test_a_configuration_without_an_address_means_the_device() -> None:
    assert isinstance(channel_to(None), NsmDevice)
    assert isinstance(channel_to(UnixAddress("/run/nsm.sock")), NsmSocket)


@pytest.mark.enable_socket
def test_speaks_to_a_simulated_module_in_frames(tmp_path: Path) -> None:
    address = UnixAddress(str(tmp_path / "nsm.sock"))
    with listen(address) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                stream = SocketStream(connection, seconds=5)
                write_frame(stream, simulated().reply(read_frame(stream)))

        thread = Thread(target=serve)
        thread.start()
        assert Nsm(channel_to(address)).describe_pcr(0) == (True, PCRS[0])
        thread.join()
