"""The rows of one import, judged and written batch by batch."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

from aval.contracts.bus import Acting, RowResult, RowStatus
from aval.contracts.imports.judging import Book, Judged, Needs
from aval.contracts.imports.rows import Row
from aval.contracts.imports.store import ImportFile, ImportRecord, ImportStore
from aval.contracts.model import ContractCode, ParcelCode, ProfileCode
from aval.contracts.store import ContractBook, ContractTooLarge, WriteLost
from aval.moments import Clock
from aval.registry.directory import Directory
from aval.registry.model import CalendarEntry, CalendarKind, Parcel, Profile

ROWS_AT_ONCE: Final = 48
"""As a rule a row writes two items, the contract and its history, and a transaction takes a hundred."""
_LONGEST_DESCRIPTION: Final = 4_000
_LONGEST_SEQUENCE: Final = 60

Known = TypeVar("Known", Profile, Parcel)


class RowsMissing(Exception):
    """The file gave fewer rows than when it was surveyed."""


class Judge(Protocol):
    def __call__(
        self, row: Row, book: Book, acting: Acting, *, at: datetime, new_code: Callable[[], ContractCode]
    ) -> Judged: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """How files are read and their rows judged."""

    survey: Callable[[ImportFile], int]
    """How many rows, one at least; raise `FileUnreadable` unless the whole file can be read."""
    rows: Callable[[ImportFile, int], Iterator[Row]]
    """Those after so many."""
    needs: Callable[[Row], Needs]
    judge: Judge


@dataclass(slots=True)
class RowWork:
    record: ImportRecord
    acting: Acting
    imports: ImportStore
    contracts: ContractBook
    directory: Directory
    rules: Rules
    clock: Clock
    pause: Callable[[int], None]
    _profiles: "_Kept[Profile]" = field(init=False)
    _parcels: "_Kept[Parcel]" = field(init=False)
    _calendar: Mapping[tuple[CalendarKind, str], CalendarEntry] = field(init=False)
    _codes: list[ContractCode] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._profiles = _Kept(self.directory.profiles)
        self._parcels = _Kept(self.directory.parcels)
        self._calendar = self.directory.calendar()

    def run(self, file: ImportFile, *, is_time_up: Callable[[], bool]) -> bool:
        """Whether the import is over; raise `RowsMissing` when the file ends too early."""
        rows = self.rules.rows(file, self.record.next_row - 1)
        waiting: list[Row] = []
        lost = 0
        while not self.record.is_over:
            if is_time_up():
                return False
            waiting += islice(rows, ROWS_AT_ONCE - len(waiting))
            if not waiting:
                raise RowsMissing
            begun = self.record.next_row
            try:
                self.record = self._batch(waiting)
                lost = 0
            except WriteLost:
                self.pause(lost)
                lost += 1
                self._catch_up()
            done = self.record.next_row - begun
            _drop(rows, done - len(waiting))
            del waiting[:done]
        return True

    def _catch_up(self) -> None:
        """Another worker was faster, or a contract changed meanwhile: go on from where the record is now."""
        current = self.imports.record(self.record.code)
        if current is None:
            raise WriteLost
        self.record = current

    def _batch(self, rows: list[Row]) -> ImportRecord:
        book = self._book(rows)
        batch = self.imports.batch(self.record)
        for row in rows:
            judged = self._judged(row, book, ahead=len(rows))
            try:
                if not batch.add(judged):
                    break
            except ContractTooLarge:
                batch.add(_refused_for_size(judged))
                # The book holds it as if it had been taken: the next row is judged against a fresh one.
                break
        return batch.write(at=self.clock())

    def _judged(self, row: Row, book: Book, *, ahead: int) -> Judged:
        def new_code() -> ContractCode:
            if not self._codes:
                self._codes.extend(self.contracts.new_codes(ahead))
            return self._codes.pop(0)

        # What counts for deadlines is when the file was received, not how long others' files took.
        at = self.record.received_at
        judged = self.rules.judge(row, book, self.acting, at=at, new_code=new_code)
        result = judged.result
        told = replace(
            result,
            sequence=result.sequence[:_LONGEST_SEQUENCE],
            description=bounded(result.description),
        )
        return replace(judged, result=told)

    def _book(self, rows: list[Row]) -> Book:
        wanted = [self.rules.needs(row) for row in rows]
        profiles = self._profiles.get({code for needs in wanted for code in needs.profiles})
        parcels = self._parcels.get({code for needs in wanted for code in needs.parcels})
        return Book(
            contracts=self.contracts.read({code for needs in wanted for code in needs.contracts}),
            profiles={ProfileCode(code): profile for code, profile in profiles.items()},
            parcels={ParcelCode(code): parcel for code, parcel in parcels.items()},
            calendar=self._calendar,
        )


@dataclass(slots=True)
class _Kept(Generic[Known]):
    """What was read of the registry in this slice, and what was found not to be there."""

    read: Callable[[Collection[int]], Mapping[int, Known]]
    _found: dict[int, Known] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)

    def get(self, codes: Collection[int]) -> Mapping[int, Known]:
        unknown = set(codes) - self._asked
        if unknown:
            self._found.update(self.read(unknown))
            self._asked |= unknown
        return {code: self._found[code] for code in codes if code in self._found}


def bounded(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return f"{text[:_LONGEST_DESCRIPTION]}… ({len(text) - _LONGEST_DESCRIPTION} caracteres omitidos)"


def _refused_for_size(judged: Judged) -> Judged:
    detail = (
        "os montantes deste contrato, com as suas horas e parcelas de ativo, ocupam mais do que cabe"
        " em um registro; divida o contrato"
    )
    refused = RowResult(judged.result.row, judged.result.sequence, RowStatus.REFUSED, detail)
    return Judged(refused, None)


def _drop(rows: Iterator[Row], count: int) -> None:
    for _ in islice(rows, max(count, 0)):
        pass
