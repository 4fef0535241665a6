from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aval.adapters.dynamodb.contracts import DynamoDbContracts
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.contracts.bus import ProcessingCode, ProcessingState, RowResult, RowStatus
from aval.contracts.imports.judging import Change, Judged
from aval.contracts.imports.store import ImportRecord, LatestSubmission, SubmissionKey
from aval.contracts.model import AmountSituation, Contract, ContractCode, ProfileCode
from aval.contracts.paging import CursorRequest, PageRequest
from aval.contracts.store import ContractTooLarge, WriteLost
from aval.identifiers import Cnpj
from tests.adapters.dynamodb.test_contracts import hourly
from tests.support.contracts import BUYING, NOW, amount, contract, seller, transition
from tests.support.dynamodb import CONTRACTS_TABLE, empty_contracts_table

LATER = NOW + timedelta(minutes=1)
TICK = timedelta(microseconds=1)
SUBMISSION = SubmissionKey(seller("Ana"), "0" * 64)
WHOLE = PageRequest(1, 1000)


@pytest.fixture
def store() -> Iterator[DynamoDbImports]:
    with empty_contracts_table() as client:
        yield DynamoDbImports(client, CONTRACTS_TABLE)


@pytest.fixture
def contracts(store: DynamoDbImports) -> DynamoDbContracts:
    return DynamoDbContracts(store.client, CONTRACTS_TABLE)


def received(code: int = 1, **changes: Any) -> ImportRecord:
    made = ImportRecord(
        code=ProcessingCode(code),
        submission=SUBMISSION,
        state=ProcessingState.RECEIVED,
        received_at=NOW,
        moved_at=NOW,
        file_version="v1",
    )
    return replace(made, **changes)


def running(store: DynamoDbImports, *, rows: int, code: int = 1) -> ImportRecord:
    record = received(code)
    store.accept(record)
    return store.begin(record, file_version="v1", total_rows=rows, at=NOW)


def result(row: int, status: RowStatus = RowStatus.DONE) -> RowResult:
    return RowResult(row, str(row), status, f"linha {row}", ContractCode(row))


def registers(row: int, **changes: Any) -> Judged:
    made = contract(row, **changes)
    return Judged(result(row), Change(None, made, (transition(contract=made.code),)))


def refuses(row: int) -> Judged:
    return Judged(RowResult(row, "", RowStatus.REFUSED, "recusada"), None)


def everything(store: DynamoDbImports) -> list[Any]:
    found = store.client.scan(TableName=CONTRACTS_TABLE, ConsistentRead=True)["Items"]
    return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_processings_are_counted_from_one(store: DynamoDbImports) -> None:
    assert [store.new_code(), store.new_code()] == [1, 2]


def test_what_was_accepted_reads_back(store: DynamoDbImports) -> None:
    assert store.accept(received()) == 1
    assert store.record(ProcessingCode(1)) == received()
    assert store.latest(SUBMISSION) == LatestSubmission(ProcessingCode(1), is_in_flight=True)
    assert store.record(ProcessingCode(2)) is None


def test_a_companys_imports_are_listed_newest_first_and_nobody_elses(store: DynamoDbImports) -> None:
    theirs = replace(seller("Bia"), company=BUYING)
    authors = {1: seller("Ana"), 2: theirs, 3: seller("Ana"), 4: seller(None), 12: seller("Ana")}
    for code, author in authors.items():
        store.accept(received(code, submission=SubmissionKey(author, f"{code:064d}")))
    own = {seller("Ana").company}

    def listed(companies: set[Cnpj], before: int | None = None, limit: int = 10) -> list[int]:
        below = None if before is None else ProcessingCode(before)
        return [one.code for one in store.submitted_by(companies, before=below, limit=limit)]

    assert listed(own) == [12, 4, 3, 1]
    assert listed({*own, theirs.company}) == [12, 4, 3, 2, 1]
    assert listed(own, limit=2) == [12, 4]
    assert listed(own, before=4, limit=2) == [3, 1]
    assert listed(own, before=1) == []
    assert listed(set()) == []


def test_a_list_tells_how_far_each_import_is_now(store: DynamoDbImports) -> None:
    moved = running(store, rows=3)
    assert store.submitted_by({SUBMISSION.author.company}, before=None, limit=1) == [moved]


def test_the_same_submission_in_flight_is_the_same_processing(store: DynamoDbImports) -> None:
    store.accept(received(1))
    before = everything(store)
    assert store.accept(received(2)) == 1
    assert everything(store) == before


