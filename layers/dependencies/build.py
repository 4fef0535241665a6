"""Build the folder of third-party packages, as uv.lock pins them, for the platforms named.

    python layers/dependencies/build.py [--for lambda|enclave] linux-arm64 [linux-x86_64] [local]

The functions' go to build/<platform>/python, the enclave's to build/enclave-<platform>/python.
Wheels only, so a machine of one kind builds for another.
"""

import argparse
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = HERE / "build"
UV_PLATFORMS = {"linux-arm64": "aarch64-manylinux", "linux-x86_64": "x86_64-manylinux"}
# Lambda calls arm64 what the kernel calls aarch64.
MACHINES = {"aarch64": "arm64"}
STAMP = "dependencies.json"


class Selection(NamedTuple):
    """Who imports the packages, and where that runs."""

    exported: tuple[str, ...]
    glibc: tuple[int, int]
    oldest_wheels: str
    newer_wheels: tuple[str, ...]
    never_imported: tuple[str, ...]


SELECTIONS = {
    # Lambda's Python 3.11 runs on Amazon Linux 2, whose glibc is 2.26; uv knows 2.17 and then 2.28, so
    # a package without a wheel for 2.17 is named here and its tag looked at.
    "lambda": Selection(
        exported=("--no-default-groups",),
        glibc=(2, 26),
        oldest_wheels="2_17",
        newer_wheels=("argon2-cffi-bindings",),
        never_imported=("bin", "boto3/examples"),
    ),
    # The image's Debian 12 has glibc 2.36. Of botocore the enclave needs the signer alone, and the
    # descriptions of all services are 25 MB. What a RECORD lists differs by the folder installed to.
    "enclave": Selection(
        exported=("--only-group", "enclave"),
        glibc=(2, 36),
        oldest_wheels="2_28",
        newer_wheels=(),
        never_imported=("bin", "botocore/data", "*.dist-info/RECORD", ".lock"),
    ),
}
MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)_")


def local_platform() -> str:
    return f"linux-{MACHINES.get(platform.machine(), platform.machine())}"


def uv() -> str:
    """Return the uv that local/bootstrap.py fetched."""
    fetched = sorted((ROOT / ".aval/tools").glob("uv-*"))
    if not fetched:
        raise SystemExit("there is no uv yet: run this by `make layers`")
    return str(fetched[-1])


def requirements(selection: Selection) -> str:
    """Return what uv.lock resolves the selection to, with hashes."""
    command = [uv(), "export", "--frozen", *selection.exported, "--quiet"]
    command += ["--no-emit-project", "--no-header", "--no-annotate", "--format", "requirements.txt"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603


def build(name: str, *, whose: str = "lambda") -> Path:
    """Build the packages for the platform `name` unless they are already there, and return their folder."""
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = BUILD / (name if whose == "lambda" else f"{whose}-{name}")
    with (BUILD / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built(name, folder, SELECTIONS[whose])


def _built(name: str, folder: Path, selection: Selection) -> Path:
    pinned = requirements(selection)
    digest = hashlib.sha256(pinned.encode() + Path(__file__).read_bytes()).hexdigest()
    stamp = {"platform": name, "sha256": digest}
    stamp_file = folder / STAMP
    if stamp_file.exists() and json.loads(stamp_file.read_text()) == stamp:
        return folder
    fresh = BUILD / f"{folder.name}.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    target = fresh / "python"
    target.mkdir(parents=True)
    blocks = re.split(r"\n(?=\S)", pinned)
    newer = [block for block in blocks if block.startswith(selection.newer_wheels)]
    oldest = [block for block in blocks if block not in newer]
    install(oldest, target, f"{UV_PLATFORMS[name]}_{selection.oldest_wheels}")
    if newer:
        install(newer, target, f"{UV_PLATFORMS[name]}_2_28")
    require_old_enough_glibc(target, selection.glibc)
    for never_imported in (path for pattern in selection.never_imported for path in target.glob(pattern)):
        shutil.rmtree(never_imported) if never_imported.is_dir() else never_imported.unlink()
    (fresh / STAMP).write_text(json.dumps(stamp))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder


def install(pinned: list[str], target: Path, uv_platform: str) -> None:
    listed = target.parent / "requirements.txt"
    listed.write_text("\n".join(pinned))
    subprocess.run(  # noqa: S603
        [
            uv(),
            *("pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-deps"),
            *("--python-version", "3.11", "--python-platform", uv_platform),
            *("--link-mode", "copy", "--target", str(target), "--requirements", str(listed)),
        ],
        cwd=ROOT,
        check=True,
    )
    listed.unlink()


def require_old_enough_glibc(target: Path, glibc: tuple[int, int]) -> None:
    """Stop unless every compiled wheel installed runs where the packages will."""
    for wheel in target.glob("*.dist-info/WHEEL"):
        versions = [(int(major), int(minor)) for major, minor in MANYLINUX.findall(wheel.read_text())]
        if versions and min(versions) > glibc:
            raise SystemExit(f"{wheel.parent.name} needs glibc {min(versions)}, there is {glibc}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the folder of third-party packages.")
    parser.add_argument("--for", dest="whose", choices=sorted(SELECTIONS), default="lambda")
    parser.add_argument("platforms", nargs="*", default=["local"])
    asked = parser.parse_args()
    for platform_asked in asked.platforms:
        name = local_platform() if platform_asked == "local" else platform_asked
        if name not in UV_PLATFORMS:
            raise SystemExit(f"unknown platform {name}; known: {', '.join(UV_PLATFORMS)}")
        print(build(name, whose=asked.whose))  # noqa: T201


if __name__ == "__main__":
    main()
