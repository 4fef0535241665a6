"""The packages that the page is built with, as its lock file pins them, and a Node to run their programs."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local import lock
from local.files import digest_of_files, write_whole
from local.node import node
from local.places import CACHE, ROOT

WEB: Final = ROOT / "web"
JOSE: Final = WEB / "node_modules/jose/dist/webapi/index.js"
"""What the page seals with, and what tests hold our own sealing to."""
_PINS: Final = (WEB / "package.json", WEB / "package-lock.json")
# In the folder that it vouches for, so that it goes when the folder goes.
_STAMP: Final = WEB / "node_modules" / ".installed-from"


class PageFailed(Exception):
    """A program of the page's tools ended with an error; the text is what it said."""


def have_packages() -> None:
    """Install what the lock file names, unless that was done. Raises `PageFailed` with npm's words."""
    CACHE.mkdir(parents=True, exist_ok=True)
    pinned = digest_of_files(_PINS)
    with lock.waited_for(CACHE / "page-packages.lock"):
        if _STAMP.exists() and _STAMP.read_text() == pinned:
            return
        # The wheel's bin/npm expects files beside it that the wheel keeps elsewhere.
        npm = Path(node()).parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
        install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        _run([str(npm), *install], "the page's packages did not come")
        write_whole(_STAMP, pinned)


def run_tool(program: str, arguments: Sequence[str]) -> str:
    """Run a program of the packages, named by its file below node_modules. Raises `PageFailed`."""
    have_packages()
    return _run([str(WEB / "node_modules" / program), *arguments], f"{program} ended with an error")


def _run(command: Sequence[str], failure: str) -> str:
    binary = node()
    environment = {
        **os.environ,
        "PATH": f"{Path(binary).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "FORCE_COLOR": "0",
        # As for uv: trust what this machine trusts, or npm stops at a company's mirror or proxy.
        "NODE_USE_SYSTEM_CA": "1",
        # Nothing that is installed here may bring a browser along.
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
    }
    done = subprocess.run(
        [binary, *command], cwd=WEB, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PageFailed(f"{failure}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout
