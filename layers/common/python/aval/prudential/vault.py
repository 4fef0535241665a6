"""What the parent keeps for the enclave: ciphertext and public facts, nothing that opens either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aval.errors import DomainError
from aval.identifiers import Cnpj, EventCode
from aval.prudential.tasks import Task, TaskId, TaskOutcome


class CommitLost(DomainError):
    """Somebody else wrote first; read again and ask the enclave again."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A sealed record and the place it is bound to."""

    event: EventCode
    company: Cnpj
    kind: str
    version: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    event: EventCode
    counter: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Commit:
    """What one task writes, in one transaction: all or nothing."""

    task: TaskId
    outcome: TaskOutcome
    entries: Sequence[JournalEntry] = ()
    records: Sequence[StoredRecord] = ()


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What the enclave answered to a request for its key; all of it is public."""

    attestation: bytes
    declaration: Mapping[str, object]
    signing_key: Mapping[str, str]


class Vault(Protocol):
    def task(self, code: TaskId) -> Task: ...

    def commit(self, commit: Commit) -> None:
        """Raise `CommitLost` when a journal entry's place is taken. A task that has ended stays as it is."""

    def add_entry(self, entry: JournalEntry) -> None:
        """Write one entry; the same one again changes nothing. Raise `CommitLost` when another is there."""

    def journal_after(self, event: EventCode, counter: int) -> Sequence[JournalEntry]: ...

    def record(self, event: EventCode, company: Cnpj, kind: str, version: int) -> StoredRecord | None: ...

    def event_key(self, event: EventCode) -> bytes | None:
        """The wrapped data key of an event, as the enclave gave it."""

    def add_event_key(self, event: EventCode, wrapped: bytes) -> None:
        """Raise `CommitLost` when there is one already."""

    def key_items(self) -> Sequence[bytes]:
        """The enclave's key pairs, wrapped by itself, oldest first."""

    def add_key_item(self, version: int, item: bytes) -> None:
        """Raise `CommitLost` when that version is there already."""

    def destroy_key_item(self, version: int) -> None: ...

    def give_key_answer(self, request: str, answer: KeyAnswer, *, until: datetime) -> None:
        """Leave the answer for whoever asked under the code `request`, until its time has passed."""
