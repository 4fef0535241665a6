"""A strict reader of the CBOR that the NSM and COSE use (RFC 8949), for bytes that nobody vouches for.

Stricter than the libraries on two points that decide what is signed: a repeated key is refused (section 5.6)
and so is whatever follows the item. Maps and arrays of indefinite length are taken; floats and chunked
strings are not, because no attestation document has them.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from aval.attestation.refusals import AttestationRefused, Reason

Value: TypeAlias = "int | str | bytes | bool | list[Value] | dict[int | str, Value] | Tagged | None"

MAX_DEPTH: Final = 8
# Major types: section 3.1. The one left over, 6, is a tag.
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _, _SIMPLE = range(8)
_SIMPLE_VALUES: Final[dict[int, bool | None]] = {20: False, 21: True, 22: None}
_INDEFINITE: Final = 31
_BREAK: Final = 0xFF


@dataclass(frozen=True, slots=True)
class Tagged:
    tag: int
    value: Value


def decode(data: bytes) -> Value:
    """Read one item that is all of `data`; raise `AttestationRefused` for anything else."""
    reader = _Reader(data)
    value = reader.item(0)
    if reader.at != len(data):
        raise AttestationRefused(Reason.TRAILING_BYTES, "há bytes depois do fim do documento")
    return value


class _Reader:
    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def item(self, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise _malformed("estruturas demais, uma dentro da outra")
        major, information = divmod(self._byte(), 32)
        if major == _SIMPLE:
            return self._simple(information)
        if major not in {_ARRAY, _MAP}:
            return self._definite(major, self._argument(information), depth)
        length = None if information == _INDEFINITE else self._argument(information)
        return self._array(length, depth) if major == _ARRAY else self._map(length, depth)

    def _definite(self, major: int, argument: int, depth: int) -> Value:
        if major == _UNSIGNED:
            return argument
        if major == _NEGATIVE:
            return -1 - argument
        if major == _BYTES:
            return self._take(argument)
        if major == _TEXT:
            return self._text(argument)
        return Tagged(argument, self.item(depth + 1))

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode()
        except UnicodeDecodeError as failure:
            raise _malformed("um texto não é UTF-8") from failure

    def _array(self, length: int | None, depth: int) -> list[Value]:
        items: list[Value] = []
        while self._goes_on(length, len(items)):
            items.append(self.item(depth + 1))
        return items

    def _map(self, length: int | None, depth: int) -> dict[int | str, Value]:
        members: dict[int | str, Value] = {}
        while self._goes_on(length, len(members)):
            key = self.item(depth + 1)
            # A truth value is an int to Python, and would be taken for the key 0 or 1.
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise _malformed("a chave de um mapa não é número nem texto")
            if key in members:
                raise AttestationRefused(Reason.DUPLICATE_KEY, "uma chave aparece duas vezes no mesmo mapa")
            members[key] = self.item(depth + 1)
        return members

    def _goes_on(self, length: int | None, count: int) -> bool:
        """Whether one more follows. No memory is taken for a length that is told: items must be there."""
        if length is not None:
            return count < length
        if self.at < len(self.data) and self.data[self.at] == _BREAK:
            self.at += 1
            return False
        return True

    def _simple(self, information: int) -> bool | None:
        if information not in _SIMPLE_VALUES:
            raise _malformed("valor que um atestado não tem (número fracionário ou reservado)")
        return _SIMPLE_VALUES[information]

    def _argument(self, information: int) -> int:
        if information < 24:
            return information
        if information > 27:
            raise _malformed("tamanho reservado, ou indefinido onde só listas e mapas o têm")
        return int.from_bytes(self._take(1 << (information - 24)), "big")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise _malformed("acaba antes do fim")
        taken, self.at = self.data[self.at : end], end
        return taken


def _malformed(what: str) -> AttestationRefused:
    return AttestationRefused(Reason.CBOR, f"CBOR malformado: {what}")
