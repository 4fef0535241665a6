import pytest

from aval.adhesion.company import CertificateStatus
from aval.adhesion.history import SYSTEM, Act
from aval.adhesion.store import AdhesionWrite, WriteLost
from aval.certificates.revocation import RevocationStanding
from aval.events import EventName
from aval.notices.revocations import RevocationReport, RevocationRun
from tests.support.adhesion import BOLT, START, MemoryAdhesions, der
from tests.support.notices import NoticeHouse

UNKNOWN, GOOD = RevocationStanding.REVOGACAO_DESCONHECIDA, RevocationStanding.NAO_REVOGADO


@pytest.fixture
def notices() -> NoticeHouse:
    return NoticeHouse()


def run(notices: NoticeHouse) -> RevocationReport:
    house = notices.house
    recheck = RevocationRun(house.store, house.revocations, notices.teller, house.bus, house.pauses.append)
    return recheck.run(at=START)


def test_what_was_not_revoked_stays_as_it_is(notices: NoticeHouse) -> None:
    notices.enrol(der("A"))
    report = run(notices)
    assert (report.asked, report.revoked, notices.mailbox.take()) == (1, (), [])
    assert notices.house.store.load(BOLT).version == 1


def test_a_later_revocation_blocks_is_written_down_and_told_once(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der("A"))
    notices.house.revocations.revoked.add(certificate.fingerprint)
    assert run(notices).revoked == (certificate.fingerprint,)
    (held,) = notices.house.store.load(BOLT).certificates
    assert held.status(START) is CertificateStatus.REVOGADO
    assert not held.is_usable(START)
    told = [
        (entry.act, entry.author, entry.before, entry.after) for entry in notices.house.store.entries[BOLT]
    ]
    assert told == [(Act.CERTIFICATE_REVOKED, SYSTEM, "VIGENTE", "REVOGADO")]
    assert [event.name for event in notices.house.bus.events] == [EventName.CERTIFICATE_REVOKED]
    (mail,) = notices.mailbox.take()
    assert mail.subject == "O certificado de BOLT ENERGY OPERAÇÕES LTDA. foi revogado"
    assert certificate.fingerprint in mail.text
    assert run(notices).revoked == ()
    assert notices.mailbox.take() == []


def test_a_revocation_whose_mail_failed_is_told_by_a_later_run(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der("A"))
    notices.house.revocations.revoked.add(certificate.fingerprint)
    roles, notices.house.registry.roles = notices.house.registry.roles, {}
    assert run(notices).sent.without_representative == {BOLT}
    notices.house.registry.roles = roles
    run(notices)
    assert len(notices.mailbox.take()) == 1


def test_an_unknown_standing_becomes_known_without_noise(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der("A"))
    notices.house.revocations.unknown.add(certificate.fingerprint)
    run(notices)
    assert notices.house.store.load(BOLT).certificates[0].standing is UNKNOWN
    notices.house.revocations.unknown.clear()
    run(notices)
    assert notices.house.store.load(BOLT).certificates[0].standing is GOOD
    assert notices.house.store.entries[BOLT] == []


def test_nothing_unrevokes(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der("A"))
    notices.house.revocations.revoked.add(certificate.fingerprint)
    run(notices)
    notices.house.revocations.revoked.clear()
    run(notices)
    assert notices.house.store.load(BOLT).certificates[0].standing is RevocationStanding.REVOGADO


def test_a_company_that_keeps_changing_is_left_to_the_next_run(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der("A"))
    notices.house.revocations.revoked.add(certificate.fingerprint)
    store = notices.house.store
    notices.house.store = _NeverWins(**{name: getattr(store, name) for name in ("companies", "subjects")})
    report = run(notices)
    assert (report.contended, report.revoked) == ((BOLT,), ())


class _NeverWins(MemoryAdhesions):
    def apply(self, write: AdhesionWrite) -> None:
        raise WriteLost
