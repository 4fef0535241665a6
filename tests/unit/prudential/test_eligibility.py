from datetime import date

import pytest

from aval.prudential.eligibility import eligible, is_eligible
from aval.prudential.parameters import Frequency
from aval.registry.model import ParticipantClass, Validity
from tests.support.monitored import AURORA, BOLT, MOINHO, VENTO, MonitoredRegistry, agent
from tests.support.weeks import week_version


@pytest.mark.parametrize(
    ("frequency", "who"),
    [(Frequency.WEEKLY, [AURORA, BOLT, VENTO]), (Frequency.MONTHLY, [MOINHO])],
)
def test_an_event_is_for_the_classes_of_its_window(frequency: Frequency, who: list[str]) -> None:
    parameters = week_version(periodicidade=frequency.value).parameters
    assert [one.cnpj for one in eligible(MonitoredRegistry(), parameters)] == who


def test_the_classes_that_a_set_names_count_before_the_usual_ones() -> None:
    parameters = week_version(classes=[int(ParticipantClass.CONSUMIDOR_LIVRE)]).parameters
    assert [one.cnpj for one in eligible(MonitoredRegistry(), parameters)] == [MOINHO]


@pytest.mark.parametrize(
    ("validity", "is_in"),
    [
        (Validity(date(2026, 11, 19)), True),
        (Validity(date(2026, 11, 20)), False),
        (Validity(date(2020, 1, 1), date(2026, 11, 19)), True),
        (Validity(date(2020, 1, 1), date(2026, 11, 18)), False),
    ],
)
def test_an_agent_is_eligible_where_the_registry_has_it_at_the_opening(
    validity: Validity, *, is_in: bool
) -> None:
    parameters = week_version().parameters
    one = agent(BOLT, "BOLT", validity=validity)
    assert is_eligible(one, parameters) is is_in
    assert bool(eligible(MonitoredRegistry([one]), parameters)) is is_in
