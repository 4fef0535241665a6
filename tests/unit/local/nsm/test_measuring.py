"""What is measured is computed from what is there, as AWS computes it."""

import hashlib
from pathlib import Path

import pytest

from aval.attestation.document import parse_document
from local.nsm.measuring import instance_kept_in, measure_all, new_module_id
from tests.support import nitro

ROLE = "arn:aws:iam::123456789012:role/aval-enclave-parent"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    for folder in ("boot", "root"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text(folder)
    (tmp_path / "signer.der").write_bytes(b"certificate")
    return tmp_path


def test_measures_image_signer_role_and_instance(image: Path) -> None:
    measured = measure_all(image, role_arn=ROLE, instance_id=nitro.INSTANCE_ID)
    assert set(measured) == {0, 1, 2, 3, 4, 8}
    assert measured[3] == hashlib.sha384(bytes(48) + ROLE.encode()).digest()
    assert measured[4] == hashlib.sha384(bytes(48) + nitro.INSTANCE_ID.encode()).digest()
    digest = hashlib.sha384(b"certificate").digest()
    assert measured[8] == hashlib.sha384(bytes(48) + digest).digest()


def test_one_byte_of_the_application_changes_the_image_and_not_its_signer(image: Path) -> None:
    before = measure_all(image, role_arn=ROLE, instance_id=nitro.INSTANCE_ID)
    (image / "root/file").write_text("rooT")
    after = measure_all(image, role_arn=ROLE, instance_id=nitro.INSTANCE_ID)
    assert {index for index in before if before[index] != after[index]} == {0, 2}


def test_the_instance_keeps_its_id(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    kept = instance_kept_in(folder)
    assert instance_kept_in(folder) == kept
    (folder / "instance-id").write_text("i-0\n")
    with pytest.raises(ValueError, match="no instance id"):
        instance_kept_in(folder)


def test_a_module_is_named_after_its_instance_and_its_start(tmp_path: Path) -> None:
    instance_id = instance_kept_in(tmp_path)
    names = {new_module_id(instance_id, nitro.START) for _ in range(5)}
    assert len(names) == 5
    for name in names:
        told = parse_document(nitro.document(module_id=name)).content
        assert told.instance_id == instance_id
        assert int(name.partition("-enc")[2][:12], 16) == int(nitro.START.timestamp() * 1000)
