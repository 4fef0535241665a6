"""The head of an event's journal: how far it goes, and a digest of all of it (docs/confidential.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from aval.sealing.refusals import SealReason, SealRefused

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
MAX_COUNTER: Final = 2**53 - 1
"""What every JSON reader keeps exact (RFC 8259, section 6)."""


@dataclass(frozen=True, slots=True)
class Head:
    """Counter n and h(n) in hex; an event without entries has counter 0."""

    counter: int
    digest: str

    def __post_init__(self) -> None:
        if not (0 <= self.counter <= MAX_COUNTER and _DIGEST.fullmatch(self.digest)):
            raise SealRefused(
                SealReason.MALFORMED, "a cabeça do diário tem contador e resumo de 64 algarismos"
            )

    def as_json(self) -> dict[str, object]:
        return {"contador": self.counter, "resumo": self.digest}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Raise `SealRefused` for anything but exactly the two members."""
        match value:
            # JSON's true is an int to Python.
            case {"contador": int(counter), "resumo": str(digest), **more} if not (
                more or isinstance(counter, bool)
            ):
                return cls(counter, digest)
        raise SealRefused(SealReason.MALFORMED, "a cabeça do diário tem contador e resumo de 64 algarismos")


def require_not_older(head: Head, seen: Head | None) -> None:
    """Raise `SealRefused` when `head` goes back behind what was seen, or tells the same place otherwise."""
    if seen is None or head == seen:
        return
    if head.counter < seen.counter:
        raise SealRefused(SealReason.HEAD_OLDER, "o diário é anterior a um que este leitor já viu")
    if head.counter == seen.counter:
        raise SealRefused(
            SealReason.HEAD_FORKED, "o diário tem, no mesmo lugar, outro conteúdo que o já visto"
        )


def newest(heads: Mapping[str, Head], event: str, head: Head) -> dict[str, Head]:
    """`heads` with `head` for the event where it goes further."""
    known = heads.get(event)
    return {**heads, event: head} if known is None or known.counter < head.counter else dict(heads)
