"""Fetch uv, make the virtual environment as uv.lock says, then become the command given.

Runs on a bare Python 3.11 with nothing installed, so it imports the standard library alone.
"""

import fcntl
import hashlib
import io
import os
import platform
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".aval" / "tools"
VENV = ROOT / ".venv"
STAMPED = ("uv.lock", "pyproject.toml", "local/bootstrap.py")

UV_VERSION = "0.13.8"
# Trust what this machine trusts: a company's mirror of PyPI is often behind a CA of its own.
UV_SETTINGS = {"UV_SYSTEM_CERTS": "1"}
UV_FILES = "https://files.pythonhosted.org/packages"
# Path and SHA-256 of each wheel as https://pypi.org/simple/uv/ lists them.
UV_WHEELS = {
    "x86_64": (
        "c5/32/52ee34636aea1ab3f8baeeae1c3599461b8cddfb379862cc72ac61b8d91c/"
        "uv-0.13.8-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984",
    ),
    "aarch64": (
        "9e/f0/d989ac5fcebf83f1c8c5d78974f27788e8364945969eb646f5d0db35d924/"
        "uv-0.13.8-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
    ),
}


def say(step: str, begun: float) -> None:
    print(f"  {step:<44}{time.monotonic() - begun:6.1f} s", flush=True)


def fetch_uv() -> Path:
    uv = TOOLS / f"uv-{UV_VERSION}"
    if uv.exists():
        return uv
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in UV_WHEELS:
        raise SystemExit(f"no pinned uv for {platform.system()} {machine}: add its hash to {__file__}")
    begun = time.monotonic()
    path, expected = UV_WHEELS[machine]
    with urllib.request.urlopen(f"{UV_FILES}/{path}", timeout=120) as answer:
        wheel = answer.read()
    found = hashlib.sha256(wheel).hexdigest()
    if found != expected:
        raise SystemExit(f"uv {UV_VERSION} has SHA-256 {found}, pinned is {expected}: not used")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        binary = archive.read(f"uv-{UV_VERSION}.data/scripts/uv")
    unpacked = TOOLS / f"uv-{UV_VERSION}.{os.getpid()}"
    unpacked.write_bytes(binary)
    unpacked.chmod(0o755)
    unpacked.replace(uv)
    say(f"uv {UV_VERSION} fetched and checked", begun)
    return uv


def stamp() -> str:
    digest = hashlib.sha256()
    for name in STAMPED:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def make_environment(uv: Path) -> None:
    stamp_file, wanted = VENV / "aval-stamp", stamp()
    if stamp_file.exists() and stamp_file.read_text() == wanted:
        return
    begun = time.monotonic()
    subprocess.run(
        [uv, "sync", "--frozen", "--quiet", "--python", sys.executable, "--no-python-downloads"],
        env={**os.environ, **UV_SETTINGS},
        cwd=ROOT,
        check=True,
    )
    stamp_file.write_text(wanted)
    say("virtual environment as uv.lock says", begun)


def main() -> None:
    if sys.version_info[:2] != (3, 11):
        raise SystemExit(f"Aval needs Python 3.11; this is {platform.python_version()} at {sys.executable}")
    if len(sys.argv) < 2:
        raise SystemExit("usage: python3.11 local/bootstrap.py COMMAND [ARGUMENT ...]")
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        uv = fetch_uv()
        make_environment(uv)
    binaries = VENV / "bin"
    environment = {
        **os.environ,
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(VENV),
        **UV_SETTINGS,
    }
    environment.pop("PYTHONHOME", None)
    os.chdir(ROOT)
    os.execvpe(sys.argv[1], sys.argv[1:], environment)  # noqa: S606


if __name__ == "__main__":
    main()
