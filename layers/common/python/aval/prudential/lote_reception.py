"""A lote announced: its row first, then the form by which its file comes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aval.identifiers import Cnpj, EventCode
from aval.prudential.lote_files import LoteFiles, LoteForm
from aval.prudential.lotes import Lote, LoteId, LoteKind, Lotes
from aval.prudential.weeks import Weeks, require_open

FORM_LIFETIME: Final = timedelta(hours=1)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class AskedLote:
    event: EventCode
    sender: Cnpj
    kind: LoteKind
    file_name: str = field(repr=False)
    size: int
    identity: str
    all_or_nothing: bool
    asked_by: str
    """`Caller.kind:subject`."""


@dataclass(frozen=True, slots=True)
class LoteReception:
    lotes: Lotes
    files: LoteFiles
    weeks: Weeks
    new_code: Callable[[], LoteId]

    def announce(self, asked: AskedLote, *, at: datetime) -> tuple[Lote, LoteForm]:
        """Raise `WeekUnknown`, or `WeekNotOpen` and `DeadlinePassed` outside the window."""
        parameters = self.weeks.current(asked.event).parameters
        require_open(parameters, at=at)
        begins = at.replace(microsecond=0)
        # No form outlasts the week: when the deadline has passed, what may still arrive is known.
        lifetime = max(_SECOND, min(FORM_LIFETIME, parameters.deadline - begins))
        lote = Lote(
            id=self.new_code(),
            event=asked.event,
            kind=asked.kind,
            sender=asked.sender,
            file_name=asked.file_name,
            size=asked.size,
            identity=asked.identity,
            all_or_nothing=asked.all_or_nothing,
            created_at=at,
            created_by=asked.asked_by,
            expires_at=begins + lifetime,
        )
        self.lotes.add(lote)
        return lote, self.files.form(lote, lifetime=lifetime)
