from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aval.prudential.lote_files import LoteForm
from aval.prudential.lote_reception import FORM_LIFETIME, AskedLote, LoteReception
from aval.prudential.lotes import Lote, LoteKind
from aval.prudential.refusals import DeadlinePassed, WeekNotOpen, WeekUnknown
from tests.support.confidential import COMPANY, EVENT, NOW
from tests.support.lote_memory import LoteFilesInMemory, LotesInMemory
from tests.support.lotes import LOTE, lote
from tests.support.weeks import DEADLINE, OPENS, OTHER_EVENT, WeeksInMemory, week_version


def asked(**changes: Any) -> AskedLote:
    told = AskedLote(
        event=EVENT,
        sender=COMPANY,
        kind=LoteKind.PORTFOLIO,
        file_name="carteiras.xlsx.selado",
        size=4_000,
        identity="ab" * 32,
        all_or_nothing=False,
        asked_by="system:33047509000149",
    )
    return replace(told, **changes)


@dataclass
class Desk:
    lotes: LotesInMemory = field(default_factory=LotesInMemory)
    weeks: WeeksInMemory = field(default_factory=lambda: WeeksInMemory({EVENT: [week_version()]}))

    def announce(self, told: AskedLote, *, at: datetime = NOW) -> tuple[Lote, LoteForm]:
        return LoteReception(self.lotes, LoteFilesInMemory(), self.weeks, lambda: LOTE).announce(told, at=at)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_lote_is_kept_and_its_form_lasts_an_hour(desk: Desk) -> None:
    announced_at = NOW + timedelta(microseconds=5)
    told, form = desk.announce(asked(), at=announced_at)
    assert told == lote(created_at=announced_at, expires_at=NOW + FORM_LIFETIME)
    assert desk.lotes.kept == {LOTE: told}
    assert dict(form.fields) == {"key": LOTE, "seconds": "3600.0"}


def test_no_form_outlasts_the_week(desk: Desk) -> None:
    told, form = desk.announce(asked(), at=DEADLINE - timedelta(minutes=5))
    assert told.expires_at == DEADLINE
    assert form.fields["seconds"] == "300.0"


@pytest.mark.parametrize("at", [OPENS, DEADLINE - timedelta(microseconds=1)])
def test_takes_a_lote_from_the_opening_to_the_deadline(desk: Desk, at: datetime) -> None:
    desk.announce(asked(), at=at)
    assert LOTE in desk.lotes.kept


@pytest.mark.parametrize(
    ("at", "refusal"), [(OPENS - timedelta(microseconds=1), WeekNotOpen), (DEADLINE, DeadlinePassed)]
)
def test_refuses_a_lote_outside_the_window(desk: Desk, at: datetime, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        desk.announce(asked(), at=at)
    assert desk.lotes.kept == {}


def test_refuses_a_week_that_was_never_loaded(desk: Desk) -> None:
    with pytest.raises(WeekUnknown):
        desk.announce(asked(event=OTHER_EVENT))
    assert desk.lotes.kept == {}
