"""Contracts and imports in memory, which die where they are told to."""

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from aval.contracts.bus import ProcessingCode, ProcessingState, RowResult, RowStatus
from aval.contracts.imports.judging import Change, Judged
from aval.contracts.imports.store import (
    FileMissing,
    ImportFile,
    ImportRecord,
    LatestSubmission,
    SubmissionKey,
    UploadForm,
)
from aval.contracts.model import Contract, ContractCode
from aval.contracts.paging import Page, PageRequest
from aval.contracts.store import WriteLost
from aval.identifiers import Cnpj


class Died(Exception):
    """The process is gone, as kill -9 leaves it."""


@dataclass
class Memory:
    """What outlives a process. `step` is called before and after whatever is done to it."""

    step: Callable[[], None] = lambda: None
    room: int = 5
    """How many rows a batch takes."""
    records: dict[ProcessingCode, ImportRecord] = field(default_factory=dict)
    submissions: dict[tuple[str, int, str], LatestSubmission] = field(default_factory=dict)
    told: dict[ProcessingCode, list[RowResult]] = field(default_factory=dict)
    contracts: dict[ContractCode, Contract] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)
    objects: dict[ProcessingCode, list[bytes]] = field(default_factory=dict)
    given: int = 0

    @contextmanager
    def done(self) -> Iterator[None]:
        """One thing that happens whole: a process may die before it, or once it has happened."""
        self.step()
        yield
        self.step()

    def change(self, change: Change) -> None:
        before = self.contracts.get(change.after.code)
        if (before.version if before else None) != (change.before.version if change.before else None):
            raise WriteLost
        self.contracts[change.after.code] = change.after
        self.acts += [f"{one.contract} {one.act}" for one in change.transitions]


