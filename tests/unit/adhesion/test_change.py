from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aval.adhesion.change import Changed
from aval.adhesion.company import CertificateStatus, CompanyStatus, Situation
from aval.adhesion.history import Act
from aval.adhesion.password import Password
from aval.adhesion.refusals import (
    ChangeContended,
    ChangeForbidden,
    ChangeRefused,
    CompanyUnknown,
    IdempotencyKeyReused,
    VersionMismatch,
)
from aval.adhesion.request import ChangeRequest
from aval.adhesion.store import AdhesionWrite, WriteLost
from aval.certificates.revocation import RevocationStanding
from aval.events import EventName
from aval.identifiers import Cnpj, Cpf, Fingerprint
from tests.support.adhesion import (
    ANA,
    AURORA,
    BOLT,
    BRUNO,
    CARLA,
    PASSWORD,
    START,
    House,
    MemoryAdhesions,
    der,
    offered,
    registered,
)


def request(
    *contents: bytes,
    company: Cnpj = BOLT,
    password: str | None = PASSWORD,
    deletions: Sequence[Fingerprint] = (),
    versions: frozenset[int] | None = None,
    key: str | None = None,
) -> ChangeRequest:
    return ChangeRequest(
        company=company,
        password=Password.of(password) if password else None,
        additions=tuple(offered(content, f"{index}.cer") for index, content in enumerate(contents)),
        deletions=frozenset(deletions),
        expected_versions=versions,
        request_id=key,
    )


def change(house: House, asked: ChangeRequest, *, person: Cpf = ANA, at: datetime = START) -> Changed:
    return house.changes.change(asked, person=person, at=at)


def rules(house: House, asked: ChangeRequest, *, at: datetime = START) -> list[tuple[str, str]]:
    """What a refused change is told; the company stays as it was."""
    before = house.store.load(asked.company)
    with pytest.raises(ChangeRefused) as refusal:
        change(house, asked, at=at)
    assert house.store.load(asked.company) == before
    return [(fault.rule, fault.pointer) for fault in refusal.value.faults]


def fingerprint(content: bytes) -> Fingerprint:
    return registered(content).fingerprint


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def enrolled(house: House) -> House:
    change(house, request(der("A")))
    return house


def test_a_first_enrolment_leaves_a_user_with_its_certificate(house: House) -> None:
    content = der("A")
    changed = change(house, request(content))
    (certificate,) = changed.access.adhesion.certificates
    assert changed.access.adhesion.situation is Situation.ADERIDO
    assert changed.access.adhesion.status(START) is CompanyStatus.VIGENTE
    assert certificate.facts.der == content
    assert (certificate.modified_by, certificate.last_modified) == ("Ana", START)
    assert house.store.load(BOLT) == changed.access.adhesion


def test_a_first_enrolment_takes_two_certificates_at_once(house: House) -> None:
    assert len(change(house, request(der("A"), der("B"))).access.adhesion.certificates) == 2


def test_a_first_enrolment_without_password_or_certificate_is_told_both(house: House) -> None:
    assert rules(house, request(password=None)) == [("senha", "#/senha"), ("adesao", "#/adicionar")]


def test_an_empty_change_is_refused(enrolled: House) -> None:
    assert rules(enrolled, request(password=None)) == [("adesao", "#")]


def test_a_password_alone_is_a_change(enrolled: House) -> None:
    before = enrolled.store.load(BOLT).password_hash
    after = change(enrolled, request(password="Outra1chave")).access.adhesion
    assert after.password_hash not in (None, before)
    assert after.version == 2


def test_a_certificate_alone_keeps_the_password(enrolled: House) -> None:
    before = enrolled.store.load(BOLT).password_hash
    assert change(enrolled, request(der("B"), password=None)).access.adhesion.password_hash == before


def test_a_third_certificate_is_refused(enrolled: House) -> None:
    change(enrolled, request(der("B"), password=None))
    assert rules(enrolled, request(der("C"), password=None)) == [("quantidade", "#/adicionar")]


def test_a_third_certificate_finds_a_place_when_one_is_deleted_with_it(enrolled: House) -> None:
    (first,) = enrolled.store.load(BOLT).certificates
    change(enrolled, request(der("B"), password=None))
    after = change(enrolled, request(der("C"), password=None, deletions=[first.fingerprint]))
    assert len(after.access.adhesion.certificates) == 2


