"""The door takes a reader list that holds, in its order, and says why another does not."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from aval.certificates.certificate import Certificate
from aval.certificates.revocation import RevocationList, RevocationStanding
from aval.certificates.truststore import Truststore
from aval.identifiers import Cnpj
from aval.prudential.reader_lists import KeptList, ReaderAuthorisations, Standing
from aval.sealing.authorisation import MOST_ADDITIONS
from aval.sealing.readers import Readers
from aval.sealing.refusals import SealReason
from tests.support import pki
from tests.support.authorisations import AT, COMPANY, addition, authorisation, chain
from tests.support.sealing import reader, readers, refused

BY = "person:sub"


@dataclass
class ListsInMemory:
    kept: list[KeptList] = field(default_factory=list)

    def latest(self, company: Cnpj) -> tuple[KeptList, ...]:
        assert company == COMPANY
        firsts = [place for place, one in enumerate(self.kept) if one.by_certificate]
        return tuple(self.kept[firsts[-1] :] if firsts else self.kept)

    def add(self, company: Cnpj, kept: KeptList) -> None:
        assert company == COMPANY
        self.kept.append(kept)


@dataclass
class Revocations:
    told: RevocationStanding = RevocationStanding.REVOGACAO_DESCONHECIDA

    def standing(self, certificate: Certificate, at: object) -> RevocationStanding:
        assert certificate.holder_cnpj == COMPANY
        assert at == AT
        return self.told

    def store(self, verified: RevocationList) -> bool:
        raise NotImplementedError


class TestTruststore:
    __test__ = False

    def current(self) -> Truststore:
        return pki.truststore()


def door(told: RevocationStanding = RevocationStanding.NAO_REVOGADO) -> ReaderAuthorisations:
    return ReaderAuthorisations(ListsInMemory(), TestTruststore(), Revocations(told))


def take(at: ReaderAuthorisations, signed: str) -> Standing:
    return at.take(signed, COMPANY, by=BY, at=AT)


def test_a_company_without_lists_stands_for_none() -> None:
    assert door().standing(COMPANY, at=AT) == Standing(COMPANY, None, ())


def test_a_certificates_list_and_a_readers_after_it_are_kept_in_their_order() -> None:
    lists, first = door(), authorisation()
    second = addition(readers("ana", "caio"), readers())
    assert take(lists, first).readers == readers()
    assert take(lists, second) == lists.standing(COMPANY, at=AT)
    assert lists.standing(COMPANY, at=AT) == Standing(
        COMPANY,
        readers("ana", "caio"),
        (KeptList(1, first, True, AT, BY), KeptList(2, second, False, AT, BY)),
    )


def test_a_certificate_starts_anew_with_the_next_number() -> None:
    lists = door()
    take(lists, authorisation())
    renewed = authorisation(readers("dora"))
    assert take(lists, renewed) == Standing(COMPANY, readers("dora"), (KeptList(2, renewed, True, AT, BY),))


def test_a_former_list_brought_again_is_refused() -> None:
    lists, former = door(), authorisation(at=AT - timedelta(seconds=1))
    take(lists, former)
    take(lists, authorisation(readers("dora")))
    with refused(SealReason.AUTHORISATION):
        take(lists, former)
    assert lists.standing(COMPANY, at=AT).readers == readers("dora")


def test_the_same_list_again_changes_nothing() -> None:
    lists, signed = door(), authorisation()
    assert take(lists, signed) == take(lists, signed)
    assert len(lists.standing(COMPANY, at=AT).kept) == 1


def test_what_does_not_hold_is_refused_and_not_kept() -> None:
    lists = door()
    with refused(SealReason.AUTHORISATION):
        take(lists, addition(readers("dora"), readers()))
    with refused(SealReason.AUTHORISATION):
        take(lists, authorisation(certificates=chain(cnpj=pki.OLD_COMPANY)))
    assert lists.standing(COMPANY, at=AT).kept == ()


@pytest.mark.parametrize(
    "told", [RevocationStanding.NAO_REVOGADO, RevocationStanding.REVOGACAO_DESCONHECIDA], ids=str
)
def test_a_certificate_that_no_list_revokes_signs(told: RevocationStanding) -> None:
    assert take(door(told), authorisation()).readers == readers()


def test_a_revoked_certificate_signs_no_list() -> None:
    with refused(SealReason.AUTHORISATION):
        take(door(RevocationStanding.REVOGADO), authorisation())


def test_after_so_many_lists_by_readers_the_next_is_the_certificates() -> None:
    lists, before = door(), readers("ana", "leitor-0")
    take(lists, authorisation(before))
    for number in range(1, MOST_ADDITIONS + 1):
        after = Readers((reader("ana").public, reader(f"leitor-{number % 3}").public))
        assert take(lists, addition(after, before)).readers == after
        before = after
    with refused(SealReason.AUTHORISATION):
        take(lists, addition(readers("ana"), before))
    assert take(lists, authorisation(readers("ana"))).readers == readers("ana")


def test_an_authorisation_ends_with_its_certificate() -> None:
    lists = door()
    take(lists, authorisation())
    assert lists.standing(COMPANY, at=AT + timedelta(days=365)).readers is None
