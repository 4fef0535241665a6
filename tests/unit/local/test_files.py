from pathlib import Path

from local.files import digest_of_files, digest_of_text, write_json, write_whole


def test_a_digest_of_texts_tells_their_borders_apart() -> None:
    assert digest_of_text("ab", "c") != digest_of_text("a", "bc")


def test_a_digest_of_files_sees_content_and_name_but_no_bytecode(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("1")
    before = digest_of_files([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_text("2")
    assert digest_of_files([tmp_path]) == before
    (tmp_path / "one.py").write_text("2")
    changed = digest_of_files([tmp_path])
    (tmp_path / "one.py").rename(tmp_path / "two.py")
    assert len({before, changed, digest_of_files([tmp_path])}) == 3


def test_a_file_is_written_with_the_mode_asked_for_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    write_whole(secret, "before", mode=0o600)
    write_json(secret, {"a": "ç"}, mode=0o600)
    assert secret.read_text() == '{\n  "a": "ç"\n}\n'
    assert secret.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [secret]
