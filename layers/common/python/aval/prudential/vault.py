"""What the parent keeps for the enclave: ciphertext and public facts, nothing that opens either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aval.errors import DomainError
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentChange
from aval.prudential.lotes import Lote, LoteId, LoteOutcome
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
    change: AgentChange | None = None
    """Of an act of the week; a rehearsal changes no agent's state."""


@dataclass(frozen=True, slots=True)
class LoteCommit:
    """What the enclave made of a lote: chunks are stored before, the entry and the row together."""

    lote: LoteId
    event: EventCode
    reason: str
    """Code of the refusal of the whole file; empty where agents were taken."""
    entry: JournalEntry | None
    outcome: LoteOutcome


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


class WeekVault(Vault, Protocol):
    """What the acts of a week and its lotes need beside."""

    def parameters(self, event: EventCode) -> bytes | None:
        """Canonical JSON of the parameters in force; None for a week that is only rehearsed."""

    def authorisations(self, company: Cnpj) -> Sequence[str]:
        """Signed reader lists of a company, oldest first."""

    def lote(self, code: LoteId) -> Lote:
        """Raise `LoteUnknown`."""

    def lote_file(self, lote: Lote) -> bytes: ...

    def eligible(self, lote: Lote) -> bytes:
        """JSON: sigla by CNPJ, as `ReceiveLote` wrote it."""

    def keep_chunks(
        self, lote: LoteId, attempt: str, answers: Sequence[bytes], records: Sequence[bytes]
    ) -> None:
        """Store them under the attempt's name, before anything refers to them."""

    def commit_lote(self, commit: LoteCommit) -> None:
        """Raise `CommitLost` when the entry's place is taken. A lote with an outcome stays as it is."""
