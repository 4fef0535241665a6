"""The demo registry, its calendar and its week, as they are dropped."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from aval.moments import SAO_PAULO
from aval.prudential.eligibility import is_eligible
from aval.prudential.parameters import ParameterSet
from aval.prudential.parameters_json import read_parameters
from aval.prudential.weeks import require_open
from aval.registry.drops import judge_drop, read_drop
from aval.registry.model import (
    CalendarEntry,
    CalendarKind,
    CompanyRelation,
    Participant,
    Representation,
    Responsibility,
)
from aval.registry.schemas import Dataset
from local.seed import calendar, registry, week
from tests.support.drops import Bucket

DAYS = [date(2026, 1, 1), date(2026, 11, 21), date(2026, 12, 31), date(2028, 2, 29), date(2031, 7, 15)]


def calendar_on(today: date) -> dict[tuple[CalendarKind, str], CalendarEntry]:
    content = json.dumps({"calendario": calendar.entries(today)}).encode()
    records = judge_drop(read_drop("calendario.json", content), {})[Dataset.CALENDARIO]
    entries = [record for record in records if isinstance(record, CalendarEntry)]
    return {(entry.kind, entry.competence): entry for entry in entries}


def is_open(today: date, kind: CalendarKind, months_from_now: int) -> bool:
    month = today.year * 12 + today.month - 1 + months_from_now
    entry = calendar_on(today)[kind, f"{month // 12:04d}-{month % 12 + 1:02d}"]
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=SAO_PAULO)
    return entry.opening <= noon <= entry.deadline


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("kind", CalendarKind)
def test_on_any_day_this_month_and_the_next_are_open_and_the_others_further_off_are_not(
    today: date, kind: CalendarKind
) -> None:
    assert [is_open(today, kind, offset) for offset in (-14, -12, -2, 0, 1, 2, 24)] == [
        *(False, False, False),
        *(True, True),
        *(False, False),
    ]


@pytest.mark.parametrize(("day", "is_still_open"), [(9, True), (10, False)])
def test_last_month_stays_open_for_registration_until_its_ninth_day(day: int, *, is_still_open: bool) -> None:
    assert is_open(date(2026, 11, day), CalendarKind.REGISTRO_CONTRATO, -1) == is_still_open


class Emulator:
    """S3 whose loaders take every drop at once."""

    def __init__(self) -> None:
        self.s3 = Bucket()

    def client(self, _: str) -> Bucket:
        return self.s3

    def dropped(self) -> list[str]:
        """What was dropped since the last call, without folders and digests."""
        keys = [key for _, key in self.s3.dropped]
        self.s3.dropped.clear()
        return [key.partition("/")[2].rpartition("-")[0] for key in keys]


def test_the_demo_is_dropped_once_and_a_new_month_brings_its_calendar_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    emulator: Any = Emulator()
    for day, dropped in (
        (datetime(2026, 11, 1, 3, tzinfo=SAO_PAULO), ["registro", "calendario"]),
        (datetime(2026, 11, 30, 23, 59, tzinfo=SAO_PAULO), []),
        (datetime(2026, 12, 1, tzinfo=SAO_PAULO), ["calendario"]),
    ):
        monkeypatch.setattr(registry, "utc_now", lambda day=day: day)
        registry.drop(emulator, "cadastro")
        assert emulator.dropped() == dropped


def week_on(today: date) -> ParameterSet:
    return read_parameters(json.dumps(week.parameters(today)).encode())


@pytest.mark.parametrize("today", [*DAYS, date(2026, 11, 1), date(2026, 11, 30)])
def test_on_any_day_the_week_of_its_month_is_open_for_days_to_come(today: date) -> None:
    parameters = week_on(today)
    for hour in (0, 23):
        moment = datetime(today.year, today.month, today.day, hour, 59, tzinfo=SAO_PAULO)
        require_open(parameters, at=moment)
        assert parameters.deadline - moment > timedelta(days=9)
    assert parameters.event == f"{today:%Y%m}001"


def test_the_week_is_the_same_on_every_day_of_a_month_and_names_its_seven_months() -> None:
    first, last = week_on(date(2026, 11, 1)), week_on(date(2026, 11, 30))
    assert first == last
    assert [(month.name, int(month.hours)) for month in first.months] == [
        *(("NOV/2026", 720), ("DEZ/2026", 744), ("JAN/2027", 744), ("FEV/2027", 672)),
        *(("MAR/2027", 744), ("ABR/2027", 720), ("MAI/2027", 744)),
    ]


def test_the_week_is_dropped_once_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator: Any = Emulator()
    for day, dropped in (
        (datetime(2026, 11, 1, tzinfo=SAO_PAULO), ["semana-202611001"]),
        (datetime(2026, 11, 30, 23, 59, tzinfo=SAO_PAULO), []),
        (datetime(2026, 12, 1, tzinfo=SAO_PAULO), ["semana-202612001"]),
    ):
        monkeypatch.setattr(week, "utc_now", lambda day=day: day)
        week.drop(emulator, "semanas")
        assert emulator.dropped() == dropped


def test_who_answers_for_the_monitoring_covers_the_demos_agents() -> None:
    told = json.loads((registry.DEMO / "registro.json").read_text())
    drop = judge_drop(read_drop("registro.json", json.dumps(told).encode()), {})
    held = [one for one in drop[Dataset.REPRESENTACOES] if isinstance(one, Representation)]
    [monitor] = [one for one in held if one.capacity is Responsibility.MONITORAMENTO_PRUDENCIAL]
    represented = {
        one.represented
        for one in held
        if one.representative == monitor.represented
        and one.capacity is CompanyRelation.REPRESENTACAO_OPERACIONAL_TOTAL
    }
    agents = {one.cnpj: one for one in drop[Dataset.PARTICIPANTES] if isinstance(one, Participant)}
    parameters = week_on(DAYS[1])
    assert len([one for one in represented if is_eligible(agents[one], parameters)]) == 37
