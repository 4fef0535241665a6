"""Work for the enclave: asked for once, ended once, whatever dies in between."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, Self

from aval.errors import DomainError
from aval.identifiers import Cnpj, EventCode, IdentifierInvalid

_TASK_ID: Final = re.compile(r"[0-9a-f]{64}")


class TaskId(str):
    """SHA-256 over who asks, what for and the identity of the body: the same request is the same task."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _TASK_ID.fullmatch(text):
            raise IdentifierInvalid("o código da tarefa deve ter 64 algarismos hexadecimais")
        return cls(text)


class TaskAct(StrEnum):
    """What the enclave is asked for: a rehearsal's four, and the acts of the week (docs/monitoring.md)."""

    DELIVER = "ENTREGAR"
    READ = "LER"
    VALIDATE = "VALIDAR"
    SEND = "ENVIAR"
    PORTFOLIO = "PORTFOLIO"
    COUNTERPARTIES = "CONTRAPARTES"
    COMPUTE = "CALCULO"
    APPROVE = "VALIDACAO"
    CANCEL = "CANCELAMENTO"
    RELEASE = "ENVIO"
    READ_BACK = "LEITURA"
    SIMULATE = "SIMULACAO"


class TaskState(StrEnum):
    RECEIVED = "RECEBIDA"
    DONE = "CONCLUIDA"
    REFUSED = "RECUSADA"
    FAILED = "FALHA"


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """How a task ended. The code of a refusal tells a rule; the sentence is in the sealed answer."""

    state: TaskState
    ended_at: datetime
    reason: str = ""
    answer: bytes = field(default=b"", repr=False)
    """Sealed to the readers; empty where the file told no readers."""
    released: str = ""
    """JSON that the enclave gives out in clear, for publication; empty before a sending."""


@dataclass(frozen=True, slots=True)
class Task:
    id: TaskId
    act: TaskAct
    event: EventCode
    company: Cnpj
    sender: Cnpj
    identity: str
    """SHA-256 of the whole body as it came, hex."""
    received_at: datetime
    received_from: str
    body: bytes = field(default=b"", repr=False)
    """A JWE or a JWS, as it came."""
    outcome: TaskOutcome | None = None

    @property
    def state(self) -> TaskState:
        return self.outcome.state if self.outcome else TaskState.RECEIVED


class TaskUnknown(DomainError):
    """No task of that code that the caller may see."""


class TaskStore(Protocol):
    def add(self, task: Task) -> bool:
        """Write a new task; False when it is already there, which changes nothing."""

    def load(self, code: TaskId) -> Task:
        """Raise `TaskUnknown`."""

    def fail(self, code: TaskId, reason: str, *, at: datetime) -> None:
        """End a task that nobody could do, unless it has ended meanwhile."""

    def open_before(self, moment: datetime) -> Sequence[TaskId]:
        """Tasks received before `moment` that have not ended, oldest first."""


class TaskMachine(Protocol):
    def start(self, code: TaskId, *, attempt: str) -> None:
        """Start an execution named for the task and the attempt; one of that name already there is enough."""

    def is_running(self, code: TaskId) -> bool: ...
