from datetime import datetime, timedelta

import pytest

from aval.prudential.refusals import NothingToRead, WeekUnknown
from aval.prudential.week_reading import ListedWeek, WeekReading
from aval.prudential.weeks import WeekHead
from tests.support.weeks import DEADLINE, EVENT, NOW, OPENS, OTHER_EVENT, WeeksInMemory, week_version

SECOND = timedelta(seconds=1)


@pytest.fixture
def weeks() -> WeeksInMemory:
    return WeeksInMemory({EVENT: [week_version(), week_version(versao=2)]})


@pytest.mark.parametrize(
    ("at", "is_open"),
    [(OPENS - SECOND, False), (OPENS, True), (DEADLINE - SECOND, True), (DEADLINE, False)],
)
def test_a_week_is_open_from_its_opening_until_its_deadline(
    weeks: WeeksInMemory, at: datetime, *, is_open: bool
) -> None:
    [listed] = WeekReading(weeks).listed(at=at)
    assert listed == ListedWeek(WeekHead.of(week_version(versao=2).parameters), is_open, is_published=False)


def test_weeks_are_listed_the_last_one_first_with_those_that_were_published(weeks: WeeksInMemory) -> None:
    weeks.kept[OTHER_EVENT] = [week_version(evento=OTHER_EVENT)]
    weeks.closed.add(EVENT)
    listed = WeekReading(weeks).listed(at=DEADLINE)
    assert [(one.head.event, one.is_published) for one in listed] == [(OTHER_EVENT, False), (EVENT, True)]


@pytest.mark.parametrize(("number", "told"), [(None, 2), (1, 1), (2, 2)])
def test_tells_the_version_asked_for_or_the_one_in_force(
    weeks: WeeksInMemory, number: int | None, told: int
) -> None:
    found = WeekReading(weeks).week(EVENT, number, at=NOW)
    assert found.asked == week_version(versao=told)
    assert found.week.head.version == 2
    assert list(found.versions) == weeks.kept[EVENT]


def test_a_version_that_is_not_there_is_told_as_that(weeks: WeeksInMemory) -> None:
    with pytest.raises(NothingToRead, match="versão 3"):
        WeekReading(weeks).week(EVENT, 3, at=NOW)
    with pytest.raises(WeekUnknown):
        WeekReading(weeks).week(OTHER_EVENT, None, at=NOW)
