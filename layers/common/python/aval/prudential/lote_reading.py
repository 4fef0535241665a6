"""Who is told of a lote: those who answer for its sender, and nobody else learns that there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.coverage import Coverage
from aval.prudential.lote_files import LoteFiles
from aval.prudential.lotes import Lote, LoteId, Lotes
from aval.prudential.refusals import CompanyForbidden, LoteUnknown, NothingToRead


@dataclass(frozen=True, slots=True)
class LoteReading:
    coverage: Coverage
    lotes: Lotes
    files: LoteFiles

    def history(self, caller: Caller, event: EventCode, sender: Cnpj, *, at: datetime) -> Sequence[Lote]:
        """The newest first; raise `CompanyForbidden`."""
        self.coverage.require_sender(caller, sender, at=at)
        return self.lotes.of_sender(event, sender)

    def lote(self, caller: Caller, event: EventCode, code: LoteId, *, at: datetime) -> Lote:
        """Raise `LoteUnknown`, also for another week's and another sender's."""
        lote = self.lotes.load(code)
        if lote.event != event:
            raise LoteUnknown
        try:
            self.coverage.require_sender(caller, lote.sender, at=at)
        except CompanyForbidden as foreign:
            raise LoteUnknown from foreign
        return lote

    def answer(self, lote: Lote, number: int) -> bytes:
        """As the enclave sealed it, to the lote's readers; raise `NothingToRead`."""
        if lote.outcome is None or number >= lote.outcome.answers:
            raise NothingToRead("este lote não tem resposta com este número; veja quantas são no lote")
        return self.files.answer(lote.id, lote.outcome.attempt, number)
