"""What the enclave's reply to a task becomes in the table."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from aval.prudential.agent_state import AgentChange, AgentRow, AgentStanding, ReleasedFactor, Transition
from aval.prudential.tasks import Task, TaskAct, TaskOutcome, TaskState
from aval.prudential.vault import Commit, JournalEntry, StoredRecord, Vault
from enclave_app.protocol import Message

# Where there is a portfolio their sealed answer has its factor, and the agent's row says where that is.
_ANSWERED_WITH_FACTOR: Final = frozenset({TaskAct.PORTFOLIO, TaskAct.COUNTERPARTIES, TaskAct.COMPUTE})


def commit_of(task: Task, reply: Message, vault: Vault, *, at: datetime) -> Commit:
    fields = reply.fields
    reason = fields["motivo"]
    outcome = TaskOutcome(
        state=TaskState.REFUSED if reason else TaskState.DONE,
        ended_at=at,
        reason=reason or "",
        answer=reply.parts[0],
        released=fields["liberado"],
    )
    entries = [JournalEntry(task.event, *fields["lancamento"])] if fields["lancamento"] else []
    records = list(_records(task, reply, vault))
    return Commit(task.id, outcome, entries, records, _change(task, fields, at=at))


def _records(task: Task, reply: Message, vault: Vault) -> Iterator[StoredRecord]:
    for told, sealed in zip(reply.fields["registros"], reply.parts[1:], strict=True):
        kind, version = told["tipo"], told["versao"]
        # Of a repeat the journal has the entry; its record may be missing, if the one who stored the entry
        # had nothing but that.
        if reply.fields["repetido"] and vault.record(task.event, task.company, kind, version):
            continue
        yield StoredRecord(task.event, task.company, kind, version, sealed)


def _change(task: Task, fields: Mapping[str, Any], *, at: datetime) -> AgentChange | None:
    """None for what changes no agent's state: a rehearsal, a reading, a refusal."""
    if not fields.get("estado"):
        return None
    standing = AgentStanding.from_json(fields["estado"])
    origin = f"tarefa:{task.id}"
    has_factor = task.act in _ANSWERED_WITH_FACTOR and standing.portfolio is not None
    answer = origin if has_factor else ""
    row = AgentRow(task.event, task.company, standing, at, task.received_from, answer)
    transition = Transition(
        event=task.event,
        company=task.company,
        counter=standing.counter,
        act=task.act.value,
        before=standing.before,
        after=standing.state,
        at=at,
        by=task.received_from,
        identity=task.identity,
        origin=origin,
    )
    return AgentChange(row, transition, _released(task, standing, fields["liberado"]))


def _released(task: Task, standing: AgentStanding, liberated: str) -> ReleasedFactor | None:
    if task.act is not TaskAct.RELEASE or not liberated or standing.sending is None:
        return None
    told = json.loads(liberated)
    return ReleasedFactor(
        event=task.event,
        company=task.company,
        counter=standing.sending.counter,
        at=standing.sending.at,
        number=told["fa"],
        reason=told.get("motivo", ""),
        receipt=told["recibo"],
    )
