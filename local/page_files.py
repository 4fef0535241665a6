"""The files of the page as whoever serves them sees them: by path, with type, age and a compressed form."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

DOCUMENT: Final = "index.html"
# Beside the document, and not of its build: whom this deployment's page believes (docs/web.md).
TRUST_DOCUMENT: Final = "pagina.json"
ASSETS: Final = "assets/"

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
_ALREADY_SMALL: Final = frozenset({".woff2"})
# CloudFront compresses nothing that is smaller.
_LEAST_COMPRESSED: Final = 1000


class TypeUnknown(Exception):
    """A file of the page that nobody said how to call."""


def media_type(name: str) -> str:
    """Return the file's media type. Raises `TypeUnknown`: with `nosniff`, a guess would not be shown."""
    suffix = Path(name).suffix
    if suffix not in _TYPES:
        raise TypeUnknown(
            f"{name}: local/page_files.py has no media type for {suffix or 'a name without ending'}"
        )
    return _TYPES[suffix]


def cache_control(name: str) -> str:
    """An asset is named by its content; all else is asked for again each time."""
    return "public, max-age=31536000, immutable" if name.startswith(ASSETS) else "no-cache"


@dataclass(frozen=True, slots=True)
class PageFile:
    content: bytes = field(repr=False)
    media_type: str
    cache_control: str
    etag: str
    compressed: bytes | None = field(repr=False)

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        worth_it = len(content) >= _LEAST_COMPRESSED and Path(name).suffix not in _ALREADY_SMALL
        return cls(
            content=content,
            media_type=media_type(name),
            cache_control=cache_control(name),
            etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
            compressed=gzip.compress(content, mtime=0) if worth_it else None,
        )


def files_of(folder: Path) -> Mapping[str, PageFile]:
    """Return the files below the folder by their paths in it."""
    return {
        (name := path.relative_to(folder).as_posix()): PageFile.of(name, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
