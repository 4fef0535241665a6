"""Working an accepted import off, slice by slice: whoever dies, the next one goes on where the record stands.

Every batch of rows is one transaction that also moves the record. So a row has been done exactly when the
record is past it, whoever did it, and however many try at once (docs/imports.md).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from aval.contracts.bus import Acting, ProcessingCode, ProcessingState
from aval.contracts.imports.documents import FileUnreadable
from aval.contracts.imports.row_work import RowWork, Rules, bounded
from aval.contracts.imports.store import (
    FileMissing,
    ImportFile,
    ImportFiles,
    ImportRecord,
    ImportStore,
)
from aval.contracts.model import Author
from aval.contracts.store import ContractBook, WriteLost
from aval.moments import Clock
from aval.registry.directory import Directory

_TRIES_FOR_A_RECORD: Final = 8
_PIECE: Final = 1024 * 1024


class Progress(StrEnum):
    NOTHING_THERE = "NADA"
    """A submission that was given up before it was answered, or an upload whose file has not come."""
    GOING_ON = "SEGUE"
    OVER = "ENCERRADO"


@dataclass(frozen=True, slots=True)
class ImportProcessing:
    imports: ImportStore
    contracts: ContractBook
    files: ImportFiles
    directory: Directory
    acting: Callable[[Author, datetime], Acting]
    rules: Rules
    clock: Clock
    pause: Callable[[int], None]

    def run_slice(self, code: ProcessingCode, *, is_time_up: Callable[[], bool]) -> Progress:
        """Do batches until the time is up or the import is over; safe to be run by many at once."""
        record = self._awaited(code)
        while record is not None and not record.is_over:
            try:
                if record.total_rows is None:
                    self._survey(record)
                elif not self._work(record, is_time_up):
                    return Progress.GOING_ON
            except FileMissing:
                if record.state is not ProcessingState.AWAITING_FILE:
                    raise
                return Progress.NOTHING_THERE
            except WriteLost:
                self.pause(0)
            record = self.imports.record(code)
        return Progress.NOTHING_THERE if record is None else Progress.OVER

    def _work(self, record: ImportRecord, is_time_up: Callable[[], bool]) -> bool:
        acting = self.acting(record.submission.author, record.received_at)
        work = RowWork(
            record=record,
            acting=acting,
            imports=self.imports,
            contracts=self.contracts,
            directory=self.directory,
            rules=self.rules,
            clock=self.clock,
            pause=self.pause,
        )
        with self.files.open(record.code, record.file_version) as file:
            return work.run(file, is_time_up=is_time_up)

    def _awaited(self, code: ProcessingCode) -> ImportRecord | None:
        """The news of a file may be faster than the record, which is written right after it."""
        for tried in range(_TRIES_FOR_A_RECORD):
            record = self.imports.record(code)
            if record is not None:
                return record
            self.pause(tried)
        return None

    def _survey(self, record: ImportRecord) -> None:
        """Read the whole file once: what cannot be read to its end does nothing at all."""
        with self.files.open(record.code, record.file_version) as file:
            try:
                total = self._counted(record, _Digested(file))
            except FileUnreadable as refusal:
                self.imports.refuse(record, reason=bounded(refusal.detail), at=self.clock())
            else:
                self.imports.begin(record, file_version=file.version, total_rows=total, at=self.clock())

    def _counted(self, record: ImportRecord, file: "_Digested") -> int:
        try:
            return self.rules.survey(file)
        finally:
            # Said before anything that the wrong file may have wrong with it.
            if record.is_upload and file.digest() != record.submission.digest:
                raise FileUnreadable(
                    "o arquivo enviado não tem o SHA-256 informado; calcule-o de novo e repita a importação"
                )


class _Digested:
    """A file read by whoever needs its bytes, and digested to its end whatever the reader made of it."""

    def __init__(self, file: ImportFile) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    @property
    def version(self) -> str:
        return self._file.version

    def read(self, size: int = -1, /) -> bytes:
        piece = self._file.read(size)
        self._hash.update(piece)
        return piece

    def digest(self) -> str:
        while self.read(_PIECE):
            pass
        return self._hash.hexdigest()


def give_up(
    imports: ImportStore, code: ProcessingCode, *, clock: Clock, pause: Callable[[int], None]
) -> None:
    """Tried to the last retry: what was done stands, and the caller reads that no more will come."""
    record = imports.record(code)
    while record is not None and not record.is_over:
        try:
            imports.fail(record, at=clock())
        except WriteLost:
            pause(0)
        record = imports.record(code)
