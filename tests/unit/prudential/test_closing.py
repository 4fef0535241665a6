from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from aval.events import Event, EventName, EventsNotPublished
from aval.identifiers import EventCode
from aval.prudential.closing import LONGEST_WAIT, SETTLING, Closing, ClosingReport
from aval.prudential.lotes import LoteState
from aval.prudential.publication import PublishedList
from aval.prudential.publication_csv import csv_of
from aval.prudential.weeks import WeekHead
from tests.support.lotes import lote
from tests.support.monitored import AURORA, BOLT, MOINHO, VENTO
from tests.support.publication import (
    NEGATIVE,
    ClosingsInMemory,
    WeekHouse,
    closing,
    published_list,
    released,
    stored,
)
from tests.support.weeks import DEADLINE, EVENT, OTHER_EVENT, WeeksInMemory, week_version

FIRST = DEADLINE + SETTLING
SECOND = timedelta(seconds=1)


def report(
    *,
    closed: tuple[EventCode, ...] = (),
    waiting: Mapping[EventCode, int] | None = None,
    overdue: Mapping[EventCode, int] | None = None,
    contended: tuple[EventCode, ...] = (),
    unlisted: Mapping[EventCode, int] | None = None,
) -> ClosingReport:
    return ClosingReport(closed, waiting or {}, overdue or {}, contended, unlisted or {})


@dataclass
class StaleWeeks(WeeksInMemory):
    """As a run sees them that asked for the list of weeks before somebody loaded parameters."""

    before: Sequence[WeekHead] = ()

    def heads(self) -> Sequence[WeekHead]:
        return self.before


class ClosingsSeenBefore(ClosingsInMemory):
    """As a run sees them that began before another one closed the week."""

    def of(self, events: Collection[EventCode]) -> Mapping[EventCode, Closing]:
        return {}


@pytest.fixture
def house() -> WeekHouse:
    made = WeekHouse()
    made.send(BOLT)
    made.send(AURORA, None, NEGATIVE)
    return made


def test_a_week_is_closed_once_its_deadline_has_passed_and_what_came_in_time_can_be_seen(
    house: WeekHouse,
) -> None:
    assert house.closing.run(at=FIRST - SECOND) == report()
    assert house.files.versions == {}
    assert house.closing.run(at=FIRST) == report(closed=(EVENT,))
    as_json, as_csv = published_list().to_bytes(), csv_of(published_list())
    assert house.files.versions == {(EVENT, "json", "v1"): as_json, (EVENT, "csv", "v1"): as_csv}
    assert house.closings.rows == {
        EVENT: closing(closed_at=FIRST, json_file=stored(as_json), csv_file=stored(as_csv), is_told=True)
    }
    assert house.weeks.is_closed(EVENT)


def test_the_list_is_told_with_its_counts(house: WeekHouse) -> None:
    house.closing.run(at=FIRST)
    detail: dict[str, str | int] = {
        "evento": EVENT,
        "em": "2026-11-20T18:02:00-03:00",
        "elegiveis": 3,
        "comFator": 1,
        "semFator": 1,
        "naoEnviados": 1,
    }
    assert house.bus.events == [Event(EventName.FACTORS_PUBLISHED, detail)]


def test_what_is_released_after_the_closing_changes_neither_the_list_nor_its_row(house: WeekHouse) -> None:
    house.closing.run(at=FIRST)
    before = dict(house.files.versions), dict(house.closings.rows)
    house.send(VENTO)
    house.send(BOLT, "0.900000000000")
    assert house.closing.run(at=FIRST + timedelta(hours=9)) == report()
    assert (house.files.versions, house.closings.rows) == before
    assert len(house.bus.events) == 1


def test_a_run_after_one_that_died_before_the_row_makes_the_same_bytes(house: WeekHouse) -> None:
    house.files.keep(EVENT, as_json=published_list().to_bytes(), as_csv=csv_of(published_list()))
    house.closing.run(at=FIRST + timedelta(minutes=5))
    for kind in ("json", "csv"):
        assert house.files.versions[EVENT, kind, "v1"] == house.files.versions[EVENT, kind, "v2"]
    assert house.closings.rows[EVENT].json_file.version == "v2"


def test_a_closing_that_could_not_be_told_is_told_by_a_later_run_once(house: WeekHouse) -> None:
    house.bus.is_down = True
    with pytest.raises(EventsNotPublished):
        house.closing.run(at=FIRST)
    assert house.weeks.is_closed(EVENT)
    house.bus.is_down = False
    for _ in range(2):
        assert house.closing.run(at=FIRST + timedelta(minutes=5)) == report()
    assert [event.detail["em"] for event in house.bus.events] == ["2026-11-20T18:02:00-03:00"]


