import io
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from aval.edge.background import WorkFailed, background, moment_of, step
from aval.edge.logs import logger
from tests.support.gateway import Context

CPF = "52998224725"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def handle(work: Any, event: Mapping[str, Any]) -> None:
    background(work)(dict(event), Context())  # type: ignore[arg-type]


def test_the_outcome_becomes_a_log_line_with_the_transaction_id(log: io.StringIO) -> None:
    handle(lambda event: {"given": event["n"]}, {"n": 3})
    assert '"outcome":{"given":3}' in log.getvalue()
    assert Context.aws_request_id in log.getvalue()


def test_a_step_s_outcome_is_also_handed_to_its_machine(log: io.StringIO) -> None:
    answer = step(lambda event: {"given": event["n"]})({"n": 3}, Context())  # type: ignore[arg-type]
    assert answer == {"given": 3}
    assert '"outcome":{"given":3}' in log.getvalue()


def test_a_failure_is_told_without_its_text(log: io.StringIO) -> None:
    def fail(event: Mapping[str, Any]) -> Mapping[str, object]:
        raise RuntimeError(CPF)

    with pytest.raises(WorkFailed) as failed:
        handle(fail, {})
    assert "RuntimeError" in log.getvalue()
    assert CPF not in log.getvalue() + "".join(traceback.format_exception(failed.value))


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-08-03T09:00:00-03:00", datetime(2026, 8, 3, 12, tzinfo=UTC)),
        ("2026-08-03T12:00:00Z", datetime(2026, 8, 3, 12, tzinfo=UTC)),
        ("2026-08-03T09:00:00", datetime(2026, 8, 3, 12, tzinfo=UTC)),
    ],
)
def test_an_operator_may_give_the_moment(given: str, moment: datetime) -> None:
    assert moment_of({"em": given}) == moment


def test_otherwise_it_is_now() -> None:
    before = datetime.now(UTC)
    assert before <= moment_of({}) <= datetime.now(UTC)
