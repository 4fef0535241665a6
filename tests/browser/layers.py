"""What lies inside bytes: compressed, packed, encoded or escaped content, opened as far as it goes."""

import base64
import binascii
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

DEPTH: Final = 4
MOST_BYTES: Final = 64 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b\x08"
_ZIP: Final = b"PK\x03\x04"
# Either header of a zlib stream that compressors write, RFC 1950, section 2.2.
_ZLIB: Final = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_ESCAPED: Final = re.compile(rb"\\u[0-9a-fA-F]{4}|\\/")


def opened(content: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """Yield `content`, and whatever can be read out of it."""
    yield content
    if depth == 0:
        return
    for inner in _inside(content):
        if inner != content:
            yield from opened(inner, depth - 1)


def _inside(content: bytes) -> Iterator[bytes]:
    yield from _decompressed(content)
    yield from _unpacked(content)
    if b"%" in content or b"+" in content:
        yield unquote_to_bytes(content.replace(b"+", b" "))
    if _ESCAPED.search(content):
        yield _unescaped(content)
    for found in _BASE64.finditer(content):
        run = found[0].translate(bytes.maketrans(b"-_", b"+/"))
        # What stands before it may be of the same signs, so that it begins at any of four places.
        for begins in range(4):
            part = run[begins:]
            yield base64.b64decode(part[: len(part) // 4 * 4])


def _decompressed(content: bytes) -> Iterator[bytes]:
    begins = [(found.start(), 31) for found in re.finditer(re.escape(_GZIP), content)]
    begins += [(found.start(), 15) for found in _ZLIB.finditer(content)]
    for start, window in begins:
        try:
            inner = zlib.decompressobj(window).decompress(content[start:], MOST_BYTES)
        except zlib.error:
            continue
        if inner:
            yield inner


def _unpacked(content: bytes) -> Iterator[bytes]:
    start = content.find(_ZIP)
    if start < 0:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content[start:])) as packed:
            for member in packed.infolist():
                yield packed.read(member)
    except (zipfile.BadZipFile, binascii.Error, zlib.error, NotImplementedError):
        return


def _unescaped(content: bytes) -> bytes:
    """JSON's escapes told as UTF-8."""
    text = content.decode("latin-1")

    def letter(found: re.Match[str]) -> str:
        told: str = json.loads(f'"{found[0]}"')
        return told.encode("utf-8", "surrogatepass").decode("latin-1")

    return re.sub(_ESCAPED.pattern.decode(), letter, text).encode("latin-1")
