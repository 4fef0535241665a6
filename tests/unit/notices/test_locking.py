from dataclasses import replace

from aval.adhesion.company import Attempts
from aval.notices.locking import LockNotice
from tests.support.adhesion import BOLT, START, der
from tests.support.notices import NoticeHouse


def test_a_lock_is_told_once_however_often_its_event_comes() -> None:
    notices = NoticeHouse()
    notices.enrol(der("A"))
    store = notices.house.store
    store.companies[BOLT] = replace(store.load(BOLT), attempts=Attempts(10, START, START))
    notice = LockNotice(store, notices.teller)
    for _ in range(2):
        notice.tell(BOLT, at=START)
    (mail,) = notices.mailbox.take()
    assert mail.subject == "O acesso de BOLT ENERGY OPERAÇÕES LTDA. foi bloqueado"
    assert "03/08/2026 09:00:00 (horário de São Paulo, UTC-03:00)" in mail.text


def test_a_lock_that_ended_meanwhile_is_not_told() -> None:
    notices = NoticeHouse()
    notices.enrol(der("A"))
    LockNotice(notices.house.store, notices.teller).tell(BOLT, at=START)
    assert notices.mailbox.take() == []
