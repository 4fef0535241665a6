from dataclasses import dataclass, field

from aval.identifiers import Cpf
from aval.identity.people import LoginAlreadyBound, PeopleByLogin
from aval.registry.model import Email, Person

ANA = Person(cpf=Cpf("52998224725"), name="Ana", email=Email.parse("ana@demo.aval.example"))


@dataclass
class FakeBindings:
    by_login: dict[str, Cpf] = field(default_factory=dict)

    def person_of(self, login: str) -> Cpf | None:
        return self.by_login.get(login)

    def bind(self, login: str, person: Cpf) -> None:
        if login in self.by_login or person in self.by_login.values():
            raise LoginAlreadyBound
        self.by_login[login] = person


@dataclass
class FakeDirectory:
    emails: dict[str, str]

    def verified_email(self, login: str) -> str | None:
        return self.emails.get(login)


@dataclass
class OnePersonRegistry:
    person: Person

    def person_by_email(self, email: str) -> Person | None:
        return self.person if email == self.person.email else None


def people(bindings: FakeBindings, **emails: str) -> PeopleByLogin:
    return PeopleByLogin(bindings, FakeDirectory(emails), OnePersonRegistry(ANA))  # type: ignore[arg-type]


def test_a_login_is_bound_by_its_verified_email_on_its_first_call() -> None:
    bindings = FakeBindings()
    assert people(bindings, login=ANA.email).person_of("login") == ANA.cpf
    assert bindings.by_login == {"login": ANA.cpf}


def test_a_bound_login_stays_bound_when_its_email_changes() -> None:
    bindings = FakeBindings({"login": ANA.cpf})
    assert people(bindings, login="other@demo.aval.example").person_of("login") == ANA.cpf


def test_a_login_without_a_verified_email_is_nobody() -> None:
    assert people(FakeBindings()).person_of("login") is None


def test_a_login_that_the_registry_does_not_know_is_nobody() -> None:
    bindings = FakeBindings()
    assert people(bindings, login="stranger@demo.aval.example").person_of("login") is None
    assert bindings.by_login == {}


def test_a_second_login_with_the_same_email_does_not_become_the_same_person() -> None:
    bindings = FakeBindings({"first": ANA.cpf})
    assert people(bindings, second=ANA.email).person_of("second") is None
