"""The demo registry and its calendar, as they are dropped."""

import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aval.moments import SAO_PAULO
from aval.registry.drops import judge_drop, read_drop
from aval.registry.model import CalendarEntry, CalendarKind
from aval.registry.schemas import Dataset
from local.seed import calendar, registry

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
    """S3 whose loader takes every drop at once."""

    def __init__(self) -> None:
        self.reports: dict[str, bytes] = {}
        self.dropped: list[str] = []

    def client(self, _: str) -> "Emulator":
        return self

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - boto3's names
        self.dropped.append(Key.removeprefix("entrada/").partition("-")[0])
        self.reports[f"resultado/{Key.removeprefix('entrada/')}.json"] = b'{"aceito": true}'

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if Key not in self.reports:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.reports[Key])}


def test_the_demo_is_dropped_once_and_a_new_month_brings_its_calendar_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    emulator: Any = Emulator()
    for day, dropped in (
        (datetime(2026, 11, 1, 3, tzinfo=SAO_PAULO), ["registro", "calendario"]),
        (datetime(2026, 11, 30, 23, 59, tzinfo=SAO_PAULO), []),
        (datetime(2026, 12, 1, tzinfo=SAO_PAULO), ["calendario"]),
    ):
        emulator.dropped.clear()
        monkeypatch.setattr(registry, "utc_now", lambda day=day: day)
        registry.drop(emulator, "cadastro")
        assert emulator.dropped == dropped