@pytest.mark.parametrize(
    "other",
    [
        replace(SUBMISSION, digest="1" * 64),
        replace(SUBMISSION, author=replace(seller(), profile=ProfileCode(10021))),
        replace(SUBMISSION, author=replace(seller(), company=BUYING)),
    ],
)
def test_another_text_profile_or_company_is_another_processing(
    store: DynamoDbImports, other: SubmissionKey
) -> None:
    store.accept(received(1))
    assert store.accept(received(2, submission=other)) == 2


def test_another_person_of_the_same_company_submits_the_same(store: DynamoDbImports) -> None:
    store.accept(received(1))
    assert store.accept(received(2, submission=replace(SUBMISSION, author=seller("Bruno")))) == 1


def test_a_survey_is_kept_once(store: DynamoDbImports) -> None:
    record = received()
    store.accept(record)
    begun = store.begin(record, file_version="v2", total_rows=7, at=LATER)
    assert store.record(record.code) == begun
    assert (begun.state, begun.total_rows, begun.file_version) == (ProcessingState.RUNNING, 7, "v2")
    with pytest.raises(WriteLost):
        store.begin(record, file_version="v3", total_rows=8, at=LATER)
    assert store.record(record.code) == begun


def test_a_file_that_is_refused_has_one_result_and_is_over(store: DynamoDbImports) -> None:
    record = received()
    store.accept(record)
    refused = store.refuse(record, reason="não é XML", at=LATER)
    assert store.record(record.code) == refused
    page = store.results(refused, WHOLE)
    assert (page.rows, page.total) == ((RowResult(0, "", RowStatus.REFUSED, "não é XML"),), 1)
    assert store.latest(SUBMISSION) == LatestSubmission(record.code, is_in_flight=False)
    assert store.accept(received(2, received_at=LATER + TICK)) == 2


@pytest.mark.parametrize("early", [timedelta(0), timedelta(minutes=1)])
def test_what_arrived_while_the_same_submission_was_under_way_is_not_done_again(
    store: DynamoDbImports, early: timedelta
) -> None:
    ended = running(store, rows=1)
    batch = store.batch(ended)
    batch.add(refuses(1))
    assert batch.write(at=LATER + TICK).is_over
    before = everything(store)
    assert store.accept(received(2, received_at=LATER + TICK - early)) == ended.code
    assert everything(store) == before


def test_a_batch_writes_results_contracts_and_history_and_moves_the_record(
    store: DynamoDbImports, contracts: DynamoDbContracts
) -> None:
    record = running(store, rows=3)
    batch = store.batch(record)
    assert [batch.add(judged) for judged in (registers(1), refuses(2))] == [True, True]
    after = batch.write(at=LATER)
    assert store.record(record.code) == after
    assert (after.next_row, after.failed_rows, after.is_over) == (3, 1, False)
    assert store.results(after, WHOLE).rows == (result(1), refuses(2).result)
    assert contracts.read([ContractCode(1)]) == {1: contract(1)}
    assert contracts.history(ContractCode(1), CursorRequest()).rows == (transition(),)


def test_the_last_batch_ends_the_import(store: DynamoDbImports) -> None:
    batch = store.batch(running(store, rows=1))
    batch.add(registers(1))
    after = batch.write(at=LATER)
    assert (after.state, store.record(after.code)) == (ProcessingState.DONE, after)
    assert store.latest(SUBMISSION) == LatestSubmission(after.code, is_in_flight=False)
    assert list(store.stalled(since=LATER + timedelta(days=1))) == []


def test_of_two_workers_at_the_same_rows_one_does_them(store: DynamoDbImports) -> None:
    record = running(store, rows=2)
    first, second = store.batch(record), store.batch(record)
    first.add(registers(1))
    second.add(registers(2))
    second.add(registers(3))
    first.write(at=LATER)
    before = everything(store)
    with pytest.raises(WriteLost):
        second.write(at=LATER)
    assert everything(store) == before


def test_a_contract_that_changed_meanwhile_loses_the_whole_batch(
    store: DynamoDbImports, contracts: DynamoDbContracts
) -> None:
    made = contract(9)
    contracts.apply(Change(None, made, (transition(contract=made.code),)))
    record = running(store, rows=2)
    batch = store.batch(record)
    batch.add(registers(1))
    batch.add(Judged(result(2), _validated(made)))
    contracts.apply(_validated(made))
    before = everything(store)
    with pytest.raises(WriteLost):
        batch.write(at=LATER)
    assert everything(store) == before


def _validated(before: Contract) -> Change:
    validated = amount(situation=AmountSituation.VALIDATED)
    after = replace(before, version=before.version + 1, amounts=(validated,))
    return Change(before, after, (transition(contract=before.code),))


