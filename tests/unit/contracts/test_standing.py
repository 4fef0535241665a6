from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from aval.contracts.bus import Acting, Onlooker
from aval.contracts.model import Author, ProfileCode
from aval.contracts.refusals import ProfileForbidden
from aval.contracts.standing import OpenProfile, Standing
from aval.identifiers import Cnpj, Cpf
from aval.registry.model import Participant
from tests.support.directory import MemoryDirectory
from tests.support.registry import (
    ANA,
    AURORA,
    BOLT,
    BRUNO,
    NOON,
    aurora,
    bruno,
    participant,
    person,
    profile,
    representation,
    second_profile,
)

CEDRO = "27519634000101"
BOLT_OWN = frozenset({ProfileCode(10010), ProfileCode(10011)})
AURORA_OWN, CEDRO_OWN = ProfileCode(10020), ProfileCode(10030)
OPERATES = "REPRESENTACAO_OPERACIONAL_TOTAL"


def between(representing: str, represented: str, relation: str = OPERATES, **fields: Any) -> dict[str, Any]:
    return representation(representante=representing, representada=represented, papel=relation, **fields)


def standing(*representations: dict[str, Any]) -> Standing:
    cedro = {"cnpj": CEDRO, "sigla": "CEDRO"}
    directory = MemoryDirectory.of(
        participantes=[participant(), aurora(), participant(codigo=1003, **cedro)],
        perfis=[
            profile(),
            second_profile(),
            profile(codigo=10020, cnpj=AURORA, sigla="AURORA"),
            profile(codigo=10030, **cedro),
        ],
        pessoas=[person(), bruno()],
        representacoes=list(representations),
    )
    return Standing(directory, directory)


def test_a_system_acts_through_its_own_profiles() -> None:
    acting = standing().system_acting(Cnpj(BOLT), ProfileCode(10011), at=NOON)
    assert acting == Acting(Author(Cnpj(BOLT), ProfileCode(10011)), BOLT_OWN)
    assert acting.companies == {Cnpj(BOLT)}
    assert acting.profile == 10011


def test_a_system_acts_through_profiles_of_companies_that_its_own_operates_for() -> None:
    found = standing(between(BOLT, AURORA)).system_acting(Cnpj(BOLT), AURORA_OWN, at=NOON)
    assert found == Acting(Author(Cnpj(BOLT), AURORA_OWN), BOLT_OWN | {AURORA_OWN})


@pytest.mark.parametrize("code", [10020, 9])
def test_a_profile_of_others_and_none_at_all_are_refused_alike(code: int) -> None:
    with pytest.raises(ProfileForbidden) as refused:
        standing(between(AURORA, BOLT)).system_acting(Cnpj(BOLT), ProfileCode(code), at=NOON)
    assert refused.value.detail == (
        f"o perfil {code} não é da empresa nem de quem ela representa; confira o código do perfil"
    )


def test_control_opens_nothing() -> None:
    with pytest.raises(ProfileForbidden):
        standing(between(BOLT, AURORA, "CONTROLE")).system_acting(Cnpj(BOLT), AURORA_OWN, at=NOON)


def test_operating_for_who_operates_for_others_opens_no_others() -> None:
    chain = standing(between(BOLT, AURORA), between(AURORA, CEDRO))
    assert chain.system_viewing(Cnpj(BOLT), None, at=NOON).visible == BOLT_OWN | {AURORA_OWN}


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 4, 1, 2, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 3, tzinfo=UTC), False),
    ],
)
def test_an_operation_that_has_ended_opens_nothing(moment: datetime, *, is_open: bool) -> None:
    march = standing(between(BOLT, AURORA, inicioVigencia="2026-03-01", fimVigencia="2026-03-31"))
    visible = march.system_viewing(Cnpj(BOLT), None, at=moment).visible
    assert (AURORA_OWN in visible) == is_open


def test_a_system_that_names_no_profile_looks_at_all_that_are_open_to_it() -> None:
    viewer = standing(between(BOLT, AURORA)).system_viewing(Cnpj(BOLT), None, at=NOON)
    assert viewer == Onlooker(BOLT_OWN | {AURORA_OWN}, frozenset({Cnpj(BOLT)}))


