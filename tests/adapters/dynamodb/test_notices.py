from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.notices import DynamoDbNotices
from aval.adhesion.company import Adhesion
from aval.adhesion.store import AdhesionWrite
from aval.identifiers import Fingerprint
from aval.notices.schedule import NoticeKind
from aval.notices.store import LEASE, Claim, ClaimLost, NoticeKey
from tests.support.adhesion import BOLT, START, der, registered
from tests.support.dynamodb import ADHESION_TABLE, empty_adhesion_table

FINGERPRINT = Fingerprint("ab" * 32)
KEY = NoticeKey(FINGERPRINT, NoticeKind.THIRTY_DAYS)
SECOND = timedelta(seconds=1)


@pytest.fixture
def notices() -> Iterator[DynamoDbNotices]:
    with empty_adhesion_table() as client:
        yield DynamoDbNotices(client, ADHESION_TABLE)


def claimed(notices: DynamoDbNotices) -> Claim:
    claim = notices.claim(KEY, at=START)
    assert claim == Claim(KEY, START, frozenset())
    return claim


def test_a_notice_is_claimed_by_one_run_while_its_lease_lasts(notices: DynamoDbNotices) -> None:
    claimed(notices)
    assert notices.claim(KEY, at=START) is None
    assert notices.claim(KEY, at=START + LEASE) is None
    assert notices.claim(KEY, at=START + LEASE + SECOND) is not None


def test_who_was_told_is_known_to_the_run_that_takes_over(notices: DynamoDbNotices) -> None:
    first = claimed(notices)
    notices.mark_told(first, "ana")
    later = START + LEASE + SECOND
    assert notices.claim(KEY, at=later) == Claim(KEY, later, frozenset({"ana"}))
    with pytest.raises(ClaimLost):
        notices.mark_told(first, "bruno")
    with pytest.raises(ClaimLost):
        notices.mark_sent(first, at=later)


def test_a_released_notice_may_be_claimed_at_once_and_remembers_who_was_told(
    notices: DynamoDbNotices,
) -> None:
    claim = claimed(notices)
    notices.mark_told(claim, "ana")
    notices.release(claim)
    assert notices.claim(KEY, at=START) == Claim(KEY, START, frozenset({"ana"}))


def test_a_claim_that_was_lost_cannot_be_released(notices: DynamoDbNotices) -> None:
    claim = claimed(notices)
    notices.mark_sent(claim, at=START)
    with pytest.raises(ClaimLost):
        notices.release(claim)


def test_a_sent_notice_is_settled_for_ever(notices: DynamoDbNotices) -> None:
    notices.mark_sent(claimed(notices), at=START)
    assert notices.settled(FINGERPRINT) == {NoticeKind.THIRTY_DAYS}
    assert notices.claim(KEY, at=START + timedelta(days=30)) is None


def test_a_moot_notice_is_settled_too(notices: DynamoDbNotices) -> None:
    notices.mark_moot(KEY, at=START)
    notices.mark_moot(KEY, at=START)
    assert notices.settled(FINGERPRINT) == {NoticeKind.THIRTY_DAYS}
    assert notices.claim(KEY, at=START) is None


def test_a_claimed_notice_is_not_settled(notices: DynamoDbNotices) -> None:
    claimed(notices)
    assert notices.settled(FINGERPRINT) == frozenset()


def test_two_locks_of_one_company_are_two_notices(notices: DynamoDbNotices) -> None:
    first, second = (NoticeKey(BOLT, NoticeKind.LOCKED, occasion) for occasion in ("1", "2"))
    assert notices.claim(first, at=START) is not None
    assert notices.claim(second, at=START) is not None
    assert notices.claim(first, at=START) is None


def test_a_removal_is_remembered_until_it_was_told(notices: DynamoDbNotices) -> None:
    store = DynamoDbAdhesions(notices.client, ADHESION_TABLE)
    enrolment = AdhesionWrite(
        before=Adhesion(BOLT), at=START, password_hash="hash", added=(registered(der("A")),)
    )
    store.apply(enrolment)
    before = store.load(BOLT)
    ended = replace(before.certificates[0], removed_at=START)
    store.apply(AdhesionWrite(before=before, at=START, expired=(ended,)))
    assert list(store.companies_in_service()) == []
    assert list(notices.untold_removals()) == [ended]
    notices.forget_removal(ended)
    notices.forget_removal(ended)
    assert list(notices.untold_removals()) == []
