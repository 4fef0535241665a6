from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from aval.identity.caller import Caller, CallerKind
from aval.prudential.coverage import Coverage
from aval.prudential.refusals import CompanyForbidden
from aval.registry.model import Role, Validity
from tests.support.monitored import (
    ANA,
    AURORA,
    BOLT,
    CONTROLS,
    FABIO,
    MOINHO,
    MONITORING,
    OPERATES,
    VENTO,
    MonitoredRegistry,
    holds,
    person,
    system,
)
from tests.support.weeks import NOW


@pytest.fixture
def registry() -> MonitoredRegistry:
    return MonitoredRegistry()


@pytest.fixture
def coverage(registry: MonitoredRegistry) -> Coverage:
    return Coverage(registry)


def may(coverage: Coverage, caller: Caller, company: str, at: datetime = NOW) -> bool:
    try:
        coverage.require(caller, type(BOLT)(company), at=at)
    except CompanyForbidden:
        return False
    return True


@pytest.mark.parametrize("caller", [person(), system()], ids=["person", "system"])
def test_acts_for_the_company_itself_and_for_those_it_represents_or_controls(
    coverage: Coverage, caller: Caller
) -> None:
    acts_for = [company for company in (BOLT, AURORA, VENTO, MOINHO) if may(coverage, caller, company)]
    assert acts_for == [BOLT, AURORA, VENTO]
    assert [one.cnpj for one in coverage.covered_by(BOLT, at=NOW)] == [AURORA, BOLT, VENTO]
    assert [one.cnpj for one in coverage.senders_of(caller, at=NOW)] == [BOLT]


def test_a_company_that_is_represented_and_controlled_is_covered_once(
    registry: MonitoredRegistry, coverage: Coverage
) -> None:
    registry.representations += [holds(BOLT, AURORA, CONTROLS), holds(BOLT, BOLT, CONTROLS)]
    assert [one.cnpj for one in coverage.covered_by(BOLT, at=NOW)] == [AURORA, BOLT, VENTO]


def test_the_represented_does_not_act_for_who_represents_it(coverage: Coverage) -> None:
    assert not may(coverage, system(AURORA), BOLT)
    assert may(coverage, system(AURORA), AURORA)


def test_coverage_does_not_go_on_from_one_company_to_the_next(
    registry: MonitoredRegistry, coverage: Coverage
) -> None:
    registry.representations.append(holds(AURORA, MOINHO, OPERATES))
    assert not may(coverage, person(), MOINHO)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_at_the_company_stands_for_the_responsibility(
    registry: MonitoredRegistry, coverage: Coverage, role: Role
) -> None:
    registry.representations.append(holds(ANA, BOLT, role))
    assert not may(coverage, person(ANA), BOLT)
    assert coverage.senders_of(person(ANA), at=NOW) == ()


def test_nobody_and_systems_outside_the_registry_act_for_no_company(
    registry: MonitoredRegistry, coverage: Coverage
) -> None:
    unbound = Caller(CallerKind.PERSON, "login")
    registry.participants = [one for one in registry.participants if one.cnpj != MOINHO]
    for caller in (unbound, system(MOINHO)):
        assert not may(coverage, caller, MOINHO)
        assert not may(coverage, caller, BOLT)


def test_a_relation_counts_on_its_days_alone_in_sao_paulo(
    registry: MonitoredRegistry, coverage: Coverage
) -> None:
    november = Validity(date(2026, 11, 1), date(2026, 11, 30))
    registry.representations = [
        holds(FABIO, BOLT, MONITORING),
        replace(holds(BOLT, AURORA, OPERATES), validity=november),
    ]
    assert may(coverage, person(), AURORA, datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC))
    assert not may(coverage, person(), AURORA, datetime(2026, 12, 1, 3, 0, tzinfo=UTC))


def test_only_who_answers_for_the_sender_itself_sends_in_its_name(coverage: Coverage) -> None:
    coverage.require_sender(person(), BOLT, at=NOW)
    coverage.require_sender(system(AURORA), AURORA, at=NOW)
    with pytest.raises(CompanyForbidden):
        coverage.require_sender(person(), AURORA, at=NOW)


def test_the_sender_for_a_company_is_the_company_itself_before_another(
    registry: MonitoredRegistry, coverage: Coverage
) -> None:
    registry.representations.append(holds(FABIO, VENTO, MONITORING))
    senders = {one: coverage.sender_for(person(), one, at=NOW).cnpj for one in (VENTO, AURORA, BOLT)}
    assert senders == {VENTO: VENTO, AURORA: BOLT, BOLT: BOLT}
    with pytest.raises(CompanyForbidden):
        coverage.sender_for(person(), MOINHO, at=NOW)
