from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.adhesion.company import CompanyStatus
from aval.adhesion.history import SYSTEM, Act
from aval.adhesion.store import AdhesionWrite
from aval.certificates.revocation import RevocationStanding
from aval.events import EventName
from aval.identifiers import Fingerprint
from aval.notices.schedule import THRESHOLDS, NoticeKind
from aval.notices.store import NoticeKey
from aval.registry.model import Role
from tests.support.adhesion import ANA, AURORA, BOLT, BRUNO, PEOPLE, START, der
from tests.support.notices import NoticeHouse

DAY = timedelta(days=1)
SHORT = timedelta(days=41)  # ends forty days after START, for a certificate begins the day before


@pytest.fixture
def notices() -> NoticeHouse:
    return NoticeHouse()


def told(house: NoticeHouse, at: datetime) -> list[str]:
    house.expiry.run(at=at)
    return [mail.subject for mail in house.mailbox.take()]


def test_nobody_is_told_before_thirty_days(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    assert told(notices, certificate.ends - 30 * DAY - timedelta(seconds=1)) == []


def test_each_threshold_is_told_once_and_then_the_removal(notices: NoticeHouse) -> None:
    notices.enrol(der(lifetime=SHORT))
    subjects = [told(notices, START + day * DAY) for day in range(45) for _ in range(2)]
    name = "O certificado de BOLT ENERGY OPERAÇÕES LTDA."
    assert [subject for run in subjects for subject in run] == [
        f"{name} vence em 30 dias",
        f"{name} vence em 15 dias",
        f"{name} vence em 7 dias",
        f"{name} venceu e foi excluído",
    ]


def test_a_missed_run_is_caught_up_with_the_tightest_notice_alone(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    assert told(notices, certificate.ends - 5 * DAY) == [
        "O certificado de BOLT ENERGY OPERAÇÕES LTDA. vence em 5 dias"
    ]
    moot = {key.kind for key, row in notices.notices.rows.items() if row.is_moot}
    assert moot == {NoticeKind.THIRTY_DAYS, NoticeKind.FIFTEEN_DAYS}
    assert told(notices, certificate.ends - 4 * DAY) == []


def test_the_mail_names_agent_certificate_and_date(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    notices.expiry.run(at=certificate.ends - 20 * DAY)
    (mail,) = notices.mailbox.take()
    assert mail.to == "ana@demo.aval.example"
    for part in (
        "BOLT ENERGY OPERAÇÕES LTDA. (CNPJ 33.047.509/0001-49)",
        certificate.facts.subject,
        certificate.facts.issuer,
        certificate.facts.serial_number,
        certificate.fingerprint,
        "12/09/2026 09:00:00 (horário de São Paulo, UTC-03:00)",
        "deixarão de se conectar",
    ):
        assert part in mail.text
        assert part in mail.html


def test_the_wording_changes_when_another_certificate_covers(notices: NoticeHouse) -> None:
    certificate, _ = notices.enrol(der("A", lifetime=SHORT), der("B"))
    notices.expiry.run(at=certificate.ends - 20 * DAY)
    (mail,) = notices.mailbox.take()
    assert "A empresa tem outro certificado, válido até 02/08/2027" in mail.text
    assert "deixarão de se conectar" not in mail.text


def test_a_revoked_certificate_is_not_said_to_connect_until_its_end(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    revoked = replace(certificate, standing=RevocationStanding.REVOGADO)
    store = notices.house.store
    store.apply(AdhesionWrite(before=store.load(BOLT), at=START, restated=(revoked,)))
    notices.expiry.run(at=certificate.ends - 20 * DAY)
    (mail,) = notices.mailbox.take()
    assert "já foi revogado e não é aceito nas conexões" in mail.text
    assert "deixarão de se conectar" not in mail.text


def test_a_representative_of_several_companies_gets_one_mail(notices: NoticeHouse) -> None:
    notices.enrol(der("A", lifetime=SHORT))
    notices.enrol(der("B", AURORA, lifetime=SHORT), company=AURORA)
    notices.expiry.run(at=START + 20 * DAY)
    (mail,) = notices.mailbox.take()
    assert mail.subject == "Plataforma de Integração: 2 avisos"
    assert "BOLT ENERGY" in mail.text
    assert "Aurora Geração" in mail.text


def test_every_ccee_representative_is_told_and_no_other(notices: NoticeHouse) -> None:
    notices.enrol(der(lifetime=SHORT))
    notices.expiry.run(at=START + 20 * DAY)
    assert [mail.to for mail in notices.mailbox.take()] == ["ana@demo.aval.example"]


def test_two_representatives_who_share_an_address_get_one_mail(
    notices: NoticeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices.enrol(der(lifetime=SHORT))
    notices.house.registry.roles[BRUNO, BOLT] = frozenset({Role.REPRESENTANTE_CCEE})
    monkeypatch.setitem(PEOPLE, BRUNO, replace(PEOPLE[BRUNO], email=PEOPLE[ANA].email))
    assert len(told(notices, START + 20 * DAY)) == 1


def test_without_a_representative_the_notice_waits(notices: NoticeHouse) -> None:
    notices.enrol(der(lifetime=SHORT))
    roles, notices.house.registry.roles = notices.house.registry.roles, {}
    report = notices.expiry.run(at=START + 20 * DAY)
    assert report.sent.without_representative == {BOLT}
    assert notices.mailbox.take() == []
    notices.house.registry.roles = roles
    assert len(told(notices, START + 20 * DAY)) == 1


def test_a_mail_that_fails_is_sent_by_the_next_run_to_those_not_told(notices: NoticeHouse) -> None:
    notices.enrol(der(lifetime=SHORT))
    notices.house.registry.roles[BRUNO, BOLT] = frozenset({Role.REPRESENTANTE_CCEE})
    notices.mailbox.refused = {"bruno@demo.aval.example"}
    first = notices.expiry.run(at=START + 20 * DAY)
    assert (first.sent.failed_mails, first.sent.settled) == (1, frozenset())
    assert [mail.to for mail in notices.mailbox.take()] == ["ana@demo.aval.example"]
    notices.mailbox.refused = set()
    notices.expiry.run(at=START + 20 * DAY)
    assert [mail.to for mail in notices.mailbox.take()] == ["bruno@demo.aval.example"]
    notices.expiry.run(at=START + 21 * DAY)
    assert notices.mailbox.take() == []


def test_removal_frees_place_and_subject_and_is_told(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der("A", lifetime=SHORT))
    report = notices.expiry.run(at=certificate.ends + timedelta(seconds=1))
    store = notices.house.store
    assert report.removed == (certificate.fingerprint,)
    assert store.load(BOLT).status(certificate.ends) is CompanyStatus.SEM_CERTIFICADO
    assert store.load(BOLT).version == 2
    assert store.holders([certificate.facts.subject_key], [certificate.fingerprint]).by_subject == {}
    assert [(one.act, one.author, one.before, one.after) for one in store.entries[BOLT]] == [
        (Act.CERTIFICATE_EXPIRED, SYSTEM, "VENCIDO", "EXCLUIDO")
    ]
    assert [event.name for event in notices.house.bus.events] == [EventName.CERTIFICATE_EXPIRED]
    (mail,) = notices.mailbox.take()
    assert "venceu e foi excluído dos servidores" in mail.text
    assert store.untold_removals == []


def test_a_certificate_is_not_removed_in_its_last_second(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    assert notices.expiry.run(at=certificate.ends).removed == ()


def test_the_last_mail_of_a_removal_is_caught_up(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    notices.mailbox.refused = {"ana@demo.aval.example"}
    notices.expiry.run(at=certificate.ends + DAY)
    notices.mailbox.refused = set()
    assert told(notices, certificate.ends + 2 * DAY) == [
        "O certificado de BOLT ENERGY OPERAÇÕES LTDA. venceu e foi excluído"
    ]
    assert told(notices, certificate.ends + 3 * DAY) == []


def test_a_removal_whose_run_died_after_the_mail_is_forgotten_without_another(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    notices.expiry.run(at=certificate.ends + DAY)
    notices.mailbox.take()
    (removed,) = notices.house.store.certificates(BOLT, [certificate.fingerprint])
    notices.house.store.untold_removals.append(removed)
    assert told(notices, certificate.ends + 2 * DAY) == []
    assert notices.house.store.untold_removals == []


@settings(max_examples=60, deadline=None)
@given(runs=st.lists(st.tuples(st.integers(0, 400 * 24), st.booleans()), max_size=120))
def test_over_four_hundred_days_each_notice_comes_at_most_once_and_never_the_wider_one(
    runs: list[tuple[int, bool]],
) -> None:
    house = NoticeHouse()
    (certificate,) = house.enrol(_YEARLY)
    announced: list[NoticeKind] = []
    for hour, is_doubled in sorted(runs):
        at = START + timedelta(hours=hour)
        before = _sent(house, certificate.fingerprint)
        for _ in range(1 + is_doubled):
            house.expiry.run(at=at)
        now = _sent(house, certificate.fingerprint) - before
        assert len(house.mailbox.take()) == len(now)
        announced += now
        assert announced[-1:] == _latest_at(certificate.ends, at)
    assert len(announced) == len(set(announced))
    assert announced == [kind for kind in _ORDER if kind in announced]


def _latest_at(ends: datetime, at: datetime) -> list[NoticeKind]:
    """What must have been told last by a run at that moment."""
    crossed = [kind for kind, left in THRESHOLDS if ends - at <= left]
    return [NoticeKind.REMOVED] if at > ends else crossed[-1:]


_ORDER = [*(kind for kind, _ in THRESHOLDS), NoticeKind.REMOVED]
_YEARLY = der(lifetime=timedelta(days=390))


def _sent(house: NoticeHouse, fingerprint: Fingerprint) -> set[NoticeKind]:
    rows = house.notices.rows.items()
    return {key.kind for key, row in rows if key.about == fingerprint and row.settled_at and not row.is_moot}


def test_a_run_that_died_after_its_claim_is_taken_over_once_the_lease_lapsed(notices: NoticeHouse) -> None:
    (certificate,) = notices.enrol(der(lifetime=SHORT))
    at = START + 20 * DAY
    assert notices.notices.claim(NoticeKey(certificate.fingerprint, NoticeKind.THIRTY_DAYS), at=at)
    assert told(notices, at + timedelta(hours=1)) == []
    assert len(told(notices, at + timedelta(hours=1, seconds=1))) == 1
