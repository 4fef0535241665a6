"""A secret in the spellings in which it could lie somewhere, and the search for any of them."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

LARGEST_FILE_BYTES = 512 * 1024 * 1024


def spellings(secret: bytes) -> frozenset[bytes]:
    """Return the secret as bytes, in hex, in UTF-16, and in base64 wherever it begins in what was encoded."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    found |= {secret.decode("latin-1").encode("utf-16-le")}
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret)
        # What the bytes beside it have a share in is cut off.
        kept = encoded[4 if before else 0 : len(encoded) // 4 * 4 - 4]
        found |= {kept, kept.translate(bytes.maketrans(b"+/", b"-_"))}
    return frozenset(found)


class Haystack:
    """Secrets by name, looked for in whatever is shown."""

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        self._secrets = {name: spellings(secret) for name, secret in secrets.items()}

    def in_bytes(self, content: bytes) -> set[str]:
        """Return the names of those that are there."""
        return {
            name for name, spelt in self._secrets.items() if any(spelling in content for spelling in spelt)
        }

    def in_files(self, files: Iterable[Path]) -> dict[Path, set[str]]:
        found: dict[Path, set[str]] = {}
        for file in files:
            try:
                content = file.read_bytes()
            except OSError:  # it was a file a moment ago
                continue
            if names := self.in_bytes(content):
                found[file] = names
        return found


def files_below(folder: Path, *, but: Iterable[Path] = ()) -> Iterator[Path]:
    """Return every regular file in `folder`, those in the folders of `but` left out."""
    left_out = set(but)
    for path in folder.iterdir():
        if path in left_out or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_below(path, but=left_out)
        elif path.is_file():
            yield path
