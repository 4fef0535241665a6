import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from aval.events import Event, EventName
from aval.moments import for_people
from aval.prudential.week_loading import LARGEST_FILE, WeekLoader, WeeksBusy
from aval.prudential.weeks import WeekVersion
from aval.registry.generations import Arrival
from aval.registry.loading import DroppedFile
from aval.registry.reports import Document
from tests.support.weeks import DEADLINE, EVENT, NOW, OPENS, WeeksInMemory, parameters, week_version

TRANSACTION = "0b6f3f8e-6f0e-4a52-9d2a-5f6f3b1d9f10"
BEFORE_OPENING = OPENS - timedelta(days=1)


@dataclass
class Racing(WeeksInMemory):
    """Another load comes first, as often as it is told to."""

    others: list[Callable[[], WeekVersion]] = field(default_factory=list)

    def add(self, version: WeekVersion) -> None:
        if self.others:
            super().add(self.others.pop(0)())
        super().add(version)


@dataclass
class Desk:
    weeks: Racing = field(default_factory=Racing)
    now: datetime = NOW
    reports: list[Document] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    drops: int = 0

    def put(self, arrival: Arrival, document: Document) -> None:
        self.reports.append(document)

    def publish(self, *events: Event) -> None:
        self.events += events

    def arrival(self) -> Arrival:
        self.drops += 1
        return Arrival("parametros/semana.json", f"{self.drops:04d}", self.now, "111122223333")

    def drop(self, *, at: datetime | None = None, arrival: Arrival | None = None, **changes: Any) -> Document:
        self.now = at or self.now
        return self.deliver(json.dumps(parameters(**changes)).encode(), arrival or self.arrival())

    def deliver(self, content: bytes, arrival: Arrival | None = None) -> Document:
        loader = WeekLoader(self.weeks, self, self, lambda: self.now)
        file = DroppedFile(arrival or self.arrival(), content)
        is_loaded = loader.load(file, transaction_id=TRANSACTION)
        assert is_loaded is self.reports[-1]["aceito"]
        return self.reports[-1]

    def faults(self, **changes: Any) -> list[tuple[str, str]]:
        """Rules and places of a refusal, which leaves the weeks as they were."""
        before = {event: list(versions) for event, versions in self.weeks.kept.items()}
        report = self.drop(**changes)
        assert self.weeks.kept == before
        return [(one["regra"], one["local"]) for one in report["erros"]]

    def in_force(self) -> int:
        return self.weeks.current(EVENT).parameters.version


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_first_version_makes_the_week(desk: Desk) -> None:
    report = desk.drop()
    digest = week_version().parameters.digest
    assert report == {
        "aceito": True,
        "arquivo": "parametros/semana.json",
        "sequencia": "0001",
        "recebidoEm": for_people(NOW),
        "transacao": TRANSACTION,
        "evento": EVENT,
        "versao": 1,
        "resumo": digest,
        "nova": True,
        "carregadoEm": for_people(NOW),
    }
    assert desk.weeks.versions(EVENT) == [week_version(source="parametros/semana.json#0001")]
    told: dict[str, str | int] = {"evento": EVENT, "versao": 1, "resumo": digest}
    told |= {"arquivo": "parametros/semana.json", "transacao": TRANSACTION}
    assert desk.events == [Event(EventName.WEEK_LOADED, told)]


def test_what_the_table_keeps_says_the_digest_however_the_file_was_spelt(desk: Desk) -> None:
    desk.deliver(json.dumps(parameters(theta="0.10", prazo="2026-11-20T21:00:00Z"), indent=4).encode())
    kept = desk.weeks.current(EVENT)
    assert kept.parameters.digest == week_version(theta="0.1").parameters.digest
    assert kept.document == week_version(theta="0.1").document


def test_the_next_version_comes_into_force(desk: Desk) -> None:
    desk.drop()
    report = desk.drop(versao=2, theta="0.1")
    assert (report["aceito"], report["versao"], report["nova"]) == (True, 2, True)
    assert desk.in_force() == 2


def test_the_same_content_again_is_accepted_and_changes_nothing(desk: Desk) -> None:
    desk.drop()
    desk.drop(versao=2, theta="0.1")
    before = list(desk.weeks.versions(EVENT))
    later = NOW + timedelta(hours=1)
    spelt_anew: dict[str, Any] = {"versao": 2, "theta": "0.10"}
    for told in ({}, spelt_anew):
        report = desk.drop(at=later, **told)
        assert (report["aceito"], report["nova"], report["carregadoEm"]) == (True, False, for_people(NOW))
    assert desk.weeks.versions(EVENT) == before


def test_a_delivery_repeated_is_answered_as_the_first_time(desk: Desk) -> None:
    arrival = desk.arrival()
    first = desk.drop(arrival=arrival)
    again = desk.drop(arrival=arrival, at=DEADLINE + timedelta(days=1))
    assert again == first
    assert [event.name for event in desk.events] == [EventName.WEEK_LOADED] * 2


