"""Files written whole or not at all, and content hashes by which work is skipped."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

NEVER_HASHED = ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")


def write_whole(path: Path, content: str, mode: int = 0o644) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(content)
    fresh.replace(path)


def write_json(path: Path, document: object, mode: int = 0o644) -> None:
    write_whole(path, json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n", mode)


def digest_of_text(*texts: str) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}:{text}".encode())
    return digest.hexdigest()


def digest_of_files(paths: Iterable[Path]) -> str:
    """Return a digest of names and contents of `paths`, folders walked, so that any change shows."""
    digest = hashlib.sha256()
    for file in sorted(_walk(paths)):
        digest.update(f"{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _walk(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir() and path.name not in NEVER_HASHED:
            yield from _walk(path.iterdir())
