"""What the records of a week hold: the data as they were taken, and who may read of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self, TypeVar

from aval.errors import FaultsFound
from aval.prudential.counterparties import Counterparties, read_counterparties
from aval.prudential.portfolio import Portfolio
from aval.prudential.portfolio_document import counterparties_document, portfolio_document
from aval.prudential.portfolio_json import read_portfolio
from aval.sealing.canonical import canonical, read_object
from aval.sealing.readers import Readers
from aval.sealing.refusals import SealReason, SealRefused

_MOST_BYTES: Final = 1_000_000
_Held = TypeVar("_Held")


@dataclass(frozen=True, slots=True)
class StoredPortfolio:
    readers: Readers
    held: Portfolio = field(repr=False)

    def to_bytes(self) -> bytes:
        return canonical({"leitores": self.readers.as_json(), "portfolio": portfolio_document(self.held)})

    @classmethod
    def read(cls, plaintext: bytes) -> Self:
        """Raise `SealRefused` for another form, or for what this image's rules would not take."""
        match read_object(plaintext, largest=_MOST_BYTES):
            case {"leitores": readers, "portfolio": told, **more} if not more:
                return cls(Readers.from_json(readers), _read(read_portfolio, told))
        raise _malformed()


@dataclass(frozen=True, slots=True)
class StoredCounterparties:
    readers: Readers
    held: Counterparties = field(repr=False)

    def to_bytes(self) -> bytes:
        told = counterparties_document(self.held)
        return canonical({"leitores": self.readers.as_json(), "contrapartes": told})

    @classmethod
    def read(cls, plaintext: bytes) -> Self:
        """Raise `SealRefused` for another form, or for what this image's rules would not take."""
        match read_object(plaintext, largest=_MOST_BYTES):
            case {"leitores": readers, "contrapartes": told, **more} if not more:
                return cls(Readers.from_json(readers), _read(read_counterparties, told))
        raise _malformed()


def _read(reader: Callable[[bytes], _Held], told: object) -> _Held:
    try:
        return reader(canonical(told))
    except FaultsFound:
        raise _malformed() from None


def _malformed() -> SealRefused:
    return SealRefused(SealReason.MALFORMED, "o registro guardado não tem a forma de um registro da semana")
