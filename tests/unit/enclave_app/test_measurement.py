import hashlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from enclave_app.measurement import ImageUnmeasurable, extended, measure


def image(folder: Path) -> Path:
    (folder / "boot").mkdir(parents=True)
    (folder / "root/app").mkdir(parents=True)
    (folder / "boot/boot.json").write_text("{}")
    (folder / "root/app/service.py").write_text("print()")
    (folder / "root/app/link").symlink_to("service.py")
    (folder / "signer.der").write_bytes(b"certificate")
    for path in [folder / "boot", folder / "root", folder / "root/app"]:
        path.chmod(0o755)
    for path in [folder / "boot/boot.json", folder / "root/app/service.py"]:
        path.chmod(0o644)
    return folder


def changed(image: Path, change: Callable[[], object]) -> set[int]:
    before = measure(image)
    change()
    after = measure(image)
    return {register for register in before if before[register] != after[register]}


def test_a_register_is_the_hash_of_48_zero_bytes_and_the_content_s_hash() -> None:
    wanted = hashlib.sha384(b"\0" * 48 + hashlib.sha384(b"abc").digest()).digest()
    assert extended(b"abc") == wanted


def test_two_copies_of_one_image_measure_the_same_whatever_their_times(tmp_path: Path) -> None:
    one, other = image(tmp_path / "one"), image(tmp_path / "other")
    os.utime(other / "root/app/service.py", (0, 0))
    assert measure(one) == measure(other)
    assert {len(register) for register in measure(one).values()} == {48}


def test_one_byte_of_the_code_changes_application_and_image(tmp_path: Path) -> None:
    made = image(tmp_path)
    assert changed(made, lambda: (made / "root/app/service.py").write_text("print(")) == {0, 2}


def test_what_boots_changes_boot_and_image(tmp_path: Path) -> None:
    made = image(tmp_path)
    assert changed(made, lambda: (made / "boot/boot.json").write_text("[]")) == {0, 1}


def test_the_signer_changes_its_register_alone(tmp_path: Path) -> None:
    made = image(tmp_path)
    assert changed(made, lambda: (made / "signer.der").write_bytes(b"another")) == {8}


@pytest.mark.parametrize("name", ["service.cpython-311.pyc", ".hidden", "sitecustomize.py"])
def test_a_file_more_is_measured_whatever_its_name(tmp_path: Path, name: str) -> None:
    made = image(tmp_path)
    assert changed(made, lambda: (made / "root/app" / name).write_bytes(b"")) == {0, 2}


def test_mode_name_and_target_of_a_link_are_measured(tmp_path: Path) -> None:
    made = image(tmp_path)
    code = made / "root/app/service.py"
    assert changed(made, lambda: code.chmod(0o755)) == {0, 2}
    assert changed(made, lambda: code.rename(code.with_name("other.py"))) == {0, 2}

    def lead_elsewhere() -> None:
        (made / "root/app/link").unlink()
        (made / "root/app/link").symlink_to("/etc/passwd")

    assert changed(made, lead_elsewhere) == {0, 2}


@pytest.mark.parametrize("missing", ["boot", "root", "signer.der"])
def test_a_folder_that_is_no_image_is_not_measured(tmp_path: Path, missing: str) -> None:
    made = image(tmp_path)
    (made / missing).rename(made / "elsewhere")
    with pytest.raises(ImageUnmeasurable):
        measure(made)


def test_a_line_break_in_a_name_is_not_measured(tmp_path: Path) -> None:
    made = image(tmp_path)
    (made / "root/a\nb").write_text("")
    with pytest.raises(ImageUnmeasurable, match="line break"):
        measure(made)


@pytest.mark.enable_socket
def test_a_socket_is_not_measured(tmp_path: Path) -> None:
    made = image(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(made / "root/s"))
        with pytest.raises(ImageUnmeasurable, match="neither"):
            measure(made)
