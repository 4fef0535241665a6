"""Build the layer of third-party packages, as uv.lock pins them, for the platforms named.

    python layers/dependencies/build.py linux-arm64 [linux-x86_64] [local]

Each goes to build/<platform>/python. Wheels only, so a machine of one kind builds for another.
"""

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = HERE / "build"
# Lambda's Python 3.11 runs on Amazon Linux 2, whose glibc is 2.26; uv knows 2.17 and then 2.28, so
# a package without a wheel for 2.17 is named here and its tag looked at.
UV_PLATFORMS = {"linux-arm64": "aarch64-manylinux", "linux-x86_64": "x86_64-manylinux"}
NEWEST_GLIBC = (2, 26)
WITHOUT_A_WHEEL_FOR_2_17 = ("argon2-cffi-bindings",)
# Lambda calls arm64 what the kernel calls aarch64.
MACHINES = {"aarch64": "arm64"}
STAMP = "dependencies.json"
NEVER_IMPORTED = ("bin", "boto3/examples")
MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)_")


def local_platform() -> str:
    return f"linux-{MACHINES.get(platform.machine(), platform.machine())}"


def uv() -> str:
    """Return the uv that local/bootstrap.py fetched."""
    fetched = sorted((ROOT / ".aval/tools").glob("uv-*"))
    if not fetched:
        raise SystemExit("there is no uv yet: run this by `make layers`")
    return str(fetched[-1])


def requirements() -> str:
    """Return what the product's own dependencies resolve to, with hashes."""
    command = [uv(), "export", "--frozen", "--no-default-groups", "--quiet"]
    command += ["--no-emit-project", "--no-header", "--no-annotate", "--format", "requirements.txt"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603


def build(name: str) -> Path:
    """Build the layer for `name` unless it is already there, and return its folder."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built(name)


def _built(name: str) -> Path:
    folder = BUILD / name
    pinned = requirements()
    digest = hashlib.sha256(pinned.encode() + Path(__file__).read_bytes()).hexdigest()
    stamp = {"platform": name, "sha256": digest}
    stamp_file = folder / STAMP
    if stamp_file.exists() and json.loads(stamp_file.read_text()) == stamp:
        return folder
    fresh = BUILD / f"{name}.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    target = fresh / "python"
    target.mkdir(parents=True)
    blocks = re.split(r"\n(?=\S)", pinned)
    newer = [block for block in blocks if block.startswith(WITHOUT_A_WHEEL_FOR_2_17)]
    install([block for block in blocks if block not in newer], target, f"{UV_PLATFORMS[name]}_2_17")
    install(newer, target, f"{UV_PLATFORMS[name]}_2_28")
    require_old_enough_glibc(target)
    for never_imported in NEVER_IMPORTED:
        shutil.rmtree(target / never_imported, ignore_errors=True)
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


def require_old_enough_glibc(target: Path) -> None:
    """Stop unless every compiled wheel installed runs where Lambda runs."""
    for wheel in target.glob("*.dist-info/WHEEL"):
        versions = [(int(major), int(minor)) for major, minor in MANYLINUX.findall(wheel.read_text())]
        if versions and min(versions) > NEWEST_GLIBC:
            raise SystemExit(f"{wheel.parent.name} needs glibc {min(versions)}, Lambda has {NEWEST_GLIBC}")


def main() -> None:
    for asked in sys.argv[1:] or ["local"]:
        name = local_platform() if asked == "local" else asked
        if name not in UV_PLATFORMS:
            raise SystemExit(f"unknown platform {name}; known: {', '.join(UV_PLATFORMS)}")
        print(build(name))  # noqa: T201


if __name__ == "__main__":
    main()
