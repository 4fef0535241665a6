from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aval.adhesion.access import MAX_ATTEMPTS, SystemAccess, delay_after
from aval.adhesion.company import Attempts
from aval.adhesion.history import Act
from aval.adhesion.password import Password, PasswordKeeper
from aval.adhesion.refusals import AccessRefused, RefusalReason
from aval.adhesion.store import AdhesionWrite
from aval.certificates.revocation import RevocationStanding
from aval.events import Event, EventName
from aval.identifiers import Cnpj, Fingerprint
from tests.support.adhesion import AURORA, BOLT, PASSWORD, START, FixedPepper, House, der, registered

CONTENT = der("A")
FINGERPRINT = registered(CONTENT).fingerprint
SECOND = timedelta(seconds=1)
WRONG = "Errada1senha"


@pytest.fixture
def house() -> House:
    house = House()
    enrol(house, PASSWORD)
    return house


def enrol(house: House, password: str) -> None:
    before = house.store.load(BOLT)
    stored = house.keeper.hash(BOLT, Password.of(password))
    added = () if before.version else (registered(CONTENT),)
    house.store.apply(AdhesionWrite(before=before, at=START, password_hash=stored, added=added))


def access(house: House) -> SystemAccess:
    return SystemAccess(house.store, PasswordKeeper(FixedPepper()), house.bus)


def refusal(
    house: House,
    password: str = WRONG,
    *,
    company: Cnpj = BOLT,
    fingerprint: Fingerprint = FINGERPRINT,
    at: datetime = START,
) -> RefusalReason:
    with pytest.raises(AccessRefused) as refused:
        access(house).authenticate_system(company, password, fingerprint, at=at)
    return refused.value.reason


def exhaust(house: House) -> datetime:
    """Wrong passwords, each as soon as it may come, until the last one locks."""
    at = START
    for _ in range(MAX_ATTEMPTS):
        assert refusal(house, at=at) is RefusalReason.PASSWORD_WRONG
        at += delay_after(house.store.load(BOLT).attempts.count)
    return at


def test_certificate_and_password_of_the_company_open_the_door(house: House) -> None:
    access(house).authenticate_system(BOLT, PASSWORD, FINGERPRINT, at=START)
    assert house.store.load(BOLT).attempts == Attempts()


def test_a_right_password_forgets_the_wrong_ones_before_it(house: House) -> None:
    refusal(house)
    access(house).authenticate_system(BOLT, PASSWORD, FINGERPRINT, at=START)
    assert house.store.load(BOLT).attempts == Attempts()


@pytest.mark.parametrize("company", [AURORA, BOLT])
def test_without_a_certificate_of_the_company_nothing_is_counted(house: House, company: Cnpj) -> None:
    reason = refusal(house, PASSWORD, company=company, fingerprint=Fingerprint("0" * 64))
    assert reason is RefusalReason.CERTIFICATE_NOT_OF_COMPANY
    assert house.store.load(company).attempts == Attempts()


def test_an_ended_certificate_opens_nothing(house: House) -> None:
    ends = registered(CONTENT).ends
    access(house).authenticate_system(BOLT, PASSWORD, FINGERPRINT, at=ends)
    assert refusal(house, PASSWORD, at=ends + SECOND) is RefusalReason.CERTIFICATE_NOT_OF_COMPANY


def test_a_revoked_certificate_opens_nothing(house: House) -> None:
    before = house.store.load(BOLT)
    revoked = replace(before.certificates[0], standing=RevocationStanding.REVOGADO)
    house.store.apply(AdhesionWrite(before=before, at=START, restated=(revoked,)))
    assert refusal(house, PASSWORD) is RefusalReason.CERTIFICATE_NOT_OF_COMPANY


def test_every_refusal_reads_the_same(house: House) -> None:
    details = {str(AccessRefused(reason)) for reason in RefusalReason}
    assert len(details) == 1


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0), (3, 0), (4, 1), (5, 2), (6, 4), (9, 32), (10, 60), (50, 60)]
)
def test_the_delay_grows_up_to_a_minute(attempts: int, seconds: int) -> None:
    assert delay_after(attempts) == timedelta(seconds=seconds)


def test_an_early_attempt_is_refused_unjudged_even_with_the_right_password(house: House) -> None:
    for _ in range(4):
        refusal(house)
    assert refusal(house, PASSWORD) is RefusalReason.DELAYED
    access(house).authenticate_system(BOLT, PASSWORD, FINGERPRINT, at=START + SECOND)


def test_the_last_attempt_locks_tells_and_is_written_down(house: House) -> None:
    at = exhaust(house)
    assert house.store.load(BOLT).attempts.locked_at is not None
    assert house.bus.events == [Event(EventName.ACCESS_LOCKED, {"cnpj": BOLT})]
    assert [entry.act for entry in house.store.entries[BOLT]] == [Act.ACCESS_LOCKED]
    assert refusal(house, PASSWORD, at=at + timedelta(days=30)) is RefusalReason.LOCKED


def test_a_lock_that_the_bus_did_not_take_is_told_again_at_the_next_attempt(house: House) -> None:
    house.bus.fails = True
    at = exhaust(house)
    house.bus.fails = False
    assert refusal(house, PASSWORD, at=at) is RefusalReason.LOCKED
    assert house.bus.events == [Event(EventName.ACCESS_LOCKED, {"cnpj": BOLT})]


def test_one_attempt_less_does_not_lock(house: House) -> None:
    at = START
    for _ in range(MAX_ATTEMPTS - 1):
        refusal(house, at=at)
        at += delay_after(house.store.load(BOLT).attempts.count)
    assert house.store.load(BOLT).attempts.locked_at is None
    access(house).authenticate_system(BOLT, PASSWORD, FINGERPRINT, at=at)


def test_a_new_password_ends_the_lock(house: House) -> None:
    at = exhaust(house)
    enrol(house, "Outra1chave")
    access(house).authenticate_system(BOLT, "Outra1chave", FINGERPRINT, at=at)


def test_an_attempt_whose_process_died_still_leads_to_the_lock(house: House) -> None:
    now = house.store.load(BOLT)
    house.store.companies[BOLT] = replace(now, attempts=Attempts(MAX_ATTEMPTS, START))
    assert refusal(house, PASSWORD) is RefusalReason.LOCKED
    assert house.store.load(BOLT).attempts.locked_at == START


def test_thirty_wrong_passwords_at_once_lock_and_open_nothing(house: House) -> None:
    with ThreadPoolExecutor(30) as pool:
        reasons = list(pool.map(lambda _: refusal(house), range(30)))
    assert set(reasons) <= {RefusalReason.PASSWORD_WRONG, RefusalReason.DELAYED, RefusalReason.LOCKED}
    assert reasons.count(RefusalReason.PASSWORD_WRONG) >= 4
    assert refusal(house, PASSWORD) in {RefusalReason.DELAYED, RefusalReason.LOCKED}


def test_thirty_right_passwords_at_once_all_open(house: House) -> None:
    refusal(house)
    with ThreadPoolExecutor(30) as pool:
        list(
            pool.map(
                lambda _: access(house).authenticate_system(BOLT, PASSWORD, FINGERPRINT, at=START), range(30)
            )
        )
    assert house.store.load(BOLT).attempts == Attempts()
