from pathlib import Path

from local.enclave.places import EnclavePlaces
from local.places import Places

LONGEST_SOCKET_BYTES = 107


def test_sockets_lie_with_the_rest_of_the_enclave(tmp_path: Path) -> None:
    places = EnclavePlaces(Places(Path("/srv/aval")))
    assert places.enclave_socket == Path("/srv/aval/enclave/run/enclave.sock")


def test_a_folder_too_deep_for_a_socket_has_them_elsewhere_and_always_there() -> None:
    deep = Places(Path("/srv", *["a-folder-in-a-folder"] * 6))
    places, again = EnclavePlaces(deep), EnclavePlaces(deep)
    for socket in (places.nsm_socket, places.enclave_socket, places.relay_socket):
        assert len(str(socket)) <= LONGEST_SOCKET_BYTES
    assert places.sockets == again.sockets
    assert places.sockets != EnclavePlaces(Places(deep.state / "b")).sockets
