from datetime import timedelta

import pytest

from aval.notices.schedule import DueNotice, NoticeKind, due_notice
from tests.support.adhesion import START

THIRTY, FIFTEEN, SEVEN = NoticeKind.THIRTY_DAYS, NoticeKind.FIFTEEN_DAYS, NoticeKind.SEVEN_DAYS
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (timedelta(days=30) + SECOND, None),
        (timedelta(days=30), DueNotice(THIRTY, ())),
        (timedelta(days=15) + SECOND, DueNotice(THIRTY, ())),
        (timedelta(days=15), DueNotice(FIFTEEN, (THIRTY,))),
        (timedelta(days=7) + SECOND, DueNotice(FIFTEEN, (THIRTY,))),
        (timedelta(days=7), DueNotice(SEVEN, (THIRTY, FIFTEEN))),
        (timedelta(0), DueNotice(SEVEN, (THIRTY, FIFTEEN))),
        (-SECOND, None),
    ],
)
def test_the_tightest_crossed_threshold_is_due(left: timedelta, due: DueNotice | None) -> None:
    assert due_notice(START + left, frozenset(), at=START) == due


def test_a_settled_threshold_is_not_due_again() -> None:
    assert due_notice(START + timedelta(days=20), {THIRTY}, at=START) is None


def test_a_wider_threshold_is_never_due_after_a_tighter_one() -> None:
    assert due_notice(START + timedelta(days=5), {SEVEN}, at=START) is None


def test_a_tighter_threshold_is_due_after_a_wider_one() -> None:
    assert due_notice(START + timedelta(days=10), {THIRTY}, at=START) == DueNotice(FIFTEEN, ())
