"""What lies inside bytes: compressed, packed, encoded or escaped content, opened as far as it goes."""

import base64
import json
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

DEPTH: Final = 4
MOST_BYTES: Final = 64 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b\x08"
_ZIP: Final = b"PK\x03\x04"
# Method, and lengths of name and extra field, in a member's header (APPNOTE 4.3.7).
_ZIP_HEADER: Final = struct.Struct("<8xH16xHH")
_DEFLATED: Final = 8
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
            yield base64.b64decode(part[:-1] if len(part) % 4 == 1 else part + b"=" * (-len(part) % 4))


def _decompressed(content: bytes) -> Iterator[bytes]:
    for found in re.finditer(re.escape(_GZIP), content):
        yield from _inflated(content[found.start() :], window=31)
    for found in _ZLIB.finditer(content):
        yield from _inflated(content[found.start() :], window=15)


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Members of a zip file, each by its own header: the directory at the end may be cut off."""
    for found in re.finditer(re.escape(_ZIP), content):
        header = content[found.start() : found.start() + _ZIP_HEADER.size]
        if len(header) < _ZIP_HEADER.size:
            return
        method, name, extra = _ZIP_HEADER.unpack(header)
        begins = found.start() + _ZIP_HEADER.size + name + extra
        if method == _DEFLATED:
            yield from _inflated(content[begins:], window=-15)


def _inflated(content: bytes, window: int) -> Iterator[bytes]:
    try:
        inner = zlib.decompressobj(window).decompress(content, MOST_BYTES)
    except zlib.error:
        return
    if inner:
        yield inner


def _unescaped(content: bytes) -> bytes:
    """JSON's escapes told as UTF-8."""
    text = content.decode("latin-1")

    def letter(found: re.Match[str]) -> str:
        told: str = json.loads(f'"{found[0]}"')
        return told.encode("utf-8", "surrogatepass").decode("latin-1")

    return re.sub(_ESCAPED.pattern.decode(), letter, text).encode("latin-1")
