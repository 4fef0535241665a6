from datetime import UTC, datetime
from pathlib import Path

import pytest

from enclave_app import image as enclave_image
from enclave_app.enclave.configuration import MeasuredConfiguration, Setting
from local import tls
from local.enclave import image
from local.enclave.places import EnclavePlaces
from local.hierarchy import Hierarchy
from local.nsm.authority import NitroRoot
from local.places import Places
from local.ports import Ports

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = "arn:aws:kms:sa-east-1:000000000000:key/mrk-0123456789abcdef0123456789abcdef"


@pytest.fixture
def places(tmp_path: Path) -> EnclavePlaces:
    stack = Places(tmp_path)
    stack.make_folders()
    tls.server_files(stack.tls)
    Hierarchy.create(AT).save(stack.hierarchy)
    places = EnclavePlaces(stack)
    places.make_folders()
    image.make_signer(places.signer)
    return places


def configured(places: EnclavePlaces, **ports: int) -> bytes:
    root = NitroRoot.kept_in(places.stack.nsm, AT)
    return image.configuration(places, Ports(**ports), KEY, root)


def test_the_configuration_is_a_desks_with_this_machines_root_key_and_sockets(places: EnclavePlaces) -> None:
    parsed = MeasuredConfiguration.parse(configured(places, kms=26005))
    assert parsed.setting is Setting.DESK
    assert not parsed.is_hardware
    assert parsed.root == NitroRoot.kept_in(places.stack.nsm, AT).fingerprint
    (key,) = parsed.kms_keys
    assert (key.arn, key.host, key.port) == (KEY, "localhost", 26005)
    assert str(parsed.listener) == f"unix:{places.enclave_socket}"


def test_an_image_is_built_once_and_again_when_its_configuration_changes(
    places: EnclavePlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []

    def build(target: Path, told: enclave_image.Image) -> dict[int, bytes]:
        target.mkdir(parents=True, exist_ok=True)
        made.append(told.configuration)
        return {index: bytes([len(made)]) * 48 for index in (0, 1, 2, 8)}

    monkeypatch.setattr(enclave_image, "build", build)
    first, other = configured(places), configured(places, kms=26005)
    assert image.built(places, first) == image.built(places, first)
    assert made == [first]
    assert image.built(places, other)[0] == b"\x02" * 48
    assert made == [first, other]


def test_the_signer_stays_the_same(places: EnclavePlaces) -> None:
    before = places.signer.read_bytes()
    image.make_signer(places.signer)
    assert places.signer.read_bytes() == before
