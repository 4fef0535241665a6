"""What imports ask of their storage: records, results, and the files themselves."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aval.contracts.bus import Processing, ProcessingCode, ProcessingState, RowResult, Submitted
from aval.contracts.imports.judging import Judged
from aval.contracts.model import Author
from aval.contracts.paging import Page, PageRequest
from aval.identifiers import Cnpj

OVER = frozenset({ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED})


@dataclass(frozen=True, slots=True)
class SubmissionKey:
    """Who submits what: the same while in flight is the same processing."""

    author: Author
    digest: str
    """SHA-256 of the text's UTF-8, or of an upload's bytes, lower-case hex."""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One processing; `next_row` moves with every batch and is the condition of the next one."""

    code: ProcessingCode
    submission: SubmissionKey
    state: ProcessingState
    received_at: datetime
    moved_at: datetime
    size: int = 0
    """Of an upload, in bytes, as announced; 0 for a text, which came with its submission."""
    file_version: str = ""
    """The object that counts, once that is settled; whatever is put over it later is not read."""
    total_rows: int | None = None
    next_row: int = 1
    failed_rows: int = 0

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_upload(self) -> bool:
        return self.size > 0

    @property
    def listed(self) -> Submitted:
        return Submitted(self.told, self.submission.author, self.moved_at)

    @property
    def told(self) -> Processing:
        return Processing(
            code=self.code,
            state=self.state,
            received_at=self.received_at,
            total_rows=self.total_rows,
            done_rows=self.next_row - 1,
            failed_rows=self.failed_rows,
        )


@dataclass(frozen=True, slots=True)
class LatestSubmission:
    code: ProcessingCode
    is_in_flight: bool
    ended_at: datetime | None = field(default=None, compare=False)

    def covers(self, at: datetime) -> bool:
        """Whether what arrived at `at` came while this one was under way.

        Of two that arrive at once the slower may be looked at when the other is already over.
        """
        return self.is_in_flight or (self.ended_at is not None and at <= self.ended_at)


class Batch(Protocol):
    """Rows that are written together: results, contracts, history and the record's progress, or nothing."""

    def add(self, judged: Judged) -> bool:
        """Take the next row; False when it does not fit beside the others any more, and was not taken.

        Raise `ContractTooLarge` for one that fits into no batch.
        """

    def write(self, *, at: datetime) -> ImportRecord:
        """The record afterwards, over when it was the last row; raise `WriteLost` when it was not written."""


class ImportStore(Protocol):
    """Answers are as fresh as the last write, but for `stalled`."""

    def new_code(self) -> ProcessingCode: ...

    def accept(self, record: ImportRecord) -> ProcessingCode:
        """Its own code, or that of the same submission, under way when this one was received."""

    def latest(self, submission: SubmissionKey) -> LatestSubmission | None: ...

    def submitted_by(
        self, companies: Collection[Cnpj], *, before: ProcessingCode | None, limit: int
    ) -> Sequence[ImportRecord]:
        """Theirs with lower codes than `before`, the highest first."""

    def record(self, code: ProcessingCode) -> ImportRecord | None: ...

    def begin(
        self, record: ImportRecord, *, file_version: str, total_rows: int, at: datetime
    ) -> ImportRecord:
        """The survey's outcome kept; raise `WriteLost` when another survey was faster."""

    def refuse(self, record: ImportRecord, *, reason: str, at: datetime) -> ImportRecord:
        """Over before any row was looked at, with one result that says why; raise `WriteLost`."""

    def batch(self, record: ImportRecord) -> Batch: ...

    def fail(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        """Over, with what was done; raise `WriteLost` when it moved meanwhile."""

    def reopen(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        """Not over any more; raise `WriteLost` when the same file was submitted again since."""

    def stalled(self, *, since: datetime) -> Iterator[ImportRecord]:
        """Those that are not over and have not moved since then, longest first."""

    def touch(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        """Claim a stalled one as moved now; raise `WriteLost` when another did, or it moved by itself."""

    def results(self, record: ImportRecord, page: PageRequest) -> Page[RowResult]:
        """Those of the rows that the record is past, in the order of rows; empty past the end."""


class FileMissing(Exception):
    """No file lies there, or not that version of it."""


class ImportFile(Protocol):
    """A stored file as it is read."""

    @property
    def version(self) -> str: ...

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class UploadForm:
    url: str
    fields: Mapping[str, str] = field(repr=False)


class ImportFiles(Protocol):
    def keep(self, code: ProcessingCode, content: bytes) -> str:
        """Its version; durable when it returns, and whoever listens for new files is told of it."""

    def form(self, code: ProcessingCode, *, size: int, lifetime: timedelta) -> UploadForm:
        """A form that takes a file of exactly this size, under this code."""

    def open(self, code: ProcessingCode, version: str = "") -> AbstractContextManager[ImportFile]:
        """That version, or the newest; raise `FileMissing`."""


class ImportMachine(Protocol):
    def start(self, code: ProcessingCode) -> None:
        """Have the import processed; starting one that runs already is harmless."""
