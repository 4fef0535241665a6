import pytest

from aval.adhesion.refusals import CompanyUnknown
from aval.adhesion.store import AdhesionWrite
from aval.adhesion.verification import Verification, Verifier
from aval.certificates.rules import Rule
from aval.identifiers import Cpf, Fingerprint
from tests.support.adhesion import ANA, BOLT, BRUNO, CARLA, START, House, der, offered, registered

EVERY_RULE = set(Rule)


@pytest.fixture
def house() -> House:
    return House()


def verify(
    house: House, content: bytes, *, person: Cpf = ANA, deletions: frozenset[Fingerprint] = frozenset()
) -> Verification:
    verifier = Verifier(house.permissions, house.store, house.examiner)
    return verifier.verify(person, BOLT, offered(content), deletions=deletions, at=START)


def refused(found: Verification) -> list[str]:
    return [verdict.rule for verdict in found.verdicts if not verdict.ok]


@pytest.mark.parametrize("person", [ANA, BRUNO])
def test_a_lawful_file_meets_every_rule_and_registers_nothing(house: House, person: Cpf) -> None:
    found = verify(house, der("A"), person=person)
    assert found.accepted
    assert {verdict.rule for verdict in found.verdicts} == EVERY_RULE
    assert house.store.load(BOLT).version == 0


def test_a_stranger_learns_nothing(house: House) -> None:
    with pytest.raises(CompanyUnknown):
        verify(house, der("A"), person=CARLA)


def test_the_rules_of_the_place_are_told_as_they_stand(house: House) -> None:
    added = (registered(der("A")), registered(der("B")))
    house.store.apply(
        AdhesionWrite(before=house.store.load(BOLT), at=START, password_hash="hash", added=added)
    )
    assert refused(verify(house, added[0].facts.der)) == ["duplicado", "quantidade"]
    assert refused(verify(house, der("A"))) == ["requerente", "quantidade"]
    assert refused(verify(house, der("A"), deletions=frozenset({added[0].fingerprint}))) == []


def test_what_is_no_certificate_leaves_the_later_rules_out(house: House) -> None:
    found = verify(house, b"")
    assert not found.accepted
    assert refused(found) == ["formato"]
    assert [verdict.rule for verdict in found.verdicts] == ["tamanho", "formato"]
