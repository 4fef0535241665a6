"""What an agent rehearses with: a number, or the text of why there is none, and who may read of it."""

from dataclasses import dataclass, field
from typing import Final, Self

from aval.sealing.canonical import canonical, read_object
from aval.sealing.decimals import require_decimal
from aval.sealing.readers import Readers
from aval.sealing.refusals import SealReason, SealRefused

MAX_CONTENT_BYTES: Final = 65_536
_MAX_STORED_BYTES: Final = 262_144
_MAX_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Content:
    number: str | None = field(repr=False)
    text: str = field(default="", repr=False)

    @classmethod
    def read(cls, plaintext: bytes) -> Self:
        """Raise `SealRefused` for anything but a number with or without a text, or a text alone."""
        return cls.from_json(read_object(plaintext, largest=MAX_CONTENT_BYTES))

    @classmethod
    def from_json(cls, members: object) -> Self:
        match members:
            case {"numero": (str() | None) as number, "texto": str(text), **more} if not more:
                return cls._of(number, text)
            case {"numero": str(number), **more} if not more:
                return cls._of(number, "")
        raise _malformed()

    @classmethod
    def _of(cls, number: str | None, text: str) -> Self:
        if len(text) > _MAX_TEXT or (number is None and not text):
            raise _malformed()
        if number is not None:
            require_decimal(number)
        return cls(number, text)

    def as_json(self) -> dict[str, object]:
        return {"numero": self.number, **({"texto": self.text} if self.text else {})}


@dataclass(frozen=True, slots=True)
class Stored:
    """What the record of a version holds."""

    readers: Readers
    content: Content = field(repr=False)

    @classmethod
    def read(cls, plaintext: bytes) -> Self:
        match read_object(plaintext, largest=_MAX_STORED_BYTES):
            case {"leitores": readers, "conteudo": content, **more} if not more:
                return cls(Readers.from_json(readers), Content.from_json(content))
        raise _malformed()

    def to_bytes(self) -> bytes:
        return canonical({"leitores": self.readers.as_json(), "conteudo": self.content.as_json()})


def _malformed() -> SealRefused:
    return SealRefused(
        SealReason.MALFORMED, "um ensaio leva numero (texto decimal, ou nulo com texto) e, se quiser, texto"
    )
