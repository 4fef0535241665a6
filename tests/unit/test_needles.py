import base64
from pathlib import Path

import pytest

from tests.e2e.needles import Haystack, files_below

SECRET = b"planted-secret-of-a-test"
LOOKED_FOR = Haystack({"it": SECRET})


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("encode", [bytes, base64.b64encode, base64.urlsafe_b64encode])
def test_finds_a_secret_wherever_it_begins(before: int, encode: type[bytes]) -> None:
    assert LOOKED_FOR.in_bytes(b"{" + encode(b"\xff" * before + SECRET + b"\xfe" * 5) + b"}") == {"it"}


def test_finds_a_secret_in_hex_and_in_wide_characters() -> None:
    for told in (SECRET.hex(), SECRET.hex().upper()):
        assert LOOKED_FOR.in_bytes(told.encode()) == {"it"}
    assert LOOKED_FOR.in_bytes(SECRET.decode().encode("utf-16-le")) == {"it"}


def test_finds_nothing_where_nothing_is() -> None:
    assert LOOKED_FOR.in_bytes(base64.b64encode(SECRET[:12] + b"!" + SECRET[13:])) == set()


def test_looks_into_every_file_but_those_left_out(tmp_path: Path) -> None:
    for name in ("a/b/c", "a/d", "e/f"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(SECRET)
    found = LOOKED_FOR.in_files(files_below(tmp_path, but=[tmp_path / "e"]))
    assert sorted(found) == [tmp_path / "a/b/c", tmp_path / "a/d"]
