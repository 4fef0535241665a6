"""A vault in memory, with the same races as the table: every place is written once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentChange, AgentRow, ReleasedFactor, Transition
from aval.prudential.lotes import Lote, LoteId
from aval.prudential.refusals import LoteUnknown
from aval.prudential.tasks import Task, TaskId, TaskUnknown
from aval.prudential.vault import (
    Commit,
    CommitLost,
    JournalEntry,
    KeyAnswer,
    LoteCommit,
    StoredRecord,
)

Place = tuple[EventCode, Cnpj, str, int]


class VaultInMemory:
    def __init__(self, key_items: Mapping[int, bytes] | None = None) -> None:
        self.tasks: dict[TaskId, Task] = {}
        self.journals: dict[EventCode, dict[int, bytes]] = {}
        self.records: dict[Place, bytes] = {}
        self.event_keys: dict[EventCode, bytes] = {}
        self.items: dict[int, bytes] = dict(key_items or {})
        self.answers: dict[str, KeyAnswer] = {}
        self.rows: dict[tuple[EventCode, Cnpj], AgentRow] = {}
        self.transitions: dict[tuple[EventCode, Cnpj, int], Transition] = {}
        self.released: dict[tuple[EventCode, Cnpj], ReleasedFactor] = {}
        self.weeks: dict[EventCode, bytes] = {}
        self.reader_lists: dict[Cnpj, list[str]] = {}
        self.lotes: dict[LoteId, Lote] = {}
        self.files: dict[LoteId, bytes] = {}
        self.eligible_lists: dict[LoteId, bytes] = {}
        self.chunks: dict[tuple[LoteId, str], tuple[Sequence[bytes], Sequence[bytes]]] = {}
        self.commits = 0

    def add(self, task: Task) -> None:
        self.tasks[task.id] = task

    def task(self, code: TaskId) -> Task:
        if code not in self.tasks:
            raise TaskUnknown("nenhuma tarefa com este código é visível para você")
        return self.tasks[code]

    def commit(self, commit: Commit) -> None:
        task = self.task(commit.task)
        if task.outcome:
            return
        places = [(one.event, one.company, one.kind, one.version) for one in commit.records]
        taken = [entry for entry in commit.entries if entry.counter in self.journals.get(entry.event, {})]
        if taken or any(place in self.records for place in places):
            raise _lost()
        self.tasks[commit.task] = replace(task, outcome=commit.outcome)
        for entry in commit.entries:
            self.journals.setdefault(entry.event, {})[entry.counter] = entry.sealed
        self.records.update(zip(places, (record.sealed for record in commit.records), strict=True))
        if commit.change:
            self.keep(commit.change)
        self.commits += 1

    def keep(self, change: AgentChange) -> None:
        """What rests on a later entry stays."""
        row, transition, released = change.row, change.transition, change.released
        there = self.rows.get((row.event, row.company))
        if there is None or there.standing.counter < row.standing.counter:
            kept = row if row.answer or there is None else replace(row, answer=there.answer)
            self.rows[row.event, row.company] = kept
        self.transitions.setdefault((row.event, row.company, transition.counter), transition)
        if released:
            former = self.released.get((row.event, row.company))
            if former is None or former.counter < released.counter:
                self.released[row.event, row.company] = released

    def add_entry(self, entry: JournalEntry) -> None:
        if self.journals.setdefault(entry.event, {}).setdefault(entry.counter, entry.sealed) != entry.sealed:
            raise _lost()

    def journal_after(self, event: EventCode, counter: int) -> Sequence[JournalEntry]:
        journal = self.journals.get(event, {})
        return [
            JournalEntry(event, number, journal[number]) for number in sorted(journal) if number > counter
        ]

    def record(self, event: EventCode, company: Cnpj, kind: str, version: int) -> StoredRecord | None:
        sealed = self.records.get((event, company, kind, version))
        return StoredRecord(event, company, kind, version, sealed) if sealed else None

    def event_key(self, event: EventCode) -> bytes | None:
        return self.event_keys.get(event)

    def add_event_key(self, event: EventCode, wrapped: bytes) -> None:
        if event in self.event_keys:
            raise _lost()
        self.event_keys[event] = wrapped

    def key_items(self) -> Sequence[bytes]:
        return [self.items[version] for version in sorted(self.items)]

    def add_key_item(self, version: int, item: bytes) -> None:
        if version in self.items:
            raise _lost()
        self.items[version] = item

    def destroy_key_item(self, version: int) -> None:
        del self.items[version]

    def give_key_answer(self, request: str, answer: KeyAnswer, *, until: datetime) -> None:
        self.answers[request] = answer

    def parameters(self, event: EventCode) -> bytes | None:
        return self.weeks.get(event)

    def authorisations(self, company: Cnpj) -> Sequence[str]:
        return self.reader_lists.get(company, [])

    def lote(self, code: LoteId) -> Lote:
        if code not in self.lotes:
            raise LoteUnknown
        return self.lotes[code]

    def lote_file(self, lote: Lote) -> bytes:
        return self.files[lote.id]

    def eligible(self, lote: Lote) -> bytes:
        return self.eligible_lists[lote.id]

    def keep_chunks(
        self, lote: LoteId, attempt: str, answers: Sequence[bytes], records: Sequence[bytes]
    ) -> None:
        self.chunks[lote, attempt] = (answers, records)

    def commit_lote(self, commit: LoteCommit) -> None:
        lote = self.lote(commit.lote)
        if lote.outcome or lote.state.is_final:
            return
        entry = commit.entry
        if entry and entry.counter in self.journals.get(entry.event, {}):
            raise _lost()
        self.lotes[commit.lote] = replace(lote, outcome=commit.outcome, reason=commit.reason)
        if entry:
            self.journals.setdefault(entry.event, {})[entry.counter] = entry.sealed
        self.commits += 1


def _lost() -> CommitLost:
    return CommitLost("o lugar já foi escrito; leia de novo")
