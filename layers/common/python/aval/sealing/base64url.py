"""Base64url without padding, one spelling for each value (RFC 7515, section 2; RFC 4648, section 3.5)."""

import binascii
from typing import Final

from aval.sealing.refusals import SealReason, SealRefused

_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
# "+", "/" and "=" are no characters of this alphabet: they become one that no decoder takes.
_FROM_URL: Final = bytes.maketrans(b"-_+/=", b"+/!!!")


def encode(data: bytes | memoryview) -> bytes:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL)


def encode_text(data: bytes) -> str:
    return encode(data).decode()


def decode(text: bytes) -> bytes:
    """Raise `SealRefused` for a stray character, padding, or bits left over that are not zero."""
    try:
        data = binascii.a2b_base64(text.translate(_FROM_URL) + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error as failure:
        raise _malformed() from failure
    # The last characters may spell the same bytes in several ways: only one is taken, or one message
    # would have several identities.
    tail = len(data) % 3
    if tail and encode(data[-tail:]) != text[-(tail + 1) :]:
        raise _malformed()
    return data


def decode_text(text: str) -> bytes:
    try:
        return decode(text.encode("ascii"))
    except UnicodeEncodeError as failure:
        raise _malformed() from failure


def _malformed() -> SealRefused:
    return SealRefused(SealReason.MALFORMED, "não é base64url sem preenchimento")
