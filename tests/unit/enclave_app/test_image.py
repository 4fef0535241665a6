import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from enclave_app import image as images
from enclave_app.configure import EXAMPLE_KEY, EXAMPLE_SIGNER, for_aws, main, signer_digest
from enclave_app.enclave.configuration import MeasuredConfiguration
from enclave_app.enclave.refusals import EnclaveRefused
from enclave_app.image import (
    BASE,
    COMMAND,
    ENVIRONMENT,
    Image,
    ImageRefused,
    build,
    entry_candidate,
    require_same_again,
)
from enclave_app.measurement import extended, measure
from local import synth
from tests.support import pki

DOCKERFILE = Path(images.__file__).with_name("Dockerfile").read_text()
AWS = Image("linux-arm64", for_aws([EXAMPLE_KEY], EXAMPLE_SIGNER), EXAMPLE_SIGNER)


def another_certificate() -> bytes:
    return x509.load_der_x509_certificate(pki.leaf()).public_bytes(Encoding.PEM)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packages"
    (folder / "cbor2").mkdir(parents=True)
    (folder / "cbor2/__init__.py").write_text("")
    monkeypatch.setattr(images, "packages", lambda _platform: folder)
    return folder


def test_two_builds_of_one_code_are_the_same_to_the_byte(tmp_path: Path, packages: Path) -> None:
    one = build(tmp_path / "one", AWS)
    (packages / "cbor2/__init__.py").touch()
    assert build(tmp_path / "other", AWS) == one
    assert measure(tmp_path / "one") == one
    assert set(one) == {0, 1, 2, 8}


def test_a_build_takes_the_place_of_what_was_there(tmp_path: Path, packages: Path) -> None:
    first = build(tmp_path / "image", AWS)
    (tmp_path / "image/root/app/planted.py").write_text("")
    assert measure(tmp_path / "image") != first
    assert build(tmp_path / "image", AWS) == first


def test_neither_mask_nor_time_of_the_machine_reaches_the_image(tmp_path: Path, packages: Path) -> None:
    build(tmp_path / "one", AWS)
    mask = os.umask(0o077)
    try:
        build(tmp_path / "other", AWS)
    finally:
        os.umask(mask)
    assert measure(tmp_path / "one") == measure(tmp_path / "other")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "other").rglob("*")}
    times = {path.stat().st_mtime for path in (tmp_path / "other").rglob("*")}
    assert (modes, times) == ({0o644, 0o755}, {315532800.0})


@pytest.mark.parametrize(
    ("registers", "change"),
    [
        (
            {0, 2},
            lambda image: Image(image.platform, for_aws([EXAMPLE_KEY + "0"], image.signer), image.signer),
        ),
        ({0, 1}, lambda image: Image("linux-x86_64", image.configuration, image.signer)),
    ],
    ids=["another key", "another platform"],
)
def test_what_is_given_is_measured(
    tmp_path: Path, packages: Path, registers: set[int], change: Callable[[Image], Image]
) -> None:
    one, other = build(tmp_path / "one", AWS), build(tmp_path / "other", change(AWS))
    assert {number for number in one if one[number] != other[number]} == registers


def test_another_signer_changes_the_configuration_and_its_own_register(
    tmp_path: Path, packages: Path
) -> None:
    signer = tmp_path / "signer.pem"
    signer.write_bytes(another_certificate())
    image = Image("linux-arm64", for_aws([EXAMPLE_KEY], signer), signer)
    one, other = build(tmp_path / "one", AWS), build(tmp_path / "other", image)
    assert {number for number in one if one[number] != other[number]} == {0, 2, 8}
    assert other[8] == extended((tmp_path / "other/signer.der").read_bytes())


def test_refuses_a_configuration_that_names_another_signer(tmp_path: Path, packages: Path) -> None:
    signer = tmp_path / "signer.pem"
    signer.write_bytes(another_certificate())
    with pytest.raises(ImageRefused):
        build(tmp_path / "image", Image("linux-arm64", AWS.configuration, signer))


def test_refuses_a_configuration_that_would_not_start(tmp_path: Path, packages: Path) -> None:
    with pytest.raises(EnclaveRefused):
        build(tmp_path / "image", Image("linux-arm64", b"{}", EXAMPLE_SIGNER))


def test_a_second_build_that_measures_otherwise_is_refused(tmp_path: Path, packages: Path) -> None:
    registers = build(tmp_path / "image", AWS)
    require_same_again(tmp_path / "image", AWS, registers)
    (packages / "cbor2/__init__.py").write_text("changed")
    with pytest.raises(ImageRefused):
        require_same_again(tmp_path / "image", AWS, registers)
    assert not (tmp_path / "image.again").exists()


def test_the_image_holds_code_and_configuration_and_no_leavings(tmp_path: Path, packages: Path) -> None:
    build(tmp_path / "image", AWS)
    application = tmp_path / "image/root/app"
    assert not [
        path for path in application.rglob("*") if path.suffix == ".pyc" or path.name == "__pycache__"
    ]
    rooms = {room.partition("/")[0] for room in images.ROOMS}
    assert {path.name for path in (application / "aval").iterdir()} == rooms
    assert {path.name for path in (application / "enclave_app").iterdir()} == set(images.ENCLAVE)
    assert (application / "configuration.json").read_bytes() == AWS.configuration


def test_the_dockerfile_starts_what_was_measured() -> None:
    assert re.findall(r"^FROM (.*)$", DOCKERFILE, re.MULTILINE) == [BASE]
    assert "@sha256:" in BASE
    assert re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE) == ["root/app /app"]
    entry = re.search(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)
    assert entry
    assert json.loads(entry[1]) == list(COMMAND)
    assert dict(re.findall(r"^ENV (\w+)=(\S+)$", DOCKERFILE, re.MULTILINE)) == ENVIRONMENT
    assert "RUN" not in DOCKERFILE


def test_the_entry_candidate_tells_each_register_in_hex() -> None:
    assert json.loads(entry_candidate({8: b"\x01" * 48, 0: b"\x02" * 48})) == {"0": "02" * 48, "8": "01" * 48}


def test_the_configuration_for_aws_is_one_that_the_enclave_takes() -> None:
    parsed = MeasuredConfiguration.parse(AWS.configuration)
    assert parsed.is_hardware
    assert parsed.kms_key().host == "kms.sa-east-1.amazonaws.com"
    assert parsed.signer == signer_digest(EXAMPLE_SIGNER)


def test_the_command_writes_a_configuration(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    arguments = ["configure", "--key", EXAMPLE_KEY, "--signer", str(EXAMPLE_SIGNER)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert main() == 0
    assert capfdbinary.readouterr().out == AWS.configuration


def test_what_the_image_holds_is_all_that_the_enclave_imports(tmp_path: Path) -> None:
    """With the packages of this machine: the interpreter sees the image and the standard library alone."""
    platform = synth.layer_builder().local_platform()
    build(tmp_path / "image", Image(platform, AWS.configuration, EXAMPLE_SIGNER))
    before = measure(tmp_path / "image")
    application = tmp_path / "image/root/app"
    script = f"import sys; sys.path.insert(0, {str(application)!r}); import enclave_app.enclave.__main__"
    command = [sys.executable, *COMMAND[1:4], "-W", "error", "-c", script]
    subprocess.run(command, check=True, cwd=tmp_path, env={})
    assert measure(tmp_path / "image") == before
    shutil.rmtree(tmp_path / "image")
