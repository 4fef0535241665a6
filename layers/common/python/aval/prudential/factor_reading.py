"""What was answered about an agent's factor, and the receipt of its sending: read again, never computed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.agent_state import AgentState, ParametersUsed
from aval.prudential.coverage import Coverage
from aval.prudential.lotes import Lote, LoteId
from aval.prudential.refusals import NothingToRead
from aval.prudential.state_reading import StateReader
from aval.prudential.tasks import TaskId, TaskStore


class LotesKept(Protocol):
    def load(self, code: LoteId) -> Lote:
        """Raise `LoteUnknown`."""


class LoteAnswers(Protocol):
    def answer(self, lote: LoteId, attempt: str, number: int) -> bytes:
        """The sealed answer of one chunk, under the name that its attempt stored it by."""


@dataclass(frozen=True, slots=True)
class FactorRead:
    """The last sealed answer with a factor; what it rests on is public and stands beside it."""

    state: AgentState
    calculation: str
    parameters: ParametersUsed | None
    answer: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FactorReading:
    coverage: Coverage
    states: StateReader
    tasks: TaskStore
    lotes: LotesKept
    answers: LoteAnswers

    def factor(self, caller: Caller, event: EventCode, company: Cnpj, *, at: datetime) -> FactorRead:
        """Raise `NothingToRead` where no answer was given."""
        self.coverage.require(caller, company, at=at)
        row = self.states.agents.row(event, company)
        state = self.states.shown(event, row)
        # Counterparties alone were answered too, and have no factor.
        answer = self._answer(row.answer) if row and row.standing.portfolio else b""
        if row is None or not answer:
            raise NothingToRead("não há fator calculado deste agente neste evento; entregue e calcule antes")
        return FactorRead(state, row.standing.calculation, row.standing.parameters, answer)

    def receipt(self, caller: Caller, event: EventCode, company: Cnpj, *, at: datetime) -> str:
        """Of the sending that stands; raise `NothingToRead` where none does."""
        self.coverage.require(caller, company, at=at)
        self.states.weeks.current(event)
        released = self.states.agents.released_of(event, company)
        if released is None:
            raise NothingToRead("não há envio deste agente neste evento; o recibo nasce com o envio")
        return released.receipt

    def _answer(self, place: str) -> bytes:
        match place.split(":"):
            case ["tarefa", task]:
                outcome = self.tasks.load(TaskId(task)).outcome
                return outcome.answer if outcome else b""
            case ["lote", lote, chunk]:
                made = self.lotes.load(LoteId(lote)).outcome
                return self.answers.answer(LoteId(lote), made.attempt, int(chunk)) if made else b""
        return b""
