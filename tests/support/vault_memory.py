"""A vault in memory, with the same races as the table: every place is written once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import Task, TaskId, TaskUnknown
from aval.prudential.vault import Commit, CommitLost, JournalEntry, KeyAnswer, StoredRecord

Place = tuple[EventCode, Cnpj, str, int]


class VaultInMemory:
    def __init__(self, key_items: Mapping[int, bytes] | None = None) -> None:
        self.tasks: dict[TaskId, Task] = {}
        self.journals: dict[EventCode, dict[int, bytes]] = {}
        self.records: dict[Place, bytes] = {}
        self.event_keys: dict[EventCode, bytes] = {}
        self.items: dict[int, bytes] = dict(key_items or {})
        self.answers: dict[str, KeyAnswer] = {}
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
        self.commits += 1

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


def _lost() -> CommitLost:
    return CommitLost("o lugar já foi escrito; leia de novo")
