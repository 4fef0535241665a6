import gzip
from pathlib import Path

import pytest

from local.page_files import TypeUnknown, cache_control, files_of, media_type

SCRIPT = b"let a = 1;\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets/index-0a.js").write_bytes(SCRIPT)
    return tmp_path


def test_files_are_named_by_their_path_below_the_folder(folder: Path) -> None:
    files = files_of(folder)
    assert {name: file.content for name, file in files.items()} == {
        "index.html": b"<!doctype html>",
        "assets/index-0a.js": SCRIPT,
    }
    assert files["index.html"].media_type == "text/html; charset=utf-8"


def test_a_file_has_another_tag_as_soon_as_it_has_another_content(folder: Path) -> None:
    before = files_of(folder)["index.html"].etag
    assert files_of(folder)["index.html"].etag == before
    (folder / "index.html").write_text("<!doctype html> ")
    assert files_of(folder)["index.html"].etag != before


def test_what_is_worth_it_is_also_there_compressed(folder: Path) -> None:
    files = files_of(folder)
    compressed = files["assets/index-0a.js"].compressed
    assert compressed is not None
    assert gzip.decompress(compressed) == SCRIPT
    assert files["index.html"].compressed is None


def test_an_asset_is_kept_for_a_year_and_all_else_is_asked_for_again() -> None:
    assert cache_control("assets/index-0a.js") == "public, max-age=31536000, immutable"
    assert {cache_control(name) for name in ("index.html", "pagina.json", "icone.svg")} == {"no-cache"}


@pytest.mark.parametrize("name", ["assets/a.exe", "assets/a"])
def test_a_file_without_a_known_type_is_refused(name: str) -> None:
    with pytest.raises(TypeUnknown, match="no media type"):
        media_type(name)
