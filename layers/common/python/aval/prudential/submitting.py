"""A sealed or signed request taken for the enclave: its outside is read here, its inside there alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import Task, TaskAct, TaskId, TaskMachine, TaskStore, TaskUnknown
from aval.sealing.envelope import Header, SealedKind, identity_of, read_header
from aval.sealing.key_items import KeyItem, KeyState
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, read_statement

LARGEST_REHEARSAL: Final = 1_000_000
LARGEST_OF_WEEK: Final = 3_999_900
"""A request's 4 MB, less the JSON around the sealed object; a larger file goes as a lote."""
FIRST_ATTEMPT: Final = "0"
REHEARSED: Final[Mapping[TaskAct, SealedKind | Act]] = {
    TaskAct.DELIVER: SealedKind.ENSAIO,
    TaskAct.READ: Act.LER,
    TaskAct.VALIDATE: Act.VALIDAR,
    TaskAct.SEND: SealedKind.ENVIO,
}
OF_WEEK: Final[Mapping[TaskAct, SealedKind | Act]] = {
    TaskAct.PORTFOLIO: SealedKind.PORTFOLIO,
    TaskAct.COUNTERPARTIES: SealedKind.CONTRAPARTES,
    TaskAct.COMPUTE: Act.RECALCULAR,
    TaskAct.APPROVE: Act.VALIDAR,
    TaskAct.CANCEL: Act.CANCELAR,
    TaskAct.RELEASE: SealedKind.ENVIO,
    TaskAct.READ_BACK: Act.LER,
    TaskAct.SIMULATE: SealedKind.SIMULACAO,
}
_CARRIED: Final = {**REHEARSED, **OF_WEEK}
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
    sender: Cnpj
    """Who sealed the body, as it says; of a signed one the company itself, whose statement it is."""
    body: bytes = field(repr=False)
    received_from: str


@dataclass(frozen=True, slots=True)
class Submissions:
    tasks: TaskStore
    machine: TaskMachine
    keys: KeyItems

    def submit(self, asked: Request, *, at: datetime) -> Task:
        """Raise `SealRefused` for the outside of a request; otherwise take it."""
        self.require_outside(asked, at=at)
        return self.take(asked, at=at)

    def take(self, asked: Request, *, at: datetime) -> Task:
        """The same request is the same task, however often it comes."""
        task = _task(asked, at)
        if not self.tasks.add(task):
            task = self.tasks.load(task.id)
        self.keep_going(task)
        return task

    def known(self, asked: Request) -> Task | None:
        """The task that the same request made before, if it did."""
        try:
            return self.tasks.load(task_id_of(asked))
        except TaskUnknown:
            return None

    def keep_going(self, task: Task) -> None:
        # Also where it was there already: whoever wrote it may have died before this.
        if task.outcome is None:
            self.machine.start(task.id, attempt=FIRST_ATTEMPT)

    def require_outside(self, asked: Request, *, at: datetime) -> None:
        """A courtesy to the agent and a shield for the store; the enclave judges all of it again."""
        # (1) Size, before anything is read.
        _require_size(asked)
        # (2) What it says of itself is what the request says of it.
        carried = _CARRIED[asked.act]
        if isinstance(carried, Act):
            _require_statement(asked, carried)
            return
        header = read_header(asked.body)
        _require_header(header, asked, carried)
        # (3) It is sealed to a key that the enclave has and still opens with.
        items = map(KeyItem.from_bytes, self.keys.key_items())
        if header.key_id not in {item.key_id for item in items if item.state(at) in _OPENING}:
            raise SealRefused(SealReason.KEY_UNKNOWN, "o kid não é de uma chave em uso; peça a chave de novo")


def sender_of(act: TaskAct, company: Cnpj, body: bytes) -> Cnpj:
    """Who a body says that it comes from; raise `SealRefused` for one that says nothing."""
    return company if isinstance(_CARRIED[act], Act) else read_header(body).sender


def task_id_of(asked: Request) -> TaskId:
    """Every part has a fixed length or a fixed list of values, so that no two requests read alike.

    The sender is not among them: it is in the body, whose identity is.
    """
    named = "\n".join((asked.company, asked.act, asked.event, identity_of(asked.body)))
    return TaskId(hashlib.sha256(named.encode()).hexdigest())


def _task(asked: Request, at: datetime) -> Task:
    return Task(
        id=task_id_of(asked),
        act=asked.act,
        event=asked.event,
        company=asked.company,
        sender=asked.sender,
        identity=identity_of(asked.body),
        received_at=at.replace(microsecond=0),
        received_from=asked.received_from,
        body=asked.body,
    )


def _require_size(asked: Request) -> None:
    if asked.act in REHEARSED:
        largest, told = LARGEST_REHEARSAL, "o corpo de um ensaio tem até 1 MB"
    else:
        largest, told = LARGEST_OF_WEEK, "o objeto passa do que um pedido leva, 4 MB; envie-o como lote"
    if len(asked.body) > largest:
        raise SealRefused(SealReason.TOO_LARGE, told)


def _require_header(header: Header, asked: Request, kind: SealedKind) -> None:
    if header.event != asked.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "o objeto foi selado para outro evento")
    if header.sender != asked.sender:
        raise SealRefused(SealReason.SENDER_MISMATCH, "o objeto foi selado por outro remetente")
    if header.kind is not kind:
        raise SealRefused(SealReason.KIND_MISMATCH, f"para {asked.act} sela-se um objeto do tipo {kind}")


def _require_statement(asked: Request, act: Act) -> None:
    statement = read_statement(asked.body.decode("ascii", "replace"))
    if statement.act is not act:
        raise SealRefused(SealReason.ACT_MISMATCH, f"para {asked.act} assina-se um ato {act}")
    if statement.event != asked.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "a assinatura é de outro evento")
    if statement.company != asked.company:
        raise SealRefused(SealReason.COMPANY_MISMATCH, "a assinatura é sobre outra empresa")
