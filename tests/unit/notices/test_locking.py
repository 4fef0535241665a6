from dataclasses import replace

import pytest

from aval.adhesion.company import Attempts
from aval.notices.locking import LockNotice, LockNotTold
from tests.support.adhesion import BOLT, START, der
from tests.support.notices import NoticeHouse


def locked_house() -> tuple[NoticeHouse, LockNotice]:
    notices = NoticeHouse()
    notices.enrol(der("A"))
    store = notices.house.store
    store.companies[BOLT] = replace(store.load(BOLT), attempts=Attempts(10, START, START))
    return notices, LockNotice(store, notices.teller)


def test_a_lock_is_told_once_however_often_its_event_comes() -> None:
    notices, notice = locked_house()
    for _ in range(2):
        notice.tell(BOLT, at=START)
    (mail,) = notices.mailbox.take()
    assert mail.subject == "O acesso de BOLT ENERGY OPERAÇÕES LTDA. foi bloqueado"
    assert "03/08/2026 09:00:00 (horário de São Paulo, UTC-03:00)" in mail.text


def test_a_lock_whose_mail_failed_is_told_when_its_event_comes_again() -> None:
    notices, notice = locked_house()
    notices.mailbox.refused = {"ana@demo.aval.example"}
    with pytest.raises(LockNotTold):
        notice.tell(BOLT, at=START)
    notices.mailbox.refused = set()
    notice.tell(BOLT, at=START)
    assert len(notices.mailbox.take()) == 1


def test_a_lock_that_nobody_could_be_told_of_is_a_failure() -> None:
    notices, notice = locked_house()
    notices.house.registry.roles.clear()
    with pytest.raises(LockNotTold):
        notice.tell(BOLT, at=START)


def test_a_lock_that_ended_meanwhile_is_not_told() -> None:
    notices = NoticeHouse()
    notices.enrol(der("A"))
    LockNotice(notices.house.store, notices.teller).tell(BOLT, at=START)
    assert notices.mailbox.take() == []