def test_an_expired_certificate_still_holds_its_place_and_the_sentence_says_so(house: House) -> None:
    short = der("A", lifetime=timedelta(days=2))
    change(house, request(short, der("B")))
    with pytest.raises(ChangeRefused) as refusal:
        change(house, request(der("C"), password=None), at=START + timedelta(days=3))
    (fault,) = refusal.value.faults
    assert fault.rule == "quantidade"
    assert "já venceu e ainda ocupa lugar: 0.cer" in fault.detail


def test_eleven_files_are_refused_by_their_number_alone(house: House) -> None:
    assert rules(house, request(*[b"rubbish"] * 11)) == [("quantidade", "#/adicionar")]


def test_every_fault_of_every_file_is_told(house: House) -> None:
    asked = request(b"rubbish", der("A", AURORA), password="12345678")
    assert rules(house, asked) == [
        ("senha", "#/senha"),
        ("formato", "#/adicionar/0"),
        ("cnpj", "#/adicionar/1"),
    ]


def test_the_same_certificate_is_not_registered_twice(enrolled: House) -> None:
    (first,) = enrolled.store.load(BOLT).certificates
    assert rules(enrolled, request(first.facts.der, password=None)) == [("duplicado", "#/adicionar/0")]


def test_the_same_file_twice_in_a_request_is_a_duplicate(house: House) -> None:
    content = der("A")
    assert rules(house, request(content, content)) == [("duplicado", "#/adicionar/1")]


def test_deleting_and_adding_the_same_certificate_is_refused(enrolled: House) -> None:
    (first,) = enrolled.store.load(BOLT).certificates
    asked = request(first.facts.der, password=None, deletions=[first.fingerprint])
    assert rules(enrolled, asked) == [("duplicado", "#/adicionar/0")]


def test_a_renewal_beside_the_old_one_is_told_to_replace_it_in_the_same_request(enrolled: House) -> None:
    with pytest.raises(ChangeRefused, match="corrija") as refusal:
        change(enrolled, request(der("A"), password=None))
    (fault,) = refusal.value.faults
    assert fault.rule == "requerente"
    assert "exclua o antigo e adicione o novo na mesma solicitação" in fault.detail


def test_a_renewal_replaces_the_old_one_in_the_same_request(enrolled: House) -> None:
    (old,) = enrolled.store.load(BOLT).certificates
    renewed = der("A")
    after = change(enrolled, request(renewed, password=None, deletions=[old.fingerprint]))
    assert [one.facts.der for one in after.access.adhesion.certificates] == [renewed]


def test_two_files_of_one_subject_are_refused(house: House) -> None:
    assert rules(house, request(der("A"), der("A"))) == [("requerente", "#/adicionar/1")]


def test_another_companys_subject_is_refused_until_it_is_free(house: House) -> None:
    # A certificate that names no CNPJ may come from either company: the subject alone tells them apart.
    same = der("A", BOLT)
    house.store.apply(_holding(AURORA, same))
    assert rules(house, request(der("A", BOLT))) == [("requerente", "#/adicionar/0")]
    (held,) = house.store.load(AURORA).certificates
    change(house, request(company=AURORA, password=None, deletions=[held.fingerprint]))
    assert change(house, request(der("A", BOLT))).access.adhesion.certificates


def test_a_revoked_certificate_is_refused(house: House) -> None:
    content = der("A")
    house.revocations.revoked.add(fingerprint(content))
    assert rules(house, request(content)) == [("revogacao", "#/adicionar/0")]


def test_an_unknown_revocation_is_accepted_and_recorded(house: House) -> None:
    content = der("A")
    house.revocations.unknown.add(fingerprint(content))
    (certificate,) = change(house, request(content)).access.adhesion.certificates
    assert certificate.standing is RevocationStanding.REVOGACAO_DESCONHECIDA


def test_an_unknown_fingerprint_cannot_be_deleted(enrolled: House) -> None:
    assert rules(enrolled, request(deletions=[Fingerprint("0" * 64)])) == [("excluir", "#/excluir")]


def test_deleting_every_certificate_keeps_the_adhesion(enrolled: House) -> None:
    (first,) = enrolled.store.load(BOLT).certificates
    after = change(enrolled, request(password=None, deletions=[first.fingerprint])).access.adhesion
    assert after.status(START) is CompanyStatus.SEM_CERTIFICADO
    assert after.situation is Situation.ADERIDO


def test_a_legal_representative_may_not_change(house: House) -> None:
    with pytest.raises(ChangeForbidden):
        change(house, request(der("A")), person=BRUNO)


@pytest.mark.parametrize("company", [BOLT, Cnpj("11222333000181")])
def test_a_stranger_hears_the_same_of_any_company(house: House, company: Cnpj) -> None:
    with pytest.raises(CompanyUnknown, match="nenhuma empresa com este CNPJ"):
        change(house, request(der("A"), company=company), person=CARLA)