def test_an_open_lote_is_waited_for(house: WeekHouse) -> None:
    house.work.lotes = [lote(event=EVENT, state=LoteState.RUNNING), lote(event=OTHER_EVENT)]
    assert house.closing.run(at=FIRST) == report(waiting={EVENT: 1})
    assert not house.weeks.is_closed(EVENT)
    house.work.lotes = []
    assert house.closing.run(at=FIRST) == report(closed=(EVENT,))


def test_an_act_that_arrived_in_time_is_waited_for_and_a_later_one_is_not(house: WeekHouse) -> None:
    house.work.acts = [(EVENT, DEADLINE - SECOND), (EVENT, DEADLINE), (OTHER_EVENT, DEADLINE - SECOND)]
    assert house.closing.run(at=FIRST) == report(waiting={EVENT: 1})
    house.work.acts = [(EVENT, DEADLINE), (OTHER_EVENT, DEADLINE - SECOND)]
    assert house.closing.run(at=FIRST) == report(closed=(EVENT,))


def test_nothing_is_waited_for_longer_than_two_hours(house: WeekHouse) -> None:
    house.work.lotes = [lote(event=EVENT)]
    house.work.acts = [(EVENT, DEADLINE - SECOND)]
    last = DEADLINE + LONGEST_WAIT
    assert house.closing.run(at=last - SECOND) == report(waiting={EVENT: 2})
    assert house.closing.run(at=last) == report(closed=(EVENT,), overdue={EVENT: 2})
    assert house.files.versions[EVENT, "json", "v1"] == published_list().to_bytes()


def test_a_week_whose_deadline_was_moved_while_its_list_was_made_stays_open(house: WeekHouse) -> None:
    stale = StaleWeeks(house.weeks.kept, before=house.weeks.heads())
    house.weeks.add(week_version(versao=2, prazo="2026-11-27T18:00:00-03:00"))
    assert replace(house.closing, weeks=stale).run(at=FIRST) == report(contended=(EVENT,))
    assert not house.weeks.is_closed(EVENT)
    assert house.closing.run(at=FIRST) == report()


def test_a_week_whose_other_parameters_changed_while_its_list_was_made_is_closed_by_the_next_run(
    house: WeekHouse,
) -> None:
    stale = StaleWeeks({EVENT: list(house.weeks.kept[EVENT])}, before=house.weeks.heads())
    house.weeks.add(week_version(versao=2, theta="0.1"))
    assert replace(house.closing, weeks=stale).run(at=FIRST) == report(contended=(EVENT,))
    assert house.closing.run(at=FIRST) == report(closed=(EVENT,))
    assert house.closings.rows[EVENT].parameters.version == 2


def test_who_sent_and_is_eligible_no_more_is_not_listed_but_counted(house: WeekHouse) -> None:
    house.send(MOINHO)
    assert house.closing.run(at=FIRST) == report(closed=(EVENT,), unlisted={EVENT: 1})
    listed = PublishedList.from_bytes(house.files.versions[EVENT, "json", "v1"])
    assert [row.cnpj for row in listed.agents] == [AURORA, BOLT, VENTO]


def test_each_week_is_closed_by_itself(house: WeekHouse) -> None:
    house.weeks.add(week_version(evento=OTHER_EVENT, classes=[6]))
    house.agents.given_out[OTHER_EVENT, MOINHO] = replace(released(MOINHO), event=OTHER_EVENT)
    house.work.lotes = [lote(event=EVENT)]
    assert house.closing.run(at=FIRST) == report(closed=(OTHER_EVENT,), waiting={EVENT: 1})
    listed = PublishedList.from_bytes(house.files.versions[OTHER_EVENT, "json", "v1"])
    assert [(row.cnpj, row.number) for row in listed.agents] == [(MOINHO, "0.170817703691")]


def test_a_week_without_anybody_eligible_is_closed_with_an_empty_list(house: WeekHouse) -> None:
    house.registry.participants = []
    house.agents.given_out = {}
    assert house.closing.run(at=FIRST) == report(closed=(EVENT,))
    assert house.closings.rows[EVENT].counts.eligible == 0


def test_two_runs_at_once_close_a_week_once(house: WeekHouse) -> None:
    late = replace(house.closing, closings=ClosingsSeenBefore(house.weeks, house.closings.rows))
    house.closing.run(at=FIRST)
    standing = dict(house.closings.rows)
    house.send(VENTO)
    assert late.run(at=FIRST) == report(contended=(EVENT,))
    assert house.closings.rows == standing
    assert len(house.bus.events) == 1
    named = house.files.versions[EVENT, "json", standing[EVENT].json_file.version]
    assert named == published_list().to_bytes()
