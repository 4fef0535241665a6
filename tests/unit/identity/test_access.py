from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from aval.identifiers import Cpf
from aval.identity.access import MOST_AN_HOUR, AccessDesk, Login, LoginState, Sent
from aval.registry.model import Email, Person

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANA = Person(cpf=Cpf("52998224725"), name="Ana", email=Email.parse("ana@demo.aval.example"))
BRUNO = Cpf("11144477735")
LOGIN = "11111111-2222-3333-4444-555555555555"


@dataclass
class OnePersonRegistry:
    person: Person

    def person_by_email(self, address: str) -> Person | None:
        return self.person if address == self.person.email else None


@dataclass
class FakeLogins:
    state: LoginState | None = None
    has_codes: bool = True
    mails: list[str] = field(default_factory=list)

    def login_of(self, _email: Email) -> Login | None:
        return Login(LOGIN, self.state) if self.state else None

    def invite(self, _email: Email) -> None:
        self.mails.append("invitation")
        self.state = LoginState.INVITED

    def invite_again(self, _email: Email) -> None:
        self.mails.append("invitation again")

    def send_code(self, _email: Email) -> bool:
        if self.has_codes:
            self.mails.append("code")
        return self.has_codes


@dataclass
class FakeBindings:
    bound: dict[str, Cpf] = field(default_factory=dict)

    def person_of(self, login: str) -> Cpf | None:
        return self.bound.get(login)

    def login_of(self, person: Cpf) -> str | None:
        return next((login for login, one in self.bound.items() if one == person), None)


@dataclass
class CountedByHour:
    mails: Counter[tuple[Cpf, int]] = field(default_factory=Counter)

    def count(self, person: Cpf, *, at: datetime, most: int) -> bool:
        place = (person, at.hour)
        if self.mails[place] == most:
            return False
        self.mails[place] += 1
        return True


def desk(logins: FakeLogins, **bound: Cpf) -> AccessDesk:
    return AccessDesk(
        OnePersonRegistry(ANA),  # type: ignore[arg-type]
        logins,
        FakeBindings({login.replace("_", "-"): person for login, person in bound.items()}),
        CountedByHour(),
    )


def bound(person: Cpf, login: str = LOGIN) -> dict[str, Cpf]:
    return {login.replace("-", "_"): person}


def test_nobody_of_the_registry_is_sent_nothing() -> None:
    logins = FakeLogins()
    assert desk(logins).answer("stranger@demo.aval.example", at=NOW) is Sent.NOTHING_UNKNOWN
    assert logins.mails == []


@pytest.mark.parametrize(
    ("state", "sent", "mail"),
    [
        (None, Sent.INVITATION, "invitation"),
        (LoginState.INVITED, Sent.INVITATION_AGAIN, "invitation again"),
        (LoginState.IN_USE, Sent.CODE, "code"),
    ],
)
def test_each_is_sent_what_leads_in_from_where_the_login_stands(
    state: LoginState | None, sent: Sent, mail: str
) -> None:
    logins = FakeLogins(state)
    assert desk(logins).answer(ANA.email, at=NOW) is sent
    assert logins.mails == [mail]


def test_a_login_that_is_bound_to_its_person_is_sent_a_code() -> None:
    assert desk(FakeLogins(LoginState.IN_USE), **bound(ANA.cpf)).answer(ANA.email, at=NOW) is Sent.CODE


def test_a_closed_login_is_sent_nothing() -> None:
    logins = FakeLogins(LoginState.CLOSED)
    assert desk(logins).answer(ANA.email, at=NOW) is Sent.NOTHING_CLOSED
    assert logins.mails == []


def test_an_address_that_passed_to_another_person_does_not_open_the_old_login() -> None:
    logins = FakeLogins(LoginState.IN_USE)
    assert desk(logins, **bound(BRUNO)).answer(ANA.email, at=NOW) is Sent.NOTHING_OTHERS
    assert logins.mails == []


@pytest.mark.parametrize("state", [None, LoginState.IN_USE])
def test_a_person_who_has_another_login_is_not_given_a_second_one(state: LoginState | None) -> None:
    logins = FakeLogins(state)
    assert desk(logins, **bound(ANA.cpf, "older-login")).answer(ANA.email, at=NOW) is Sent.NOTHING_MOVED
    assert logins.mails == []


def test_a_mailbox_is_sent_three_mails_an_hour_and_again_in_the_next() -> None:
    logins = FakeLogins(LoginState.IN_USE)
    asked = desk(logins)
    told = [asked.answer(ANA.email, at=NOW) for _ in range(MOST_AN_HOUR + 1)]
    assert told == [Sent.CODE] * MOST_AN_HOUR + [Sent.NOTHING_TOO_MANY]
    assert asked.answer(ANA.email, at=NOW.replace(hour=13)) is Sent.CODE


def test_a_pool_that_sends_no_more_codes_is_no_failure() -> None:
    logins = FakeLogins(LoginState.IN_USE, has_codes=False)
    assert desk(logins).answer(ANA.email, at=NOW) is Sent.NOTHING_TOO_MANY