def test_a_change_on_the_version_read_is_applied_and_on_an_older_one_refused(enrolled: House) -> None:
    assert change(enrolled, request(der("B"), versions=frozenset({1}))).access.adhesion.version == 2
    with pytest.raises(VersionMismatch):
        change(enrolled, request(password="Outra1chave", versions=frozenset({1})))


def test_a_repeated_request_answers_the_same_and_changes_nothing(house: House) -> None:
    asked = request(der("A"), versions=frozenset({0}), key="k")
    first = change(house, asked)
    (held,) = first.access.adhesion.certificates
    change(house, request(password=None, deletions=[held.fingerprint]))
    again = change(house, asked, at=START + timedelta(hours=1))
    assert again.access.adhesion.certificates == first.access.adhesion.certificates
    assert again.access.adhesion.version == 1
    assert again.at == first.at
    assert house.store.load(BOLT).version == 2


def test_a_key_with_another_password_or_another_file_is_refused(house: House) -> None:
    content = der("A")
    change(house, request(content, key="k"))
    for other in (request(content, key="k", password="Outra1x9"), request(der("B"), key="k")):
        with pytest.raises(IdempotencyKeyReused):
            change(house, other)


def test_history_tells_who_what_and_from_which_state_to_which(enrolled: House) -> None:
    (first,) = enrolled.store.load(BOLT).certificates
    change(enrolled, request(password=None, deletions=[first.fingerprint]))
    told = [(one.act, one.author, one.before, one.after) for one in enrolled.store.entries[BOLT]]
    assert told == [
        (Act.PASSWORD_SET, "Ana", Situation.NAO_ADERIDO, Situation.ADERIDO),
        (Act.CERTIFICATE_ADDED, "Ana", "", CertificateStatus.VIGENTE),
        (Act.CERTIFICATE_DELETED, "Ana", CertificateStatus.VIGENTE, CertificateStatus.EXCLUIDO),
    ]


def test_events_follow_the_change(house: House) -> None:
    content = der("A")
    change(house, request(content))
    assert [(event.name, dict(event.detail)) for event in house.bus.events] == [
        (EventName.ADHESION_CHANGED, {"cnpj": BOLT, "versao": 1}),
        (EventName.CERTIFICATE_ADDED, {"cnpj": BOLT, "impressaoDigital": fingerprint(content)}),
    ]


def test_a_change_stands_although_the_bus_took_no_event(house: House) -> None:
    house.bus.fails = True
    changed = change(house, request(der("A")))
    assert (changed.announced, changed.access.adhesion.version) == (False, 1)
    assert house.store.load(BOLT) == changed.access.adhesion


def test_a_lost_write_is_judged_again(house: House) -> None:
    house.store = _Interrupted(lose=2)
    assert change(house, request(der("A"))).access.adhesion.version == 1
    assert house.pauses == [0, 1]


def test_a_change_that_never_wins_says_so(house: House) -> None:
    house.store = _Interrupted(lose=1000)
    with pytest.raises(ChangeContended):
        change(house, request(der("A")))


def test_many_enrolments_at_once_leave_two_certificates_and_each_subject_once(house: House) -> None:
    contents = [der(holder) for holder in "AABBCCDDEE"]

    def enrol(content: bytes) -> bool:
        try:
            change(house, request(content))
        except (ChangeRefused, ChangeContended):
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        won = list(pool.map(enrol, contents))
    adhesion = house.store.load(BOLT)
    assert sum(won) == len(adhesion.certificates) == 2
    assert len({one.facts.subject_key for one in adhesion.certificates}) == 2


def test_twins_of_one_request_at_once_are_applied_once_and_all_answered(house: House) -> None:
    asked = request(der("A"), key="k")
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda _: change(house, asked).access.adhesion.version, range(8)))
    assert versions == [1] * 8
    assert house.store.load(BOLT).version == 1


def test_a_password_shows_in_no_representation() -> None:
    assert PASSWORD not in repr(request(der("A")))


def _holding(company: Cnpj, content: bytes) -> AdhesionWrite:
    before = House().store.load(company)
    certificate = replace(registered(content), company=company)
    return AdhesionWrite(before=before, at=START, password_hash="hash", added=(certificate,))


class _Interrupted(MemoryAdhesions):
    def __init__(self, lose: int) -> None:
        super().__init__()
        self.lose = lose

    def apply(self, write: AdhesionWrite) -> None:
        if self.lose:
            self.lose -= 1
            raise WriteLost
        super().apply(write)
