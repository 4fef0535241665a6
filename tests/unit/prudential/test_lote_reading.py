from dataclasses import dataclass, field

import pytest

from aval.identifiers import Cpf
from aval.prudential.coverage import Coverage
from aval.prudential.lote_reading import LoteReading
from aval.prudential.lote_senders import LoteSenders
from aval.prudential.refusals import CompanyForbidden, LoteUnknown, NothingToRead
from aval.registry.model import Email, Person
from tests.support.confidential import EVENT, NOW
from tests.support.lote_memory import LoteFilesInMemory, LotesInMemory
from tests.support.lotes import LOTE, OUTCOME, lote
from tests.support.monitored import AURORA, BOLT, FABIO, MOINHO, MonitoredRegistry, person, system
from tests.support.weeks import OTHER_EVENT


@pytest.fixture
def lotes() -> LotesInMemory:
    return LotesInMemory({LOTE: lote()})


@pytest.fixture
def reading(lotes: LotesInMemory) -> LoteReading:
    files = LoteFilesInMemory(answers={("t1", 0): b"first", ("t1", 1): b"second"})
    return LoteReading(Coverage(MonitoredRegistry()), lotes, files)


def test_a_lote_is_told_to_whoever_answers_for_its_sender(reading: LoteReading) -> None:
    for caller in (person(), system(BOLT)):
        assert reading.lote(caller, EVENT, LOTE, at=NOW) == lote()
        assert reading.history(caller, EVENT, BOLT, at=NOW) == [lote()]


@pytest.mark.parametrize("stranger", [AURORA, MOINHO])
def test_not_even_an_agent_that_the_sender_covers_is_told_of_it(reading: LoteReading, stranger: str) -> None:
    caller = system(type(BOLT)(stranger))
    with pytest.raises(LoteUnknown):
        reading.lote(caller, EVENT, LOTE, at=NOW)
    with pytest.raises(CompanyForbidden):
        reading.history(caller, EVENT, BOLT, at=NOW)


def test_a_lote_is_found_in_its_own_week_alone(reading: LoteReading) -> None:
    with pytest.raises(LoteUnknown):
        reading.lote(system(BOLT), OTHER_EVENT, LOTE, at=NOW)


def test_answers_are_told_by_number_once_the_enclave_has_decided(
    reading: LoteReading, lotes: LotesInMemory
) -> None:
    with pytest.raises(NothingToRead):
        reading.answer(lotes.load(LOTE), 0)
    lotes.commit(LOTE, OUTCOME)
    decided = lotes.load(LOTE)
    assert [reading.answer(decided, number) for number in (0, 1)] == [b"first", b"second"]
    with pytest.raises(NothingToRead):
        reading.answer(decided, OUTCOME.answers)


@dataclass
class Logins:
    bound: dict[str, Cpf] = field(default_factory=lambda: {"sub": FABIO, "gone": Cpf("11122233396")})

    def person_of(self, login: str) -> Cpf | None:
        return self.bound.get(login)


@pytest.mark.parametrize(
    ("announced_by", "name"),
    [
        ("person:sub", "Fabio"),
        ("person:gone", "pessoa"),
        ("person:unbound", "pessoa"),
        ("system:33047509000149", "sistema da empresa"),
        # A system is named by its CNPJ, which is nobody's login.
        ("system:sub", "sistema da empresa"),
    ],
)
def test_whoever_announced_a_lote_is_named(announced_by: str, name: str) -> None:
    assert LoteSenders(Logins(), MonitoredRegistry()).name(announced_by) == name


def test_a_persons_lote_is_told_to_that_person_and_a_systems_to_who_answers_for_it() -> None:
    registry = MonitoredRegistry()
    ana = Person(Cpf("11122233396"), "Ana", Email.parse("ana@demo.aval.example"))
    registry.people.append(ana)
    senders = LoteSenders(Logins(), registry)
    assert senders.told(lote(created_by="person:gone"), at=NOW) == (ana,)
    assert [one.cpf for one in senders.told(lote(), at=NOW)] == [FABIO]
    assert senders.told(lote(sender=MOINHO), at=NOW) == ()