@pytest.mark.parametrize("number", [1, 2])
def test_a_number_that_was_taken_takes_no_other_content(desk: Desk, number: int) -> None:
    desk.drop()
    desk.drop(versao=2, theta="0.1")
    assert desk.faults(versao=number, theta="0.2") == [("versao", "/versao")]


@pytest.mark.parametrize(("there", "number"), [(0, 2), (1, 3), (2, 4)])
def test_no_number_is_left_out(desk: Desk, there: int, number: int) -> None:
    for one in range(1, there + 1):
        desk.drop(versao=one)
    assert desk.faults(versao=number) == [("versao", "/versao")]


def test_until_the_deadline_a_version_is_taken_and_from_then_on_none(desk: Desk) -> None:
    desk.drop()
    assert desk.drop(versao=2, at=DEADLINE - timedelta(seconds=1))["aceito"]
    late = {"prazo": "2026-12-20T18:00:00-03:00"}
    assert desk.faults(versao=3, at=DEADLINE, **late) == [("prazo-encerrado", "/prazo")]


@pytest.mark.parametrize("there", [0, 1])
def test_no_version_closes_a_week_in_the_past(desk: Desk, there: int) -> None:
    if there:
        desk.drop()
    assert desk.faults(versao=there + 1, prazo="2026-11-20T09:00:00-03:00") == [("prazo", "/prazo")]
    assert desk.drop(versao=there + 1, prazo="2026-11-20T09:00:01-03:00")["aceito"]


def test_an_opening_may_move_until_it_has_come(desk: Desk) -> None:
    desk.drop(at=OPENS - timedelta(seconds=1))
    assert desk.drop(versao=2, abertura="2026-11-19T06:00:00-03:00")["aceito"]
    moved = {"versao": 3, "abertura": "2026-11-19T05:00:00-03:00"}
    assert desk.faults(**moved, at=OPENS + timedelta(hours=6)) == [("abertura", "/abertura")]


def test_no_class_leaves_a_week_that_has_opened(desk: Desk) -> None:
    desk.drop(classes=[2, 4], at=BEFORE_OPENING)
    assert desk.drop(versao=2, classes=[2])["aceito"]
    assert desk.drop(versao=3, classes=[2, 7], at=OPENS)["aceito"]
    assert desk.faults(versao=4, classes=[4, 7]) == [("classe", "/classes")]


def test_everything_wrong_with_a_file_is_told_and_nothing_of_it_taken(desk: Desk) -> None:
    found = desk.faults(k="1", theta="-1", diasLiquidacao=0)
    assert sorted(found) == [("k", "/k"), ("theta", "/theta"), ("tipo", "/diasLiquidacao")]
    report = desk.reports[-1]
    assert report["totalErros"] == 3
    assert all(one["detalhe"] for one in report["erros"])
    told: dict[str, str | int] = {"arquivo": "parametros/semana.json", "erros": 3, "transacao": TRANSACTION}
    assert desk.events == [Event(EventName.WEEK_REFUSED, told)]


def test_several_rules_of_one_version_are_told_together(desk: Desk) -> None:
    desk.drop()
    told: dict[str, Any] = {"versao": 3, "abertura": "2026-11-18T00:00:00-03:00", "classes": [6]}
    assert [rule for rule, _ in desk.faults(**told)] == ["versao", "abertura", "classe"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b" " * (LARGEST_FILE + 1)])
def test_what_is_no_parameter_file_is_refused(desk: Desk, content: bytes) -> None:
    report = desk.deliver(content)
    assert (report["aceito"], desk.weeks.kept) == (False, {})


def test_of_two_loads_at_once_one_is_taken_and_the_other_is_judged_after_it(desk: Desk) -> None:
    desk.weeks.others = [lambda: week_version(theta="0.1")]
    report = desk.drop()
    assert [one["regra"] for one in report["erros"]] == ["versao"]
    assert [one.parameters.theta for one in desk.weeks.versions(EVENT)] == [
        week_version(theta="0.1").parameters.theta
    ]


def test_of_two_loads_of_one_content_both_are_accepted(desk: Desk) -> None:
    desk.weeks.others = [lambda: week_version(source="parametros/outro.json#01")]
    report = desk.drop()
    assert (report["aceito"], report["nova"]) == (True, False)
    assert len(desk.weeks.versions(EVENT)) == 1


def test_a_load_that_never_wins_is_left_to_a_later_delivery(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.weeks, "versions", lambda _: ())
    desk.weeks.kept[EVENT] = [week_version()]
    with pytest.raises(WeeksBusy):
        desk.drop(theta="0.1")
    assert (desk.reports, desk.events) == ([], [])
