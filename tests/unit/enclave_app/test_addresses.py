import stat
from pathlib import Path
from threading import Thread

import pytest

from enclave_app.enclave.addresses import UnixAddress, VsockAddress, connect, listen, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("unix:/run/enclave.sock", UnixAddress("/run/enclave.sock")),
        ("vsock:3:8000", VsockAddress(3, 8000)),
        ("vsock:4294967295:0", VsockAddress(0xFFFFFFFF, 0)),
    ],
)
def test_an_address_reads_back_as_it_is_written(text: str, address: UnixAddress | VsockAddress) -> None:
    assert parse_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unix:",
        "unix:run",
        "unix:/" + 107 * "x",
        "vsock:3",
        "vsock:-1:1",
        "vsock:4294967296:1",
        "vsock:3:1 ",
    ],
)
def test_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|32 bits"):
        parse_address(text)


@pytest.mark.enable_socket
def test_takes_the_place_of_a_process_that_died_and_lets_nobody_else_in(tmp_path: Path) -> None:
    address = UnixAddress(str(tmp_path / "place.sock"))
    listen(address).close()
    with listen(address) as listener:
        assert stat.S_IMODE(Path(address.path).stat().st_mode) == 0o600

        def answer() -> None:
            stream, _ = listener.accept()
            with stream:
                stream.sendall(b"here")

        thread = Thread(target=answer)
        thread.start()
        with connect(address, timeout_seconds=5) as stream:
            assert stream.recv(4) == b"here"
        thread.join()


@pytest.mark.enable_socket
def test_tells_that_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        connect(UnixAddress(str(tmp_path / "nobody.sock")), timeout_seconds=1)
