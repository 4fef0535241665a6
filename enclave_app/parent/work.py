"""One task from the table, through the enclave, back to the table: done once, whoever tries how often."""

from collections import defaultdict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from aval.identifiers import EventCode
from aval.moments import Clock
from aval.prudential.tasks import Task, TaskId, TaskOutcome, TaskState
from aval.prudential.vault import Commit, CommitLost, JournalEntry, StoredRecord, Vault
from enclave_app.parent.conversation import EnclaveDeclined
from enclave_app.parent.session import EnclaveSession
from enclave_app.protocol import Message, Operation

# So many entries, of 4 KB at most, fit into a frame.
_ENTRIES_AT_ONCE: Final = 200
_MOST_ATTEMPTS: Final = 24


class NotWanted(Exception):
    """Nobody waits for this task any more: nothing is written."""


class TaskContended(Exception):
    """Others wrote first, again and again; it is tried later."""


class EventLocks:
    """One task of an event at a time: two would only take each other's place in its journal."""

    def __init__(self) -> None:
        self._locks: defaultdict[EventCode, Lock] = defaultdict(Lock)
        self._guard = Lock()

    def of(self, event: EventCode) -> Lock:
        with self._guard:
            return self._locks[event]


class TaskWork:
    def __init__(self, session: EnclaveSession, vault: Vault, clock: Clock) -> None:
        self._session = session
        self._vault = vault
        self._clock = clock
        self._locks = EventLocks()

    def do(self, code: TaskId, *, is_wanted: Callable[[], bool] = lambda: True) -> TaskState:
        """Return how the task ended, now or before.

        Raise `TaskUnknown`, `NotWanted`, `TaskContended`, or what the session raises.
        """
        task = self._vault.task(code)
        if task.outcome:
            return task.state
        with self._locks.of(task.event):
            for _ in range(_MOST_ATTEMPTS):
                try:
                    return self._attempt(task, is_wanted)
                except CommitLost:
                    # The journal went on without us: learn its new end, and ask again.
                    continue
        raise TaskContended

    def _attempt(self, task: Task, is_wanted: Callable[[], bool]) -> TaskState:
        """Raise `CommitLost` when it must be asked again from the start."""
        self._tell_journal(task.event)
        reply = self._asked(task)
        commit = self._commit_of(task, reply)
        if not is_wanted():
            raise NotWanted
        self._vault.commit(commit)
        return commit.outcome.state

    def _tell_journal(self, event: EventCode) -> None:
        """Show the enclave every entry that it does not know."""
        known = self._session.ask(Operation.JOURNAL, evento=event, lancamentos=[]).fields["contador"]
        entries = self._vault.journal_after(event, known)
        for start in range(0, len(entries), _ENTRIES_AT_ONCE):
            told = [[entry.counter, entry.sealed] for entry in entries[start : start + _ENTRIES_AT_ONCE]]
            self._session.ask(Operation.JOURNAL, evento=event, lancamentos=told)

    def _asked(self, task: Task) -> Message:
        """Ask, with the record that the enclave says it needs, and again with keys that it did not know."""
        reply = self._with_record(task)
        if reply.fields["motivo"] == "CHAVE_DESCONHECIDA":
            # Another enclave may have made a pair meanwhile, to which this body is sealed.
            self._session.hold_ceremony()
            reply = self._with_record(task)
        return reply

    def _with_record(self, task: Task) -> Message:
        try:
            return self._ask(task)
        except EnclaveDeclined as declined:
            if declined.reason != "FALTA_REGISTRO":
                raise
            kind, version = declined.fields["tipo"], declined.fields["versao"]
        record = self._vault.record(task.event, task.company, kind, version)
        return self._ask(task, record.sealed) if record else self._ask(task, semRegistro=True)

    def _ask(self, task: Task, *records: bytes, **more: Any) -> Message:
        fields = {"ato": task.act.value, "evento": task.event, "cnpj": task.company, "remetente": task.sender}
        try:
            return self._session.ask(Operation.TASK, task.body, *records, **fields, **more)
        except EnclaveDeclined as declined:
            if declined.reason != "DIARIO_PENDENTE":
                raise
            # An entry of this enclave that nobody stored, or that it was not shown: it goes first.
            counter, sealed = declined.fields["lancamento"]
            self._vault.add_entry(JournalEntry(task.event, counter, sealed))
            raise CommitLost("um lançamento anterior foi guardado primeiro") from declined

    def _commit_of(self, task: Task, reply: Message) -> Commit:
        fields = reply.fields
        reason = fields["motivo"]
        outcome = TaskOutcome(
            state=TaskState.REFUSED if reason else TaskState.DONE,
            ended_at=self._clock(),
            reason=reason or "",
            answer=reply.parts[0],
            released=fields["liberado"],
        )
        entries = [JournalEntry(task.event, *fields["lancamento"])] if fields["lancamento"] else []
        return Commit(task.id, outcome, entries, self._records(task, reply))

    def _records(self, task: Task, reply: Message) -> list[StoredRecord]:
        told = reply.fields["registro"]
        if not told:
            return []
        kind, version = told["tipo"], told["versao"]
        # Of a repeat the journal has the entry; its record may be missing, if the one who stored the entry
        # had nothing but that.
        if reply.fields["repetido"] and self._vault.record(task.event, task.company, kind, version):
            return []
        return [StoredRecord(task.event, task.company, kind, version, reply.parts[1])]