def test_a_system_that_names_a_profile_looks_through_it() -> None:
    assert standing().system_viewing(Cnpj(BOLT), ProfileCode(10010), at=NOON).profile == 10010
    with pytest.raises(ProfileForbidden):
        standing().system_viewing(Cnpj(BOLT), AURORA_OWN, at=NOON)


@pytest.mark.parametrize("role", ["REPRESENTANTE_CCEE", "REPRESENTANTE_LEGAL", "REPRESENTANTE_CONTABIL"])
def test_any_role_lets_a_person_look(role: str) -> None:
    held = standing(representation(papel=role), between(BOLT, AURORA))
    assert held.person_viewing(Cpf(ANA), None, at=NOON) == Onlooker(
        BOLT_OWN | {AURORA_OWN}, frozenset({Cnpj(BOLT)})
    )
    assert held.person_viewing(Cpf(ANA), AURORA_OWN, at=NOON).profile == AURORA_OWN


def test_a_person_looks_for_all_companies_where_she_has_a_role() -> None:
    held = standing(representation(), representation(representada=CEDRO, papel="REPRESENTANTE_LEGAL"))
    viewer = held.person_viewing(Cpf(ANA), None, at=NOON)
    assert viewer == Onlooker(BOLT_OWN | {CEDRO_OWN}, frozenset({Cnpj(BOLT), Cnpj(CEDRO)}))


@pytest.mark.parametrize("person", [Cpf(BRUNO), None])
def test_a_stranger_sees_nothing(person: Cpf | None) -> None:
    told = standing(representation(), representation(representante=BRUNO, papel="MONITORAMENTO_PRUDENCIAL"))
    assert told.person_viewing(person, None, at=NOON) == Onlooker(frozenset(), frozenset())
    with pytest.raises(ProfileForbidden):
        told.person_viewing(person, ProfileCode(10010), at=NOON)
    with pytest.raises(ProfileForbidden):
        told.person_acting(person, ProfileCode(10010), at=NOON)
    assert told.person_profiles(person, at=NOON) == ()


def test_a_ccee_representative_acts_in_her_name_for_the_company() -> None:
    held = standing(representation(), between(BOLT, AURORA))
    assert held.person_acting(Cpf(ANA), AURORA_OWN, at=NOON) == Acting(
        Author(Cnpj(BOLT), AURORA_OWN, "Ana Conceição"), BOLT_OWN | {AURORA_OWN}
    )


@pytest.mark.parametrize("role", ["REPRESENTANTE_LEGAL", "REPRESENTANTE_CONTABIL"])
def test_only_a_ccee_representative_acts(role: str) -> None:
    with pytest.raises(ProfileForbidden) as refused:
        standing(representation(papel=role)).person_acting(Cpf(ANA), ProfileCode(10010), at=NOON)
    assert refused.value.detail == (
        "só o representante CCEE de quem possui ou representa o perfil 10010 "
        "pode registrar, ajustar e validar contratos por ele"
    )


def test_who_represents_the_owner_and_its_operator_acts_for_the_owner() -> None:
    both = standing(representation(), representation(representada=CEDRO), between(BOLT, CEDRO))
    assert both.person_acting(Cpf(ANA), CEDRO_OWN, at=NOON).company == CEDRO


def test_who_may_only_look_at_the_owner_acts_for_its_operator() -> None:
    looks = representation(representada=CEDRO, papel="REPRESENTANTE_LEGAL")
    both = standing(representation(), looks, between(BOLT, CEDRO))
    assert both.person_acting(Cpf(ANA), CEDRO_OWN, at=NOON).company == BOLT


def test_a_representative_of_others_is_told_nothing_of_a_profile() -> None:
    with pytest.raises(ProfileForbidden, match="não é da empresa"):
        standing(representation()).person_acting(Cpf(ANA), CEDRO_OWN, at=NOON)


# The list of what is open


