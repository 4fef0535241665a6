"""What a lote asks of the store of its file, and how much of the file is read outside the enclave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from aval.prudential.lotes import Lote, LoteId
from aval.sealing.envelope import Header, read_header
from aval.sealing.refusals import SealReason, SealRefused

START_BYTES: Final = 16_385
"""One more than a header may have: where no dot is among them, there is no header."""


@dataclass(frozen=True, slots=True)
class LoteForm:
    """Takes exactly the announced file, under the lote's own key; whoever holds it may send that file."""

    url: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    version: str
    size: int
    received_at: datetime
    """The store's own clock, whole seconds."""


class LoteFiles(Protocol):
    def form(self, lote: Lote, *, lifetime: timedelta) -> LoteForm: ...

    def arrived(self, code: LoteId, version: str = "") -> ArrivedFile | None:
        """That version, or whichever lies there."""

    def start_of(self, code: LoteId, version: str, size: int) -> bytes:
        """The first `size` bytes, or all there are."""

    def keep_eligible(self, code: LoteId, content: bytes) -> None: ...

    def records(self, code: LoteId, attempt: str, number: int) -> bytes:
        """A chunk's records and states, as the enclave gave them."""

    def answer(self, code: LoteId, attempt: str, number: int) -> bytes:
        """Raise `NothingToRead` for one that is no longer kept."""

    def quarantine(self, code: LoteId, version: str) -> None:
        """Keep a copy of the sealed file, if it is there; repeatable."""


def read_header_start(start: bytes) -> Header:
    """What an object whose first `START_BYTES` these are says of itself; raise `SealRefused`."""
    protected, dot, _ = start.partition(b".")
    if not dot and len(start) < START_BYTES:
        raise SealRefused(SealReason.MALFORMED, "não é um JWE na forma compacta")
    # The header ends at the first dot; what follows is not read here, and its place is left empty.
    return read_header(protected + b"....")
