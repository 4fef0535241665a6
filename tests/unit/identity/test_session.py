from datetime import UTC, datetime
from itertools import combinations

import pytest

from aval.adhesion.permissions import Permissions
from aval.contracts.model import ProfileCode
from aval.contracts.standing import Standing
from aval.errors import DomainError
from aval.identity.caller import Caller, CallerKind
from aval.identity.session import Ability, SessionReader
from aval.prudential.coverage import Coverage
from aval.registry.model import Capacity, Role
from tests.support import registry as rows
from tests.support.directory import MemoryDirectory
from tests.support.monitored import (
    AURORA,
    BOLT,
    FABIO,
    MONITORING,
    VENTO,
    MonitoredRegistry,
    holds,
    person,
    system,
)

CAPACITIES: tuple[Capacity, ...] = (*Role, MONITORING)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROFILE = ProfileCode(10010)


def known_as(*capacities: Capacity) -> MonitoredRegistry:
    """Fabio is this to BOLT, and nothing to anybody else."""
    return MonitoredRegistry(representations=[holds(FABIO, BOLT, one) for one in capacities])


def lets(act: object) -> bool:
    try:
        act()  # type: ignore[operator]
    except DomainError:
        return False
    return True


@pytest.mark.parametrize(
    "capacities", [some for size in range(len(CAPACITIES) + 1) for some in combinations(CAPACITIES, size)]
)
def test_what_a_person_is_told_to_be_able_to_is_what_the_doors_let_it_do(
    capacities: tuple[Capacity, ...],
) -> None:
    registry = known_as(*capacities)
    adhesion, monitoring = Permissions(registry), Coverage(registry)
    directory = MemoryDirectory.of(
        perfis=[rows.profile(codigo=PROFILE, cnpj=BOLT, inicioVigencia="2020-01-01")]
    )
    contracts = Standing(registry, directory)
    doors = {
        Ability.SEE_ADHESION: lambda: adhesion.require_reader(FABIO, BOLT, at=NOW),
        Ability.CHANGE_ADHESION: lambda: adhesion.require_writer(FABIO, BOLT, at=NOW),
        Ability.SEE_CONTRACTS: lambda: contracts.person_viewing(FABIO, PROFILE, at=NOW),
        Ability.ACT_ON_CONTRACTS: lambda: contracts.person_acting(FABIO, PROFILE, at=NOW),
        Ability.MONITOR: lambda: monitoring.require_sender(person(), BOLT, at=NOW),
    }
    told = SessionReader(registry).read(person(), at=NOW)
    abilities = {one.company.cnpj: one.abilities for one in told.companies}
    open_doors = frozenset(ability for ability, act in doors.items() if lets(act))
    assert abilities == ({BOLT: open_doors} if open_doors else {})
    assert [one.roles for one in told.companies] == (
        [frozenset(one for one in capacities if isinstance(one, Role))] if capacities else []
    )


def test_companies_come_by_sigla_whatever_the_person_is_to_them() -> None:
    registry = MonitoredRegistry(
        representations=[
            holds(FABIO, VENTO, Role.REPRESENTANTE_CCEE),
            holds(FABIO, BOLT, MONITORING),
            holds(FABIO, AURORA, Role.REPRESENTANTE_LEGAL),
        ]
    )
    told = SessionReader(registry).read(person(), at=NOW)
    assert (told.name, [one.company.sigla for one in told.companies]) == (
        "Fabio",
        ["AURORA", "BOLT", "VENTO"],
    )


def test_a_system_acts_for_its_own_company_and_changes_no_adhesion() -> None:
    [own] = SessionReader(MonitoredRegistry()).read(system(BOLT), at=NOW).companies
    assert (own.company.cnpj, own.roles) == (BOLT, frozenset())
    assert own.abilities == {Ability.SEE_CONTRACTS, Ability.ACT_ON_CONTRACTS, Ability.MONITOR}


def test_a_login_that_nobody_answers_for_has_neither_name_nor_companies() -> None:
    told = SessionReader(MonitoredRegistry()).read(Caller(CallerKind.PERSON, "login"), at=NOW)
    assert (told.name, told.companies) == (None, ())
