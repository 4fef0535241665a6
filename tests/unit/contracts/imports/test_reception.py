import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from aval.contracts.bus import Acting, ProcessingCode, ProcessingState, Submission, UploadRequest
from aval.contracts.imports.reception import FORM_LIFETIME, LARGEST_UPLOAD, Reception, latest_submission
from aval.contracts.imports.store import ImportRecord
from aval.contracts.model import Author, ProfileCode
from aval.contracts.refusals import NothingFound, ParametersInvalid
from tests.support.contracts import NOW, SELLER, buyer, seller
from tests.support.import_memory import Died, Memory, MemoryFiles, MemoryImports

ACTING = Acting(seller(), frozenset({SELLER}))
TEXT = "<ContratosCCEAL>ação</ContratosCCEAL>"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


def reception(memory: Memory) -> Reception:
    return Reception(MemoryImports(memory), MemoryFiles(memory))


def upload(size: int = 10, digest: str = DIGEST) -> UploadRequest:
    return UploadRequest(ACTING, size, digest)


def test_a_submission_is_stored_as_it_came_before_its_code_is_given() -> None:
    memory = Memory()
    code = reception(memory).submit(Submission(ACTING, TEXT), at=NOW)
    assert memory.objects == {code: [TEXT.encode()]}
    record = memory.records[code]
    assert (record.state, record.file_version, record.received_at) == (ProcessingState.RECEIVED, "1", NOW)


def test_a_submission_that_dies_anywhere_leaves_no_record_without_its_file() -> None:
    for last_step in range(1, 7):
        memory = Memory()
        memory.step = _dying_at(last_step)
        with pytest.raises(Died):
            reception(memory).submit(Submission(ACTING, TEXT), at=NOW)
        assert set(memory.records) <= set(memory.objects)


def _dying_at(step: int) -> Callable[[], None]:
    left = iter(range(1, step))

    def count_down() -> None:
        if next(left, None) is None:
            raise Died

    return count_down


def test_the_same_text_in_flight_is_stored_once() -> None:
    memory = Memory()
    codes = {reception(memory).submit(Submission(ACTING, TEXT), at=NOW) for _ in range(3)}
    assert len(codes) == len(memory.objects) == 1


def test_the_same_text_that_arrived_before_the_other_was_over_is_the_same_processing() -> None:
    memory = Memory()
    code = reception(memory).submit(Submission(ACTING, TEXT), at=NOW)
    ended = NOW + timedelta(milliseconds=300)
    MemoryImports(memory).fail(memory.records[code], at=ended)
    assert reception(memory).submit(Submission(ACTING, TEXT), at=ended) == code
    assert reception(memory).submit(Submission(ACTING, TEXT), at=ended + timedelta(milliseconds=1)) != code


def test_a_text_whose_upload_was_prepared_and_has_not_come_is_stored_as_that_upload() -> None:
    memory = Memory()
    ticket = reception(memory).prepare_upload(upload(), at=NOW)
    assert reception(memory).submit(Submission(ACTING, TEXT), at=NOW) == ticket.code
    assert memory.objects == {ticket.code: [TEXT.encode()]}


def test_a_text_whose_upload_is_prepared_at_the_same_moment_is_stored_as_that_upload() -> None:
    memory = Memory()

    @dataclass
    class Overtaken(MemoryImports):
        def accept(self, record: ImportRecord) -> ProcessingCode:
            reception(self.memory).prepare_upload(upload(), at=NOW)
            return super().accept(record)

    code = Reception(Overtaken(memory), MemoryFiles(memory)).submit(Submission(ACTING, TEXT), at=NOW)
    assert set(memory.records) == {code}
    assert memory.objects[code] == [TEXT.encode()]


@pytest.mark.parametrize("author", [buyer(), Author(seller().company, ProfileCode(10021))])
def test_the_same_text_of_another_company_or_profile_is_another_submission(author: Author) -> None:
    memory = Memory()
    own = reception(memory).submit(Submission(ACTING, TEXT), at=NOW)
    assert reception(memory).submit(Submission(replace(ACTING, author=author), TEXT), at=NOW) != own


def test_a_text_that_no_file_can_hold_is_refused() -> None:
    memory = Memory()
    with pytest.raises(ParametersInvalid, match="Unicode"):
        reception(memory).submit(Submission(ACTING, "\ud800"), at=NOW)
    assert memory == Memory()


def test_a_submission_is_found_again_by_its_digest() -> None:
    memory = Memory()
    code = reception(memory).submit(Submission(ACTING, TEXT), at=NOW)
    assert latest_submission(MemoryImports(memory), DIGEST, ACTING) == code
    assert latest_submission(MemoryImports(memory), f" {DIGEST.upper()} ", ACTING) == code


def test_a_submission_of_somebody_else_is_not_found_by_its_digest() -> None:
    memory = Memory()
    reception(memory).submit(Submission(ACTING, TEXT), at=NOW)
    with pytest.raises(NothingFound):
        latest_submission(MemoryImports(memory), DIGEST, replace(ACTING, author=buyer()))


@pytest.mark.parametrize("digest", ["", "0" * 63, "0" * 65, "g" * 64])
def test_what_is_no_digest_is_refused_by_name(digest: str) -> None:
    with pytest.raises(ParametersInvalid, match="resumoArquivo"):
        latest_submission(MemoryImports(Memory()), digest, ACTING)
    with pytest.raises(ParametersInvalid, match="sha256"):
        reception(Memory()).prepare_upload(upload(digest=digest), at=NOW)


@pytest.mark.parametrize("size", [1, LARGEST_UPLOAD])
def test_an_upload_is_given_a_form_for_exactly_its_size(size: int) -> None:
    memory = Memory()
    ticket = reception(memory).prepare_upload(upload(size), at=NOW + timedelta(microseconds=7))
    assert ticket.fields == {"size": str(size), "seconds": "3600"}
    assert ticket.expires_at == NOW + FORM_LIFETIME
    record = memory.records[ticket.code]
    assert (record.state, record.size, record.is_upload) == (ProcessingState.AWAITING_FILE, size, True)


@pytest.mark.parametrize("size", [-1, 0, LARGEST_UPLOAD + 1])
def test_an_upload_of_a_size_that_is_not_taken_is_refused(size: int) -> None:
    memory = Memory()
    with pytest.raises(ParametersInvalid, match="tamanho"):
        reception(memory).prepare_upload(upload(size), at=NOW)
    assert memory == Memory()


def test_the_same_upload_prepared_again_keeps_its_code() -> None:
    memory = Memory()
    tickets = [reception(memory).prepare_upload(upload(), at=NOW) for _ in range(2)]
    assert tickets[0].code == tickets[1].code
    assert len(memory.records) == 1


@pytest.mark.parametrize(("later", "seconds"), [(15, 2700), (59, 60), (65, 60)])
def test_a_form_asked_for_again_ends_with_the_first_one(later: int, seconds: int) -> None:
    memory = Memory()
    reception(memory).prepare_upload(upload(), at=NOW)
    at = NOW + timedelta(minutes=later)
    ticket = reception(memory).prepare_upload(upload(), at=at)
    assert ticket.fields["seconds"] == str(seconds)
    assert ticket.expires_at == at + timedelta(seconds=seconds)
