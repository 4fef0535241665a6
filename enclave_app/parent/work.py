"""One task from the table, through the enclave, back to the table: done once, whoever tries how often."""

import json
from collections.abc import Callable
from typing import Final

from aval.moments import Clock
from aval.prudential.lotes import LoteId
from aval.prudential.tasks import Task, TaskAct, TaskId, TaskOutcome, TaskState
from aval.prudential.vault import Commit, WeekVault
from enclave_app.parent.conversation import EnclaveDeclined
from enclave_app.parent.task_commit import commit_of
from enclave_app.parent.turns import EventTurns, NotWanted
from enclave_app.protocol import Message

NO_PARAMETERS: Final = "SEM_PARAMETROS"
_REHEARSED: Final = frozenset({TaskAct.DELIVER, TaskAct.READ, TaskAct.VALIDATE, TaskAct.SEND})
# A portfolio and its counterparties, and as many again should the journal go on in between.
_MOST_RECORDS: Final = 4


class RecordAwaited(Exception):
    """The record came in a lote whose agents are still being written: the message is to come again."""


class TaskWork:
    def __init__(self, turns: EventTurns, vault: WeekVault, clock: Clock) -> None:
        self._turns = turns
        self._vault = vault
        self._clock = clock

    def do(self, code: TaskId, *, is_wanted: Callable[[], bool] = lambda: True) -> TaskState:
        """Return how the task ended, now or before.

        Raise `TaskUnknown`, `NotWanted`, `RecordAwaited`, `TaskContended`, or what the session raises.
        """
        task = self._vault.task(code)
        if task.outcome:
            return task.state
        return self._turns.taken(task.event, lambda: self._attempt(task, is_wanted))

    def _attempt(self, task: Task, is_wanted: Callable[[], bool]) -> TaskState:
        """Raise `CommitLost` when it must be asked again from the start."""
        commit = self._decided(task)
        if not is_wanted():
            raise NotWanted
        self._vault.commit(commit)
        return commit.outcome.state

    def _decided(self, task: Task) -> Commit:
        if task.act in _REHEARSED:
            return commit_of(task, self._rehearsed(task), self._vault, at=self._clock())
        parameters = self._vault.parameters(task.event)
        if parameters is None:
            return Commit(task.id, TaskOutcome(TaskState.FAILED, self._clock(), NO_PARAMETERS))
        parts = {"corpo": task.body, "parametros": parameters}
        authorisations = self._vault.authorisations(task.company)
        if authorisations:
            parts["autorizacoes"] = json.dumps(list(authorisations)).encode()
        return commit_of(task, self._with_records(task, parts), self._vault, at=self._clock())

    def _with_records(self, task: Task, parts: dict[str, bytes]) -> Message:
        """Ask, with each record that the enclave says it needs."""
        missing: list[str] = []
        for _ in range(_MOST_RECORDS):
            try:
                return self._ask(task, parts, missing)
            except EnclaveDeclined as declined:
                if declined.reason != "FALTA_REGISTRO":
                    raise
                self._bring(task, declined, parts, missing)
        return self._ask(task, parts, missing)

    def _bring(
        self, task: Task, declined: EnclaveDeclined, parts: dict[str, bytes], missing: list[str]
    ) -> None:
        kind, version = declined.fields["tipo"], declined.fields["versao"]
        name = f"registro:{kind}:{version}"
        record = self._vault.record(task.event, task.company, kind, version)
        if record:
            parts[name] = record.sealed
            return
        lote = declined.fields.get("lote")
        if lote and not self._vault.lote(LoteId.parse(lote)).state.is_final:
            raise RecordAwaited
        missing.append(name)

    def _ask(self, task: Task, parts: dict[str, bytes], missing: list[str]) -> Message:
        return self._turns.ask(
            task.event, *parts.values(), **_who(task), partes=list(parts), semRegistro=missing
        )

    def _rehearsed(self, task: Task) -> Message:
        try:
            return self._turns.ask(task.event, task.body, **_who(task))
        except EnclaveDeclined as declined:
            if declined.reason != "FALTA_REGISTRO":
                raise
            kind, version = declined.fields["tipo"], declined.fields["versao"]
        record = self._vault.record(task.event, task.company, kind, version)
        if record:
            return self._turns.ask(task.event, task.body, record.sealed, **_who(task))
        return self._turns.ask(task.event, task.body, **_who(task), semRegistro=True)


def _who(task: Task) -> dict[str, str]:
    return {"ato": task.act.value, "cnpj": task.company, "remetente": task.sender}
