import io
import os
import zipfile
from pathlib import Path

from local.emulator.lambda_pool import UNUSED_SECONDS, Unpacked


def archive(content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("module.py", content)
    return buffer.getvalue()


def test_the_same_content_is_unpacked_once_and_found_by_the_next_start(tmp_path: Path) -> None:
    first = Unpacked(tmp_path).path(archive("1"))
    assert (first / "module.py").read_text() == "1"
    assert Unpacked(tmp_path).path(archive("1")) == first
    assert Unpacked(tmp_path).path(archive("2")) != first


def test_what_was_not_used_for_long_is_forgotten_and_the_rest_stays(tmp_path: Path) -> None:
    unpacked = Unpacked(tmp_path)
    used, unused = unpacked.path(archive("1")), unpacked.path(archive("2"))
    long_ago = used.stat().st_mtime - UNUSED_SECONDS - 1
    for folder in (used, unused):
        os.utime(folder, (long_ago, long_ago))
    Unpacked(tmp_path).path(archive("1"))
    unpacked.forget_unused()
    assert (used.exists(), unused.exists()) == (True, False)
