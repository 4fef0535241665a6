from datetime import datetime, timedelta

import pytest

from aval.prudential.agent_state import ParametersUsed
from aval.prudential.refusals import DeadlinePassed, WeekNotOpen
from aval.prudential.weeks import WeekHead, require_open
from tests.support.weeks import DEADLINE, EVENT, OPENS, week_version

SECOND = timedelta(seconds=1)
PARAMETERS = week_version().parameters


@pytest.mark.parametrize("at", [OPENS, DEADLINE - SECOND])
def test_a_week_is_open_from_its_opening_to_the_last_second_before_its_deadline(at: datetime) -> None:
    require_open(PARAMETERS, at=at)


def test_before_the_opening_nothing_is_taken() -> None:
    with pytest.raises(WeekNotOpen, match="19/11/2026 00:00:00"):
        require_open(PARAMETERS, at=OPENS - SECOND)


@pytest.mark.parametrize("at", [DEADLINE, DEADLINE + timedelta(days=400)])
def test_from_the_deadline_on_nothing_is_taken(at: datetime) -> None:
    with pytest.raises(DeadlinePassed, match="20/11/2026 18:00:00"):
        require_open(PARAMETERS, at=at)


def test_a_list_tells_of_a_week_what_its_parameters_say() -> None:
    assert WeekHead.of(PARAMETERS) == WeekHead(
        event=EVENT,
        version=1,
        digest=PARAMETERS.digest,
        opens=OPENS,
        deadline=DEADLINE,
        frequency="SEMANAL",
        classes=(1, 2, 3, 4, 7, 11),
    )


def test_what_a_computation_used_names_version_and_content() -> None:
    assert week_version(versao=2).used == ParametersUsed(2, week_version(versao=2).parameters.digest)
