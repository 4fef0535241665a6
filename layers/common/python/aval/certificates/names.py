"""Names compared as RFC 5280, section 7.1 wants: never by DER bytes, never by display strings."""

import hashlib
import unicodedata
from typing import Final

from cryptography import x509

# RFC 5280, appendix A.1, bounds what a certificate for a company holds to 64 or 128. Ordering a run of
# combining marks takes time by the square of its length, so an upload may not choose it.
_LONGEST_VALUE: Final = 2048
_MAPPED_TO_NOTHING: Final = frozenset(
    {0x00AD, 0x034F, 0x1806, 0x180B, 0x180C, 0x180D, 0x200B, 0xFFFC, *range(0xFE00, 0xFE10)}
)
_MAPPED_TO_SPACE: Final = frozenset({0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85})


class NameTooLong(ValueError):
    """An attribute longer than any name of a company or an authority."""


def name_key(name: x509.Name) -> str:
    """SHA-256 of the normalised name: equal for names that section 7.1 holds to be equal."""
    digest = hashlib.sha256()
    for relative in name.rdns:
        attributes = sorted((item.oid.dotted_string, _canonical(item.value)) for item in relative)
        digest.update(f"{len(attributes)}:".encode())
        for oid, value in attributes:
            digest.update(f"{oid}={len(value)}:".encode() + value)
    return digest.hexdigest()


def normalise(text: str) -> str:
    """Prepare as RFC 4518 does: map, fold case, NFKC, one space between words; raise `NameTooLong`."""
    if len(text) > _LONGEST_VALUE:
        raise NameTooLong
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    mapped = "".join(_map(character) for character in text)
    # NFKC_Casefold (Unicode, section 3.13): folding and composing once each is not yet stable.
    folded = unicodedata.normalize("NFD", mapped)
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded.casefold())
    return " ".join(folded.split())


def _map(character: str) -> str:
    point = ord(character)
    if point in _MAPPED_TO_NOTHING:
        return ""
    if point in _MAPPED_TO_SPACE or unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf"} else character


def _canonical(value: str | bytes) -> bytes:
    # x500UniqueIdentifier is a bit string and is compared as it is.
    return (
        b"b" + value if isinstance(value, bytes) else b"t" + normalise(value).encode("utf-8", "surrogatepass")
    )
