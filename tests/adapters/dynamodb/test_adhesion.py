from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adhesion.company import Adhesion, Attempts
from aval.adhesion.history import Act, HistoryEntry
from aval.adhesion.store import AdhesionWrite, AppliedRequest, Holder, WriteLost
from aval.certificates.revocation import RevocationStanding
from aval.identifiers import Cnpj
from tests.support.adhesion import AURORA, BOLT, START, der, registered
from tests.support.dynamodb import ADHESION_TABLE, empty_adhesion_table


@pytest.fixture
def store() -> Iterator[DynamoDbAdhesions]:
    with empty_adhesion_table() as client:
        yield DynamoDbAdhesions(client, ADHESION_TABLE)


def enrolment(*contents: bytes, company: Cnpj = BOLT) -> AdhesionWrite:
    added = tuple(registered(content, company) for content in contents)
    return AdhesionWrite(before=Adhesion(company), at=START, password_hash="hash", added=added)


def test_a_company_that_never_adhered_is_empty(store: DynamoDbAdhesions) -> None:
    assert store.load(BOLT) == Adhesion(BOLT)


def test_what_was_written_reads_back(store: DynamoDbAdhesions) -> None:
    write = enrolment(der("A"), der("B"))
    store.apply(write)
    assert store.load(BOLT) == write.after


def test_many_companies_are_read_together(store: DynamoDbAdhesions) -> None:
    write = enrolment(der("A"))
    store.apply(write)
    assert store.load_many([BOLT, AURORA]) == {BOLT: write.after, AURORA: Adhesion(AURORA)}


