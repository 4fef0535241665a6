from datetime import UTC, datetime, timedelta

import pytest

from aval.contracts.imports.windows import competence_of, last_competence_before, window_fault
from aval.contracts.model import HOUR, local_hour
from aval.registry.model import CalendarKind
from tests.support.import_books import book, window

KIND = CalendarKind.AJUSTE_MONTANTE
JANUARY = window(KIND, "2026-01")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "part"),
    [
        (JANUARY.opening - SECOND, "abre em 01/01/2026 00:00:00 (horário de São Paulo, UTC-03:00)"),
        (JANUARY.opening, None),
        (JANUARY.deadline, None),
        (JANUARY.deadline + SECOND, "terminou em 09/02/2026 20:00:00 (horário de São Paulo, UTC-03:00)"),
    ],
)
def test_both_ends_of_a_window_belong_to_it(at: datetime, part: str | None) -> None:
    fault = window_fault(book(), KIND, "2026-01", at=at)
    if part is None:
        assert fault is None
    else:
        assert fault is not None
        assert part in fault.detail
        assert "ajustar montantes de 01/2026" in fault.detail


def test_a_month_that_the_calendar_does_not_have_says_so() -> None:
    fault = window_fault(book(), KIND, "2025-12", at=JANUARY.opening)
    assert fault is not None
    assert "não tem prazo para ajustar montantes de 12/2025" in fault.detail


@pytest.mark.parametrize("month", ["2026-02", "2026-07"])
def test_months_ahead_go_with_the_contracts_first_while_that_is_open(month: str) -> None:
    assert window_fault(book(), KIND, month, at=JANUARY.opening, first_month="2026-01") is None
    assert window_fault(book(), KIND, month, at=JANUARY.opening) is not None


@pytest.mark.parametrize(
    ("first", "month", "at"),
    [
        ("2025-11", "2026-02", JANUARY.opening),  # the first month is closed
        ("2026-02", "2026-01", JANUARY.deadline + SECOND),  # what ended does not follow a later one
        ("2025-11", "2025-12", datetime(2025, 12, 5, tzinfo=UTC)),  # the present month has to have its own
    ],
)
def test_no_other_month_goes_with_another(first: str, month: str, at: datetime) -> None:
    assert window_fault(book(), KIND, month, at=at, first_month=first) is not None


def test_a_month_is_one_of_sao_paulo() -> None:
    assert competence_of(local_hour(2026, 2, 1) - HOUR) == "2026-01"
    assert competence_of(local_hour(2026, 2, 1)) == "2026-02"
    assert last_competence_before(local_hour(2026, 2, 1)) == "2026-01"