def test_a_contract_that_several_rows_change_is_written_once_with_all_its_history(
    store: DynamoDbImports, contracts: DynamoDbContracts
) -> None:
    batch = store.batch(running(store, rows=2))
    first = registers(1)
    assert first.change is not None
    second = _validated(first.change.after)
    assert batch.add(first)
    assert batch.add(Judged(result(2), second))
    batch.write(at=LATER)
    assert contracts.read([ContractCode(1)]) == {1: second.after}
    assert len(contracts.history(ContractCode(1), CursorRequest()).rows) == 2


def test_a_batch_takes_as_many_contracts_as_a_transaction_holds(store: DynamoDbImports) -> None:
    batch = store.batch(running(store, rows=60))
    taken = 0
    while batch.add(registers(taken + 1)):
        taken += 1
    assert taken == 48
    assert batch.write(at=LATER).next_row == 49


def test_a_batch_takes_no_more_bytes_than_a_transaction_holds(store: DynamoDbImports) -> None:
    batch = store.batch(running(store, rows=60))
    taken = 0
    while batch.add(registers(taken + 1, amounts=(hourly(8, digits=20),))):
        taken += 1
    assert 2 <= taken <= 8
    assert batch.write(at=LATER).next_row == taken + 1


def test_a_contract_that_fits_into_no_batch_is_refused(store: DynamoDbImports) -> None:
    batch = store.batch(running(store, rows=1))
    with pytest.raises(ContractTooLarge):
        batch.add(registers(1, amounts=(hourly(40, digits=22),)))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_results_add_up_whatever_batches_they_were_written_in(
    store: DynamoDbImports, size: int
) -> None:
    record = running(store, rows=10)
    row = 1
    for length in (1, 4, 2, 3):
        batch = store.batch(record)
        for _ in range(length):
            batch.add(refuses(row))
            row += 1
        record = batch.write(at=LATER)
    shown: list[int] = []
    for number in range(1, -(-10 // size) + 1):
        page = store.results(record, PageRequest(number, size))
        assert page.total == 10
        shown += [one.row for one in page.rows]
    assert shown == list(range(1, 11))
    assert store.results(record, PageRequest(-(-10 // size) + 1, size)).rows == ()


def test_an_import_without_results_yet_has_an_empty_page(store: DynamoDbImports) -> None:
    assert store.results(running(store, rows=3), WHOLE).rows == ()


def test_imports_that_stand_still_are_found_longest_first_and_claimed_once(store: DynamoDbImports) -> None:
    def accepted(code: int, at: datetime) -> ImportRecord:
        record = received(code, submission=replace(SUBMISSION, digest=f"{code:064d}"), moved_at=at)
        store.accept(record)
        return record

    newer, older = accepted(1, NOW + timedelta(seconds=1)), accepted(2, NOW)
    accepted(3, LATER)
    assert list(store.stalled(since=LATER)) == [older, newer]
    touched = store.touch(older, at=LATER)
    assert list(store.stalled(since=LATER)) == [newer]
    assert store.record(older.code) == touched
    with pytest.raises(WriteLost):
        store.touch(older, at=LATER)


def test_a_failed_import_keeps_what_was_done_and_can_be_taken_up_again(store: DynamoDbImports) -> None:
    record = running(store, rows=2)
    batch = store.batch(record)
    batch.add(registers(1))
    moved = batch.write(at=LATER)
    with pytest.raises(WriteLost):
        store.fail(record, at=LATER)
    failed = store.fail(moved, at=LATER)
    assert (failed.state, store.results(failed, WHOLE).rows) == (ProcessingState.FAILED, (result(1),))
    reopened = store.reopen(failed, at=LATER)
    assert (reopened.state, reopened.next_row) == (ProcessingState.RUNNING, 2)
    assert store.latest(SUBMISSION) == LatestSubmission(record.code, is_in_flight=True)


def test_a_failed_import_is_not_taken_up_beside_a_later_submission_of_its_file(
    store: DynamoDbImports,
) -> None:
    failed = store.fail(running(store, rows=2), at=LATER)
    store.accept(received(2, received_at=LATER + TICK))
    with pytest.raises(WriteLost):
        store.reopen(failed, at=LATER)
    assert store.record(failed.code) == failed


def test_a_person_s_name_is_kept_for_the_history_it_will_be_written_into(store: DynamoDbImports) -> None:
    store.accept(received())
    found = store.record(ProcessingCode(1))
    assert found is not None
    assert found.submission.author.person_name == "Ana"
    assert "Ana" not in repr(found)