def test_a_write_on_an_older_version_is_lost(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    with pytest.raises(WriteLost):
        store.apply(enrolment(der("B")))
    assert len(store.load(BOLT).certificates) == 1


def test_a_subject_that_another_company_holds_loses_the_whole_write(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    with pytest.raises(WriteLost):
        store.apply(enrolment(der("A"), company=AURORA))
    assert store.load(AURORA) == Adhesion(AURORA)


def test_a_fingerprint_that_another_company_holds_loses_the_whole_write(store: DynamoDbAdhesions) -> None:
    content = der("A")
    store.apply(enrolment(content))
    held = store.holders([], [registered(content).fingerprint])
    assert held.by_fingerprint == {
        registered(content).fingerprint: Holder(BOLT, registered(content).fingerprint)
    }
    with pytest.raises(WriteLost):
        store.apply(enrolment(content, company=AURORA))


def test_deletion_frees_subject_and_fingerprint_and_keeps_the_record(store: DynamoDbAdhesions) -> None:
    content = der("A")
    store.apply(enrolment(content))
    before = store.load(BOLT)
    (held,) = before.certificates
    gone = replace(held, removed_at=START)
    store.apply(AdhesionWrite(before=before, at=START, deleted=(gone,)))
    assert store.load(BOLT).certificates == ()
    assert store.holders([held.facts.subject_key], [held.fingerprint]).by_subject == {}
    assert store.certificates(BOLT, [held.fingerprint]) == (gone,)
    assert list(store.companies_in_service()) == []
    store.apply(enrolment(content, company=AURORA))
    assert len(store.load(AURORA).certificates) == 1


def test_a_renewal_moves_the_subject_to_the_new_certificate(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    before = store.load(BOLT)
    (old,) = before.certificates
    new = registered(der("A"))
    store.apply(
        AdhesionWrite(before=before, at=START, added=(new,), deleted=(replace(old, removed_at=START),))
    )
    holders = store.holders([new.facts.subject_key], [old.fingerprint, new.fingerprint])
    assert holders.by_subject == {new.facts.subject_key: Holder(BOLT, new.fingerprint)}
    assert holders.by_fingerprint == {new.fingerprint: Holder(BOLT, new.fingerprint)}


def test_a_request_is_applied_once(store: DynamoDbAdhesions) -> None:
    write = enrolment(der("A"))
    in_service = tuple(one.fingerprint for one in write.added)
    applied = AppliedRequest("id", "digest", 1, in_service, START)
    store.apply(replace(write, request=applied))
    assert store.applied_request("id") == applied
    assert store.applied_request("other") is None
    with pytest.raises(WriteLost):
        store.apply(AdhesionWrite(before=store.load(BOLT), at=START, password_hash="x", request=applied))
    assert store.load(BOLT).password_hash == "hash"


def test_wrong_passwords_add_up_until_they_are_forgotten(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    assert [store.count_wrong_password(BOLT, at=START) for _ in range(2)] == [1, 2]
    assert store.load(BOLT).attempts == Attempts(2, START)
    store.clear_attempts(BOLT)
    assert store.load(BOLT).attempts == Attempts()


def test_a_lock_stays_until_a_new_password(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    store.apply(AdhesionWrite(before=store.load(BOLT), at=START, locks=True))
    locked = store.load(BOLT)
    assert locked.attempts.locked_at == START
    with pytest.raises(WriteLost):
        store.count_wrong_password(BOLT, at=START)
    with pytest.raises(WriteLost):
        store.clear_attempts(BOLT)
    store.apply(AdhesionWrite(before=locked, at=START, password_hash="new"))
    assert store.load(BOLT).attempts == Attempts()


def test_a_restated_revocation_reads_back(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    before = store.load(BOLT)
    revoked = replace(before.certificates[0], standing=RevocationStanding.REVOGADO)
    store.apply(AdhesionWrite(before=before, at=START, restated=(revoked,)))
    assert store.load(BOLT).certificates == (revoked,)
    assert not store.stands(BOLT, revoked.fingerprint, at=START)


def test_a_certificate_stands_while_valid_and_in_service(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A")))
    (held,) = store.load(BOLT).certificates
    assert store.stands(BOLT, held.fingerprint, at=held.ends)
    assert not store.stands(BOLT, held.fingerprint, at=held.ends + timedelta(seconds=1))
    assert not store.stands(AURORA, held.fingerprint, at=START)


def test_companies_are_found_by_the_end_of_their_certificates(store: DynamoDbAdhesions) -> None:
    store.apply(enrolment(der("A", lifetime=timedelta(days=40)), der("B", lifetime=timedelta(days=50))))
    store.apply(enrolment(der("C", AURORA, lifetime=timedelta(days=30)), company=AURORA))
    first_end = store.load(AURORA).certificates[0].ends
    assert list(store.companies_in_service(ending_by=first_end - timedelta(seconds=1))) == []
    assert list(store.companies_in_service(ending_by=first_end)) == [AURORA]
    assert list(store.companies_in_service()) == [AURORA, BOLT]


def test_history_comes_newest_first_in_pages(store: DynamoDbAdhesions) -> None:
    def entry(number: int) -> HistoryEntry:
        return HistoryEntry(
            START + timedelta(seconds=number // 10), "Ana", Act.PASSWORD_SET, f"{number}", "A", "B"
        )

    entries = [entry(number) for number in range(60)]
    store.apply(replace(enrolment(der("A")), history=tuple(entries)))
    first = store.history(BOLT, cursor=None)
    second = store.history(BOLT, cursor=first.next_cursor)
    assert [*first.entries, *second.entries] == entries[::-1]
    assert (len(first.entries), second.next_cursor) == (50, None)
    assert store.history(AURORA, cursor=None).entries == ()


def test_a_failure_that_is_no_lost_race_stays_what_it_is(store: DynamoDbAdhesions) -> None:
    elsewhere = replace(store, table_name="missing")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        elsewhere.apply(enrolment(der("A")))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        elsewhere.clear_attempts(BOLT)


def test_keys_that_dynamodb_left_unprocessed_are_asked_for_again(
    store: DynamoDbAdhesions, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = [enrolment(der("A")), enrolment(der("B", AURORA), company=AURORA)]
    for write in writes:
        store.apply(write)
    whole: Any = store.client.batch_get_item

    def one_at_a_time(RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - the client's word
        request = RequestItems[ADHESION_TABLE]
        first, *rest = request["Keys"]
        answer = whole(RequestItems={ADHESION_TABLE: {**request, "Keys": [first]}})
        return {**answer, "UnprocessedKeys": {ADHESION_TABLE: {**request, "Keys": rest}} if rest else {}}

    monkeypatch.setattr(store.client, "batch_get_item", one_at_a_time)
    assert store.load_many([BOLT, AURORA]) == {BOLT: writes[0].after, AURORA: writes[1].after}
