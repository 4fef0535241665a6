"""The few bytes of DER that must be looked at before, or beside, a full parser (X.690, sections 8 and 10)."""

from dataclasses import dataclass
from typing import Final

SEQUENCE: Final = 0x30
SET: Final = 0x31
BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
CONTEXT_0: Final = 0xA0
_CONSTRUCTED: Final = 0x20
_CONSTRUCTED_STRINGS: Final = frozenset({0x23, 0x24, 0x2C, 0x33, 0x34, 0x36, 0x3E})
_MAX_NESTING: Final = 64


class DerInvalid(ValueError):
    """Bytes that are no tag-length-value element."""


@dataclass(frozen=True, slots=True)
class Element:
    """Where one element lies; `end` is None when its length is indefinite (BER)."""

    tag: int
    start: int
    content: int
    end: int | None
    minimal: bool

    @property
    def is_ber(self) -> bool:
        return self.end is None or not self.minimal


def peek(data: bytes, offset: int = 0) -> Element:
    """Read one header; raise `DerInvalid` when there is none, or its length has more than four octets."""
    if offset + 2 > len(data) or data[offset] & 0x1F == 0x1F:
        raise DerInvalid("sem cabeçalho")
    tag, first = data[offset], data[offset + 1]
    if first < 0x80:
        return Element(tag, offset, offset + 2, offset + 2 + first, True)
    if first == 0x80:
        return Element(tag, offset, offset + 2, None, False)
    octets = first & 0x7F
    content = offset + 2 + octets
    if octets > 4 or content > len(data):
        raise DerInvalid("comprimento impossível")
    length = int.from_bytes(data[offset + 2 : content], "big")
    minimal = length >= 0x80 and data[offset + 2] != 0
    return Element(tag, offset, content, content + length, minimal)


def children(data: bytes, parent: Element, most: int) -> list[Element]:
    """The first `most` elements inside `parent`, as far as they can be told apart."""
    found: list[Element] = []
    offset, limit = parent.content, parent.end or len(data)
    while len(found) < most and offset < limit:
        try:
            element = peek(data, offset)
        except DerInvalid:
            break
        found.append(element)
        if element.end is None:
            break
        offset = element.end
    return found


def is_ber(data: bytes) -> bool:
    """Whether some element uses a freedom that BER has and DER has not (X.690, section 10)."""
    pending = [(0, len(data), 0)]
    while pending:
        offset, limit, depth = pending.pop()
        while offset < limit and depth < _MAX_NESTING:
            try:
                element = peek(data, offset)
            except DerInvalid:
                break
            if element.end is None or not element.minimal or element.tag in _CONSTRUCTED_STRINGS:
                return True
            if element.end > limit:
                break
            if element.tag == BOOLEAN and data[element.content : element.end] not in (b"\x00", b"\xff"):
                return True
            if element.tag & _CONSTRUCTED:
                pending.append((element.content, element.end, depth + 1))
            offset = element.end
    return False


def has_one_algorithm(signed: bytes) -> bool:
    """Whether the signed algorithm equals the one beside it (RFC 5280, sections 4.1.1.2 and 5.1.1.2)."""
    outer = children(signed, peek(signed), 2)
    if len(outer) < 2 or outer[1].end is None:
        return False
    named = [element for element in children(signed, outer[0], 3) if element.tag == SEQUENCE]
    if not named or named[0].end is None:
        return False
    return signed[named[0].start : named[0].end] == signed[outer[1].start : outer[1].end]


def signs_in_whole_octets(signed: bytes) -> bool:
    """Whether the signature's bit string leaves no bit unused (RFC 5280, section 4.1.1.3).

    A signature that ends in zeros verifies with its last bits declared unused: another file, and another
    fingerprint, for the same certificate.
    """
    outer = children(signed, peek(signed), 3)
    return (
        len(outer) == 3
        and outer[2].tag == BIT_STRING
        and signed[outer[2].content : outer[2].end][:1] == b"\x00"
    )