@dataclass
class MemoryImports:
    memory: Memory

    def new_code(self) -> ProcessingCode:
        with self.memory.done():
            self.memory.given += 1
            return ProcessingCode(self.memory.given)

    def accept(self, record: ImportRecord) -> ProcessingCode:
        with self.memory.done():
            latest = self._latest(record.submission)
            if latest is not None and latest.covers(record.received_at):
                return latest.code
            self._keep(record)
            return record.code

    def latest(self, submission: SubmissionKey) -> LatestSubmission | None:
        return self._latest(submission)

    def submitted_by(
        self, companies: Collection[Cnpj], *, before: ProcessingCode | None, limit: int
    ) -> Sequence[ImportRecord]:
        found = (
            record
            for code, record in sorted(self.memory.records.items(), reverse=True)
            if record.submission.author.company in companies and (before is None or code < before)
        )
        return list(islice(found, limit))

    def record(self, code: ProcessingCode) -> ImportRecord | None:
        return self.memory.records.get(code)

    def begin(
        self, record: ImportRecord, *, file_version: str, total_rows: int, at: datetime
    ) -> ImportRecord:
        begun = replace(
            record,
            state=ProcessingState.RUNNING,
            file_version=file_version,
            total_rows=total_rows,
            moved_at=at,
        )
        return self._moved(record, begun)

    def refuse(self, record: ImportRecord, *, reason: str, at: datetime) -> ImportRecord:
        refused = self._moved(record, replace(record, state=ProcessingState.REFUSED, moved_at=at))
        self.memory.told[record.code] = [RowResult(0, "", RowStatus.REFUSED, reason)]
        return refused

    def batch(self, record: ImportRecord) -> "MemoryBatch":
        return MemoryBatch(self.memory, record)

    def fail(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        return self._moved(record, replace(record, state=ProcessingState.FAILED, moved_at=at))

    def reopen(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        latest = self._latest(record.submission)
        if latest is None or latest.code != record.code:
            raise WriteLost
        return self._moved(record, replace(record, state=ProcessingState.RUNNING, moved_at=at))

    def stalled(self, *, since: datetime) -> Iterator[ImportRecord]:
        every = sorted(self.memory.records.values(), key=lambda record: record.moved_at)
        yield from (one for one in every if not one.is_over and one.moved_at < since)

    def touch(self, record: ImportRecord, *, at: datetime) -> ImportRecord:
        return self._moved(record, replace(record, moved_at=at))

    def results(self, record: ImportRecord, page: PageRequest) -> Page[RowResult]:
        every = self.memory.told.get(record.code, [])
        begins = (page.number - 1) * page.size
        return Page(tuple(every[begins : begins + page.size]), page, len(every))

    def _latest(self, submission: SubmissionKey) -> LatestSubmission | None:
        return self.memory.submissions.get(_named(submission))

    def _moved(self, before: ImportRecord, after: ImportRecord) -> ImportRecord:
        with self.memory.done():
            if self.memory.records.get(before.code) != before:
                raise WriteLost
            self._keep(after)
            return after

    def _keep(self, record: ImportRecord) -> None:
        keep(self.memory, record)


def keep(memory: Memory, record: ImportRecord) -> None:
    memory.records[record.code] = record
    memory.submissions[_named(record.submission)] = LatestSubmission(
        record.code, not record.is_over, record.moved_at if record.is_over else None
    )


def _named(submission: SubmissionKey) -> tuple[str, int, str]:
    return submission.author.company, submission.author.profile, submission.digest


@dataclass
class MemoryBatch:
    memory: Memory
    record: ImportRecord
    judged: list[Judged] = field(default_factory=list)

    def add(self, judged: Judged) -> bool:
        if len(self.judged) == self.memory.room:
            return False
        self.judged.append(judged)
        return True

    def write(self, *, at: datetime) -> ImportRecord:
        with self.memory.done():
            if self.memory.records[self.record.code].next_row != self.record.next_row:
                raise WriteLost
            contracts, acts = dict(self.memory.contracts), list(self.memory.acts)
            try:
                for one in self.judged:
                    if one.change is not None:
                        self.memory.change(one.change)
            except WriteLost:
                self.memory.contracts, self.memory.acts = contracts, acts
                raise
            results = [one.result for one in self.judged]
            self.memory.told.setdefault(self.record.code, []).extend(results)
            after = self._after(results, at)
            keep(self.memory, after)
            return after

    def _after(self, results: Sequence[RowResult], at: datetime) -> ImportRecord:
        next_row = self.record.next_row + len(results)
        is_last = self.record.total_rows is not None and next_row > self.record.total_rows
        return replace(
            self.record,
            state=ProcessingState.DONE if is_last else self.record.state,
            next_row=next_row,
            failed_rows=self.record.failed_rows + sum(one.status is RowStatus.REFUSED for one in results),
            moved_at=at,
        )


@dataclass
class MemoryContracts:
    memory: Memory

    def read(self, codes: Collection[ContractCode]) -> dict[ContractCode, Contract]:
        self.memory.step()
        return {code: self.memory.contracts[code] for code in codes if code in self.memory.contracts}

    def new_codes(self, count: int) -> Sequence[ContractCode]:
        with self.memory.done():
            first, self.memory.given = self.memory.given, self.memory.given + count
            return [ContractCode(first + number + 1) for number in range(count)]

    def apply(self, change: Change) -> None:
        with self.memory.done():
            self.memory.change(change)


@dataclass
class MemoryFiles:
    memory: Memory

    def keep(self, code: ProcessingCode, content: bytes) -> str:
        with self.memory.done():
            versions = self.memory.objects.setdefault(code, [])
            versions.append(content)
            return str(len(versions))

    def form(self, code: ProcessingCode, *, size: int, lifetime: timedelta) -> UploadForm:
        return UploadForm(f"https://files/{code}", {"size": str(size), "seconds": str(lifetime.seconds)})

    @contextmanager
    def open(self, code: ProcessingCode, version: str = "") -> Iterator[ImportFile]:
        self.memory.step()
        versions = self.memory.objects.get(code, [])
        number = int(version or len(versions))
        if not 0 < number <= len(versions):
            raise FileMissing
        yield _Opened(str(number), versions[number - 1])


class _Opened(io.BytesIO):
    def __init__(self, version: str, content: bytes) -> None:
        super().__init__(content)
        self.version = version

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size)
