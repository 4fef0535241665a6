"""A sealed or signed request taken for the enclave: its outside is read here, its inside there alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import Task, TaskAct, TaskId, TaskMachine, TaskStore
from aval.sealing.envelope import Header, SealedKind, identity_of, read_header
from aval.sealing.key_items import KeyItem, KeyState
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, read_statement

LARGEST_REHEARSAL: Final = 1_000_000
FIRST_ATTEMPT: Final = "0"
_SEALED_FOR: Final[Mapping[TaskAct, SealedKind]] = {
    TaskAct.DELIVER: SealedKind.ENSAIO,
    TaskAct.SEND: SealedKind.ENVIO,
}
_SIGNED_FOR: Final[Mapping[TaskAct, Act]] = {TaskAct.READ: Act.LER, TaskAct.VALIDATE: Act.VALIDAR}
# A retired pair opens only what is read back: who seals to it now has an old file of its key.
_OPENING: Final = frozenset({KeyState.ACTIVE, KeyState.OVERLAP})


class KeyItems(Protocol):
    def key_items(self) -> Sequence[bytes]:
        """The enclave's key pairs, wrapped by itself; what this reads of them is public."""


@dataclass(frozen=True, slots=True)
class Request:
    act: TaskAct
    event: EventCode
    company: Cnpj
    body: bytes = field(repr=False)
    received_from: str


@dataclass(frozen=True, slots=True)
class Submissions:
    tasks: TaskStore
    machine: TaskMachine
    keys: KeyItems

    def submit(self, asked: Request, *, at: datetime) -> Task:
        """The same request is the same task, however often it comes; raise `SealRefused` for its outside."""
        self._require_outside(asked, at)
        task = _task(asked, at)
        if not self.tasks.add(task):
            task = self.tasks.load(task.id)
        # Also where it was there already: whoever wrote it may have died before this.
        if task.outcome is None:
            self.machine.start(task.id, attempt=FIRST_ATTEMPT)
        return task

    def _require_outside(self, asked: Request, at: datetime) -> None:
        """A courtesy to the agent and a shield for the store; the enclave judges all of it again."""
        # (1) Size, before anything is read.
        if len(asked.body) > LARGEST_REHEARSAL:
            raise SealRefused(SealReason.TOO_LARGE, "o corpo de um ensaio tem até 1 MB")
        # (2) What it says of itself is what the request says of it.
        kind = _SEALED_FOR.get(asked.act)
        if kind is None:
            _require_statement(asked)
            return
        header = read_header(asked.body)
        _require_header(header, asked, kind)
        # (3) It is sealed to a key that the enclave has and still opens with.
        items = map(KeyItem.from_bytes, self.keys.key_items())
        if header.key_id not in {item.key_id for item in items if item.state(at) in _OPENING}:
            raise SealRefused(SealReason.KEY_UNKNOWN, "o kid não é de uma chave em uso; peça a chave de novo")


def task_id_of(asked: Request) -> TaskId:
    """Every part has a fixed length or a fixed list of values, so that no two requests read alike."""
    named = "\n".join((asked.company, asked.act, asked.event, identity_of(asked.body)))
    return TaskId(hashlib.sha256(named.encode()).hexdigest())


def _task(asked: Request, at: datetime) -> Task:
    return Task(
        id=task_id_of(asked),
        act=asked.act,
        event=asked.event,
        company=asked.company,
        sender=asked.company,
        identity=identity_of(asked.body),
        received_at=at.replace(microsecond=0),
        received_from=asked.received_from,
        body=asked.body,
    )


def _require_header(header: Header, asked: Request, kind: SealedKind) -> None:
    if header.event != asked.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "o objeto foi selado para outro evento")
    if header.sender != asked.company:
        raise SealRefused(SealReason.SENDER_MISMATCH, "o objeto foi selado por outro remetente")
    if header.kind is not kind:
        raise SealRefused(SealReason.KIND_MISMATCH, f"para {asked.act} sela-se um objeto do tipo {kind}")


def _require_statement(asked: Request) -> None:
    statement = read_statement(asked.body.decode("ascii", "replace"))
    if statement.act is not _SIGNED_FOR[asked.act]:
        raise SealRefused(SealReason.ACT_MISMATCH, "a assinatura é de outro ato")
    if statement.event != asked.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "a assinatura é de outro evento")
    if statement.company != asked.company:
        raise SealRefused(SealReason.COMPANY_MISMATCH, "a assinatura é sobre outra empresa")
