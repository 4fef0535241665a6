"""Every row exactly one result, no contract twice: wherever a process dies, whoever works beside it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.contracts.bus import Acting, ProcessingCode, ProcessingState, RowResult, RowStatus, Submission
from aval.contracts.imports.book import Book, Change, Judged, Needs
from aval.contracts.imports.documents import FileUnreadable
from aval.contracts.imports.processing import ImportProcessing, Progress, give_up
from aval.contracts.imports.reception import Reception
from aval.contracts.imports.row_work import RowsMissing, Rules
from aval.contracts.imports.rows import Row, Unreadable, Validation
from aval.contracts.imports.store import FileMissing, ImportFile, ImportRecord, SubmissionKey
from aval.contracts.model import Author, ContractCode
from tests.support.contracts import NOW, SELLER, contract, seller, transition
from tests.support.directory import MemoryDirectory
from tests.support.import_memory import Died, Memory, MemoryContracts, MemoryFiles, MemoryImports

ACTING = Acting(seller(), frozenset({SELLER}))
CODE = ProcessingCode(1)
ROWS = 23
SHARED = ContractCode(900)


def judge(
    row: Row, book: Book, acting: Acting, *, at: datetime, new_code: Callable[[], ContractCode]
) -> Judged:
    """Registers a contract; every fifth row is refused, and every seventh changes the same contract again."""
    assert (acting, at) == (ACTING, NOW)
    if row.number % 5 == 0:
        return Judged(RowResult(row.number, row.sequence, RowStatus.REFUSED, "recusada"), None)
    before = book.contracts.get(SHARED) if row.number % 7 == 0 else None
    after = replace(before, version=before.version + 1) if before else contract(new_code())
    book.contracts[after.code] = after
    act = transition(contract=after.code, before=str(row.number))
    result = RowResult(row.number, row.sequence, RowStatus.DONE, "feita", after.code)
    return Judged(result, Change(before, after, (act,)))


def needs(row: Row) -> Needs:
    return Needs(frozenset({SHARED})) if row.number % 7 == 0 else Needs()


def survey(file: ImportFile) -> int:
    text = file.read().decode()
    if not text.isdigit():
        raise FileUnreadable("não é um número de linhas")
    return int(text)


def rows(file: ImportFile, after: int) -> Iterator[Row]:
    for number in range(after + 1, int(file.read()) + 1):
        yield Row(number, f"s{number}", Validation(SHARED, ()) if number % 7 == 0 else Unreadable(()))


RULES = Rules(survey=survey, rows=rows, needs=needs, judge=judge)


def processing(memory: Memory, *, rules: Rules = RULES) -> ImportProcessing:
    return ImportProcessing(
        imports=MemoryImports(memory),
        contracts=MemoryContracts(memory),
        files=MemoryFiles(memory),
        directory=MemoryDirectory({}),
        acting=_acting,
        rules=rules,
        clock=lambda: NOW,
        pause=lambda _: None,
    )


def _acting(author: Author, at: datetime) -> Acting:
    assert (author, at) == (seller(), NOW)
    return ACTING


def submitted(rows: int = ROWS, *, text: str = "") -> Memory:
    memory = Memory(contracts={SHARED: contract(SHARED)})
    reception = Reception(MemoryImports(memory), MemoryFiles(memory))
    assert reception.submit(Submission(ACTING, text or str(rows)), at=NOW) == CODE
    memory.given = 1_000
    return memory


def after_batches(count: int) -> Callable[[], bool]:
    """Whether so many batches have been begun already."""
    begun = iter([False] * count)
    return lambda: next(begun, True)


def require_each_row_once(memory: Memory, rows: int = ROWS) -> None:
    record = memory.records[CODE]
    assert (record.state, record.next_row) == (ProcessingState.DONE, rows + 1)
    results = memory.told[CODE]
    assert [result.row for result in results] == list(range(1, rows + 1))
    assert record.failed_rows == sum(row % 5 == 0 for row in range(1, rows + 1))
    registered = {result.contract for result in results if result.contract not in (None, SHARED)}
    assert set(memory.contracts) == registered | {SHARED}
    shared = sum(row % 7 == 0 and row % 5 != 0 for row in range(1, rows + 1))
    assert memory.contracts[SHARED].version == 1 + shared
    assert len(memory.acts) == len(registered) + shared


@dataclass
class Dying:
    """Dies at the steps that are named, counted over all lives."""

    at: frozenset[int]
    steps: int = 0

    def __call__(self) -> None:
        self.steps += 1
        if self.steps in self.at:
            raise Died


@given(dies_at=st.frozensets(st.integers(1, 90), max_size=30))
def test_a_worker_that_dies_anywhere_leaves_every_row_to_be_done_once(dies_at: frozenset[int]) -> None:
    memory = submitted()
    memory.step = Dying(dies_at)
    for _ in range(len(dies_at) + 1):
        try:
            assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
        except Died:
            continue
        break
    require_each_row_once(memory)


@given(slices=st.lists(st.integers(0, 3), max_size=12))
def test_slices_of_any_length_go_on_where_the_one_before_ended(slices: list[int]) -> None:
    memory = submitted()
    for length in slices:
        processing(memory).run_slice(CODE, is_time_up=after_batches(length))
    assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
    require_each_row_once(memory)


@dataclass
class Rivalling:
    """At the steps that are named another worker does some batches of the same import."""

    memory: Memory
    at: frozenset[int]
    batches: int
    steps: int = 0
    busy: bool = field(default=False)

    def __call__(self) -> None:
        self.steps += 1
        if self.steps in self.at and not self.busy:
            self.busy = True
            processing(self.memory).run_slice(CODE, is_time_up=after_batches(self.batches))
            self.busy = False


@given(at=st.frozensets(st.integers(1, 60), min_size=1, max_size=8), batches=st.integers(1, 3))
def test_workers_at_the_same_import_at_once_do_each_row_once(at: frozenset[int], batches: int) -> None:
    memory = submitted()
    memory.step = Rivalling(memory, at, batches)
    assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
    require_each_row_once(memory)


@given(at=st.frozensets(st.integers(1, 40), min_size=1, max_size=5))
def test_a_contract_that_people_change_meanwhile_is_judged_as_it_stands_then(at: frozenset[int]) -> None:
    memory, steps, changed = submitted(), iter(range(1, 10_000)), []

    def somebody_validates() -> None:
        if next(steps) in at:
            stands = memory.contracts[SHARED]
            memory.contracts[SHARED] = replace(stands, version=stands.version + 1)
            changed.append(stands.version)

    memory.step = somebody_validates
    processing(memory).run_slice(CODE, is_time_up=lambda: False)
    shared = memory.contracts[SHARED]
    memory.contracts[SHARED] = replace(shared, version=shared.version - len(changed))
    require_each_row_once(memory)


def test_a_slice_whose_time_is_up_says_that_there_is_more() -> None:
    memory = submitted()
    assert processing(memory).run_slice(CODE, is_time_up=after_batches(2)) is Progress.GOING_ON
    assert memory.records[CODE].next_row == 2 * memory.room + 1


def test_an_import_that_is_over_is_left_alone() -> None:
    memory = submitted()
    processing(memory).run_slice(CODE, is_time_up=lambda: False)
    before = replace(memory, records=dict(memory.records), told=dict(memory.told))
    assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
    assert memory == before


def test_a_file_whose_submission_was_given_up_starts_nothing() -> None:
    assert processing(Memory()).run_slice(CODE, is_time_up=lambda: False) is Progress.NOTHING_THERE


def test_a_file_that_is_told_of_before_its_record_is_written_is_waited_for() -> None:
    memory = submitted()
    record = memory.records.pop(CODE)
    waiting = replace(processing(memory), pause=lambda _: memory.records.update({CODE: record}))
    assert waiting.run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
    require_each_row_once(memory)


def test_an_upload_whose_file_has_not_come_is_left_as_it_is() -> None:
    memory = submitted()
    memory.objects.clear()
    memory.records[CODE] = replace(
        memory.records[CODE], state=ProcessingState.AWAITING_FILE, file_version="", size=2
    )
    before = memory.records[CODE]
    assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.NOTHING_THERE
    assert memory.records[CODE] == before


def test_a_stored_file_that_is_gone_is_a_failure_that_is_tried_again() -> None:
    memory = submitted()
    memory.objects.clear()
    with pytest.raises(FileMissing):
        processing(memory).run_slice(CODE, is_time_up=lambda: False)


def test_a_batch_that_keeps_losing_waits_longer_each_time() -> None:
    memory, pauses = submitted(), list[int]()

    def somebody_validates() -> None:
        stands = memory.contracts[SHARED]
        memory.contracts[SHARED] = replace(stands, version=stands.version + 1)

    memory.step = somebody_validates
    impatient = replace(processing(memory), pause=pauses.append)
    impatient.run_slice(CODE, is_time_up=after_batches(6))
    assert pauses == list(range(len(pauses)))
    assert len(pauses) >= 4


def test_a_file_that_cannot_be_read_is_refused_with_one_result_and_nothing_is_done() -> None:
    memory = submitted(text="<xml")
    assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
    assert memory.records[CODE].state is ProcessingState.REFUSED
    assert memory.told[CODE] == [RowResult(0, "", RowStatus.REFUSED, "não é um número de linhas")]
    assert set(memory.contracts) == {SHARED}


def _uploaded(content: bytes, *, announced: bytes) -> Memory:
    memory = submitted()
    memory.objects[CODE] = [content]
    record: ImportRecord = replace(
        memory.records[CODE],
        state=ProcessingState.AWAITING_FILE,
        submission=SubmissionKey(seller(), hashlib.sha256(announced).hexdigest()),
        size=len(announced),
        file_version="",
    )
    memory.records[CODE] = record
    return memory


def test_an_upload_is_worked_off_when_it_is_the_file_that_was_announced() -> None:
    memory = _uploaded(b"23", announced=b"23")
    assert processing(memory).run_slice(CODE, is_time_up=lambda: False) is Progress.OVER
    require_each_row_once(memory)


@pytest.mark.parametrize("content", [b"24", b"<xml"])
def test_an_upload_that_is_another_file_than_announced_is_refused_for_that(content: bytes) -> None:
    memory = _uploaded(content, announced=b"23")
    processing(memory).run_slice(CODE, is_time_up=lambda: False)
    assert memory.records[CODE].state is ProcessingState.REFUSED
    [result] = memory.told[CODE]
    assert "SHA-256" in result.description


def test_what_is_put_over_a_surveyed_upload_is_not_read() -> None:
    memory = _uploaded(b"23", announced=b"23")
    processing(memory).run_slice(CODE, is_time_up=after_batches(1))
    memory.objects[CODE].append(b"99")
    processing(memory).run_slice(CODE, is_time_up=lambda: False)
    require_each_row_once(memory)


def test_a_file_that_gives_fewer_rows_than_were_counted_stops_the_slice() -> None:
    memory = submitted()
    short = replace(RULES, rows=lambda file, after: iter(list(rows(file, after))[:-1]))
    with pytest.raises(RowsMissing):
        processing(memory, rules=short).run_slice(CODE, is_time_up=lambda: False)


def test_a_row_s_texts_are_kept_within_bounds() -> None:
    def verbose(*given: object, **_: object) -> Judged:
        [row] = [one for one in given if isinstance(one, Row)]
        return Judged(RowResult(row.number, "s" * 500, RowStatus.REFUSED, "x" * 10_000), None)

    memory = submitted(1)
    processing(memory, rules=replace(RULES, judge=verbose)).run_slice(CODE, is_time_up=lambda: False)
    [result] = memory.told[CODE]
    assert len(result.sequence) == 60
    assert result.description.endswith("(6000 caracteres omitidos)")


def test_an_import_that_is_given_up_keeps_what_was_done_and_may_be_submitted_again() -> None:
    memory = submitted()
    processing(memory).run_slice(CODE, is_time_up=after_batches(2))
    give_up(MemoryImports(memory), CODE, clock=lambda: NOW + timedelta(hours=1), pause=lambda _: None)
    assert memory.records[CODE].state is ProcessingState.FAILED
    assert len(memory.told[CODE]) == 2 * memory.room
    again = Reception(MemoryImports(memory), MemoryFiles(memory))
    assert again.submit(Submission(ACTING, str(ROWS)), at=NOW + timedelta(hours=2)) != CODE
