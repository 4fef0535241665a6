import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from local import node_jose


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 1
            tar.addfile(member, io.BytesIO(b"x"))
    return packed.getvalue()


def offered(monkeypatch: pytest.MonkeyPatch, folder: Path, content: bytes) -> None:
    monkeypatch.setattr(node_jose, "CACHE", folder)
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: io.BytesIO(content))


def test_another_archive_than_the_pinned_one_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offered(monkeypatch, tmp_path, archive("package/dist/webapi/index.js"))
    with pytest.raises(SystemExit, match="not the archive that is pinned"):
        node_jose.fetch()
    assert list(tmp_path.iterdir()) == []


def test_an_archive_is_unpacked_below_its_folder_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:

    content = archive("package/dist/webapi/index.js", "/package/x", "package/../../../out", "../out")
    offered(monkeypatch, tmp_path / "cache", content)
    pinned = base64.b64encode(hashlib.sha512(content).digest()).decode()
    monkeypatch.setattr(node_jose, "_SHA512", pinned)
    with pytest.raises(node_jose.NodeMissing):
        node_jose.module()
    node_jose.fetch()
    assert node_jose.module().read_bytes() == b"x"
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    folder = f"cache/jose-{node_jose.VERSION}"
    assert written == {f"{folder}/package/dist/webapi/index.js", f"{folder}/package/x"}
