from collections.abc import Callable
from datetime import timedelta

import pytest

from aval.adhesion.company import CertificateStatus, CompanyStatus
from aval.adhesion.reading import PAGE_SIZE, AdhesionReader, CompaniesAsked
from aval.adhesion.refusals import CertificateUnknown, CompanyUnknown
from aval.adhesion.store import AdhesionWrite
from aval.identifiers import Cnpj, Fingerprint
from aval.registry.model import Role
from tests.support.adhesion import (
    ANA,
    AURORA,
    BOLT,
    BRUNO,
    CARLA,
    START,
    House,
    der,
    participant,
    registered,
)

SECOND = timedelta(seconds=1)
SHORT = timedelta(days=41)


@pytest.fixture
def house() -> House:
    house = House()
    write = AdhesionWrite(
        before=house.store.load(BOLT),
        at=START,
        password_hash="hash",
        added=(registered(der(lifetime=SHORT)),),
    )
    house.store.apply(write)
    return house


def reader(house: House) -> AdhesionReader:
    return AdhesionReader(house.permissions, house.store)


def found(house: House, search: str) -> list[Cnpj]:
    page = reader(house).list_companies(ANA, CompaniesAsked(search), at=START)
    return [one.participant.cnpj for one in page.companies]


@pytest.mark.parametrize(
    ("search", "companies"),
    [
        ("", [AURORA, BOLT]),
        ("operacoes ltda", [BOLT]),
        ("  OPERAÇÕES ", [BOLT]),
        ("geração", [AURORA]),
        ("aurora", [AURORA]),
        ("33.047.509/0001", [BOLT]),
        ("33047509", [BOLT]),
        ("12abc345", [AURORA]),
        ("nada", []),
    ],
)
def test_finds_by_name_sigla_or_cnpj_whatever_the_case_and_accents(
    house: House, search: str, companies: list[Cnpj]
) -> None:
    assert found(house, search) == companies


def test_a_stranger_and_a_login_without_person_see_no_company(house: House) -> None:
    for person in (CARLA, None):
        page = reader(house).list_companies(person, CompaniesAsked(), at=START)
        assert (page.total, page.companies) == (0, ())


def test_pages_add_up_to_the_whole(house: House) -> None:
    for number in range(PAGE_SIZE + 3):
        twelve = f"{number:08d}0001"
        cnpj = Cnpj.parse(twelve + Cnpj.check_digits(twelve)) if number else BOLT
        house.registry.participants[cnpj] = participant(cnpj, f"S{number:03d}", "EMPRESA")
        house.registry.roles[ANA, cnpj] = frozenset({Role.REPRESENTANTE_LEGAL})
    pages = [reader(house).list_companies(ANA, CompaniesAsked(page=page), at=START) for page in (1, 2, 3)]
    shown = [one.participant.cnpj for page in pages for one in page.companies]
    assert [len(page.companies) for page in pages] == [PAGE_SIZE, 4, 0]
    assert {page.total for page in pages} == {len(set(shown))} == {PAGE_SIZE + 4}


def test_companies_are_found_by_how_their_access_stands_at_the_moment(house: House) -> None:
    def standing(status: CompanyStatus, later: timedelta = timedelta(0)) -> list[Cnpj]:
        page = reader(house).list_companies(ANA, CompaniesAsked(status=status), at=START + later)
        assert page.total == len(page.companies)
        return [one.participant.cnpj for one in page.companies]

    assert standing(CompanyStatus.SEM_CERTIFICADO) == [AURORA]
    assert standing(CompanyStatus.VIGENTE) == [BOLT]
    assert standing(CompanyStatus.VENCIDO) == []
    assert standing(CompanyStatus.VENCIDO, 2 * SHORT) == [BOLT]


def test_pages_of_a_status_add_up_to_those_that_have_it(house: House) -> None:
    for number in range(1, PAGE_SIZE + 3):
        twelve = f"{number:08d}0001"
        cnpj = Cnpj.parse(twelve + Cnpj.check_digits(twelve))
        house.registry.participants[cnpj] = participant(cnpj, f"S{number:03d}", "EMPRESA")
        house.registry.roles[ANA, cnpj] = frozenset({Role.REPRESENTANTE_LEGAL})
    asked = [CompaniesAsked(status=CompanyStatus.SEM_CERTIFICADO, page=page) for page in (1, 2, 3)]
    pages = [reader(house).list_companies(ANA, one, at=START) for one in asked]
    assert [len(page.companies) for page in pages] == [PAGE_SIZE, 3, 0]
    assert {page.total for page in pages} == {PAGE_SIZE + 3}
    assert BOLT not in [one.participant.cnpj for page in pages for one in page.companies]


def test_every_representative_reads_company_certificate_and_history(house: House) -> None:
    for person in (ANA, BRUNO):
        (held,) = reader(house).read(person, BOLT, at=START).adhesion.certificates
        assert reader(house).certificate(person, BOLT, held.fingerprint, at=START) == held
        assert reader(house).history(person, BOLT, cursor=None, at=START).entries == ()


@pytest.mark.parametrize(
    "read",
    [
        lambda reader: reader.read(CARLA, BOLT, at=START),
        lambda reader: reader.read(None, BOLT, at=START),
        lambda reader: reader.certificate(CARLA, BOLT, Fingerprint("0" * 64), at=START),
        lambda reader: reader.history(CARLA, BOLT, cursor=None, at=START),
    ],
)
def test_a_stranger_hears_that_there_is_no_company(
    house: House, read: Callable[[AdhesionReader], object]
) -> None:
    with pytest.raises(CompanyUnknown):
        read(reader(house))


def test_an_unknown_certificate_is_told_to_those_who_may_read(house: House) -> None:
    with pytest.raises(CertificateUnknown):
        reader(house).certificate(ANA, BOLT, Fingerprint("0" * 64), at=START)


@pytest.mark.parametrize(
    ("left", "certificate", "company"),
    [
        (timedelta(days=30) + SECOND, CertificateStatus.VIGENTE, CompanyStatus.VIGENTE),
        (timedelta(days=30), CertificateStatus.A_VENCER, CompanyStatus.A_VENCER),
        (timedelta(0), CertificateStatus.A_VENCER, CompanyStatus.A_VENCER),
        (-SECOND, CertificateStatus.VENCIDO, CompanyStatus.VENCIDO),
    ],
)
def test_status_follows_from_the_moment(
    house: House, left: timedelta, certificate: CertificateStatus, company: CompanyStatus
) -> None:
    adhesion = house.store.load(BOLT)
    at = adhesion.certificates[0].ends - left
    assert adhesion.certificates[0].status(at) is certificate
    assert adhesion.status(at) is company


def test_the_best_certificate_makes_the_companys_status(house: House) -> None:
    before = house.store.load(BOLT)
    house.store.apply(AdhesionWrite(before=before, at=START, added=(registered(der("B")),)))
    at = before.certificates[0].ends + SECOND
    assert house.store.load(BOLT).status(at) is CompanyStatus.VIGENTE
