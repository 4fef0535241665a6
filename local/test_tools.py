"""What tests use besides Python: there, or installed where we may, or named."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from local import page_tools

# Each is the name of its program and of its Debian package. The browser comes from Debian alone: a build that
# somebody else packs is one more party to trust, and is fetched past the machine's own mirrors.
TOOLS: Final = ("chromium", "curl", "openssl")
# Without a font a browser draws boxes, and nobody sees on a picture what is cut off.
FONT: Final = "fonts-dejavu-core"
FONT_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_FONT_FILES: Final = frozenset({".ttf", ".otf", ".ttc"})


def main() -> int:
    missing = list(missing_packages())
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
        subprocess.run([*install, *missing], check=True)
        missing = []
    if missing:
        wanted = " ".join(missing)
        print(f"The tests need what this machine lacks: apt-get install {wanted}", file=sys.stderr)
        return 1
    try:
        page_tools.have_packages()
    except page_tools.PageFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


def missing_packages() -> Iterable[str]:
    yield from (tool for tool in TOOLS if shutil.which(tool) is None)
    if not _has_a_font():
        yield FONT


def _has_a_font() -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(file.suffix in _FONT_FILES for folder in folders for file in folder.rglob("*"))


if __name__ == "__main__":
    raise SystemExit(main())
