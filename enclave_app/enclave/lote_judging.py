"""Which agents of a lote's file are taken, and which version each of them makes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aval.errors import Fault
from aval.identifiers import Cnpj
from aval.sealing.journal import Journal, LoteEntry
from aval.sealing.journal_entry import COUNTERPARTIES, PORTFOLIO
from aval.sealing.refusals import SealReason
from enclave_app.enclave.lote_asked import AskedLote
from enclave_app.enclave.lote_decision import LoteRefusal
from enclave_app.enclave.lote_file import FileAgent

_NOT_ELIGIBLE: Final = (
    "este agente não está entre os elegíveis do remetente neste evento; retire-o do arquivo"
)
_OTHER_READERS: Final = (
    "o portfólio deste agente tem outra lista de leitores; sele as contrapartes dele com a mesma lista"
)
_NOT_THEN: Final = "o lote já foi aceito sem este agente; envie os dados dele em outro arquivo"


@dataclass(frozen=True, slots=True)
class Judged:
    """An agent of the file with the version that it makes, or with the faults for which it makes none."""

    agent: FileAgent
    version: int
    """0 for one that is not taken."""
    faults: tuple[Fault, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Judging:
    """Each agent by itself: by its own data, the week's list, and what the journal has of it."""

    journal: Journal
    asked: AskedLote
    readers: str
    """Digest of the file's reader list."""
    repeated: LoteEntry | None

    def judged(self, agents: Sequence[FileAgent]) -> list[Judged]:
        taken_then = dict(self.repeated.agents) if self.repeated else {}
        return [self._one(agent, taken_then) for agent in agents]

    def refusal_of(self, judged: Sequence[Judged]) -> LoteRefusal | None:
        """Why nothing of the file is taken, if so; what was taken before stays taken."""
        if self.repeated:
            return None
        if not any(one.version for one in judged):
            return LoteRefusal.NONE_TAKEN
        if self.asked.all_or_nothing and not all(one.version for one in judged):
            return LoteRefusal.ALL_OR_NOTHING
        return None

    def _one(self, agent: FileAgent, taken_then: Mapping[Cnpj, int]) -> Judged:
        if agent.faults:
            return Judged(agent, 0, agent.faults)
        company = Cnpj(agent.company)
        if company in taken_then:
            return Judged(agent, taken_then[company])
        fault = self._fault(agent, company)
        if fault:
            return Judged(agent, 0, (fault,))
        latest = self.journal.latest(company, self.asked.kind.value)
        return Judged(agent, (latest.version if latest else 0) + 1)

    def _fault(self, agent: FileAgent, company: Cnpj) -> Fault | None:
        if company not in self.asked.eligible:
            return Fault("elegivel", _NOT_ELIGIBLE, agent.place)
        if self.asked.kind.value == COUNTERPARTIES:
            portfolio = self.journal.latest(company, PORTFOLIO)
            if portfolio and portfolio.readers != self.readers:
                return Fault(SealReason.READERS_MISMATCH.value, _OTHER_READERS, agent.place)
        # Its entry says who was taken, whatever the list and the journal have become since.
        return Fault("lote-aceito", _NOT_THEN, agent.place) if self.repeated else None


def rules_of(judged: Sequence[Judged]) -> Mapping[str, int]:
    """How many faults there are of each rule: of all that was told, what may be told in clear."""
    return Counter(fault.rule for one in judged for fault in one.faults)
