"""Build the page into web/dist, or find it built from the same sources: `make web`."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from local import lock
from local.files import digest_of_files, write_json
from local.page_tools import WEB, PageFailed, run_tool
from local.places import CACHE, ROOT

DIST: Final = WEB / "dist"
_SOURCES: Final = (
    "index.html",
    "public",
    "src",
    "build",
    "vite.config.ts",
    "tsconfig.json",
    "package.json",
    "package-lock.json",
)
_STAMP: Final = CACHE / "page.json"


def built() -> Path:
    """Return the folder of the page, built now or earlier from the very same files. Raises `PageFailed`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with lock.waited_for(CACHE / "page.lock"):
        sources = digest_of_files(WEB / name for name in _SOURCES)
        if not _is_of(sources):
            _build()
            write_json(_STAMP, {"sources": sources, "built": digest_of_files([DIST])})
    return DIST


def _is_of(sources: str) -> bool:
    """What lies there may also be somebody's `vite build`: its own digest is told beside the sources'."""
    if not _STAMP.exists() or not DIST.exists():
        return False
    told: dict[str, str] = json.loads(_STAMP.read_text())
    return told == {"sources": sources, "built": digest_of_files([DIST])}


def _build() -> None:
    """Build beside, then put in place: a stack that runs serves the old files until the new are whole."""
    fresh, old = (DIST.with_name(f"dist.{word}.{os.getpid()}") for word in ("new", "old"))
    try:
        run_tool("vite/bin/vite.js", ["build", "--outDir", str(fresh), "--emptyOutDir", "--logLevel", "warn"])
        if DIST.exists():
            DIST.rename(old)
        fresh.rename(DIST)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    try:
        folder = built()
    except PageFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    print(folder.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