def marks(found: tuple[OpenProfile, ...]) -> list[tuple[int, str, bool]]:
    return [(one.code, one.owner.cnpj, one.may_act) for one in found]


def test_a_persons_profiles_are_told_with_their_owners_and_what_she_may_do_by_them() -> None:
    looks = representation(representada=CEDRO, papel="REPRESENTANTE_LEGAL")
    held = standing(representation(), looks, between(BOLT, AURORA))
    assert marks(held.person_profiles(Cpf(ANA), at=NOON)) == [
        (10010, BOLT, True),
        (10011, BOLT, True),
        (10020, AURORA, True),
        (10030, CEDRO, False),
    ]


def test_a_system_may_act_by_whatever_it_sees() -> None:
    found = standing(between(BOLT, AURORA)).system_profiles(Cnpj(BOLT), at=NOON)
    assert marks(found) == [(10010, BOLT, True), (10011, BOLT, True), (10020, AURORA, True)]


class BeforeAurora(MemoryDirectory):
    """Its participants were read before the load that brought AURORA."""

    def all_participants(self) -> tuple[Participant, ...]:
        return tuple(one for one in super().all_participants() if one.cnpj != AURORA)


def test_a_profile_whose_owner_is_yet_to_be_loaded_waits() -> None:
    directory = BeforeAurora.of(
        participantes=[participant(), aurora()],
        perfis=[profile(), profile(codigo=10020, cnpj=AURORA, sigla="AURORA")],
        representacoes=[between(BOLT, AURORA)],
    )
    found = Standing(directory, directory).system_profiles(Cnpj(BOLT), at=NOON)
    assert [one.code for one in found] == [10010]


ROLES = [
    None,
    "REPRESENTANTE_CCEE",
    "REPRESENTANTE_LEGAL",
    "REPRESENTANTE_CONTABIL",
    "MONITORAMENTO_PRUDENCIAL",
]
RELATIONS = [(), (between(BOLT, AURORA),), (between(BOLT, AURORA, "CONTROLE"),), (between(AURORA, CEDRO),)]
EVERY_CODE = [ProfileCode(code) for code in (10010, 10011, 10020, 10030, 9)]


def is_let(door: Callable[..., object], caller: object, profile: ProfileCode) -> bool:
    try:
        door(caller, profile, at=NOON)
    except ProfileForbidden:
        return False
    return True


@pytest.mark.parametrize("at_bolt", ROLES)
@pytest.mark.parametrize("at_aurora", ROLES)
@pytest.mark.parametrize("relations", RELATIONS)
def test_the_list_says_what_the_doors_decide(
    at_bolt: str | None, at_aurora: str | None, relations: tuple[dict[str, Any], ...]
) -> None:
    roles = [(BOLT, at_bolt), (AURORA, at_aurora)]
    persons = [representation(representada=company, papel=role) for company, role in roles if role]
    held = standing(*persons, *relations)
    listed = held.person_profiles(Cpf(ANA), at=NOON)
    seen = {code for code in EVERY_CODE if is_let(held.person_viewing, Cpf(ANA), code)}
    acting = {code for code in EVERY_CODE if is_let(held.person_acting, Cpf(ANA), code)}
    assert {one.code for one in listed} == seen == held.person_viewing(Cpf(ANA), None, at=NOON).visible
    assert {one.code for one in listed if one.may_act} == acting


@pytest.mark.parametrize("company", [Cnpj(BOLT), Cnpj(AURORA), Cnpj(CEDRO)])
@pytest.mark.parametrize("relations", RELATIONS)
def test_the_list_of_a_system_says_what_its_doors_decide(
    company: Cnpj, relations: tuple[dict[str, Any], ...]
) -> None:
    held = standing(*relations)
    listed = held.system_profiles(company, at=NOON)
    seen = {code for code in EVERY_CODE if is_let(held.system_viewing, company, code)}
    acting = {code for code in EVERY_CODE if is_let(held.system_acting, company, code)}
    assert {one.code for one in listed} == seen
    assert {one.code for one in listed if one.may_act} == acting
