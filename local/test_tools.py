"""The programs that tests run besides Python: there, or installed where we may, or named."""

import os
import shutil
import subprocess
import sys
from typing import Final

from local import node_jose

# Each is the name of its program and of its Debian package.
TOOLS: Final = ("curl", "openssl")


def main() -> int:
    node_jose.fetch()
    return _have_programs()


def _have_programs() -> int:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
        subprocess.run([*install, *missing], check=True)
        return 0
    if missing:
        wanted = " ".join(missing)
        print(f"The tests need what this machine lacks: apt-get install {wanted}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
