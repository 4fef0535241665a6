from datetime import UTC, date, datetime

import pytest

from aval.identifiers import Cpf
from aval.registry.model import Email, EmailInvalid, Person, Validity

MARCH = Validity(date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("moment", "covers"),
    [
        (datetime(2026, 3, 1, 2, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 3, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 2, 59, 59, 999999, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 3, tzinfo=UTC), False),
    ],
)
def test_a_validity_lasts_from_the_first_to_the_last_day_in_sao_paulo(
    moment: datetime, *, covers: bool
) -> None:
    assert MARCH.covers(moment) == covers


def test_a_validity_without_an_end_lasts() -> None:
    assert Validity(date(2026, 3, 1)).covers(datetime(2999, 1, 1, tzinfo=UTC))


def test_a_validity_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Validity(date(2026, 3, 2), date(2026, 3, 1))


def test_a_kelvin_sign_does_not_make_an_address_another_persons() -> None:
    with pytest.raises(EmailInvalid):
        Email.parse("\N{KELVIN SIGN}atia@demo.aval.example")


def test_an_address_has_one_spelling() -> None:
    assert Email.parse("  Ana.Souza+ccee@Demo.AVAL.example\n") == "ana.souza+ccee@demo.aval.example"


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@demo.example", "ana@demo", "a b@demo.example", "a@b@c.d", "josé@demo.example"],
)
def test_refuses_what_no_mail_can_be_sent_to(text: str) -> None:
    with pytest.raises(EmailInvalid):
        Email.parse(text)


@pytest.mark.parametrize(("length", "is_lawful"), [(254, True), (255, False)])
def test_an_address_has_at_most_254_characters(length: int, *, is_lawful: bool) -> None:
    tail = ".example"
    text = "a@" + "b" * (length - 2 - len(tail)) + tail
    if is_lawful:
        assert Email.parse(text) == text
    else:
        with pytest.raises(EmailInvalid):
            Email.parse(text)


def test_a_person_shows_nothing_of_herself() -> None:
    ana = Person(Cpf("11122233396"), "Ana Souza", Email("ana@demo.example"))
    assert repr(ana) == "Person(cpf=Cpf(***))"
    assert repr(ana.email) == "Email(***)"
