import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from local.emulator import lambda_worker

HANDLERS = """
import os
def fine(event, context):
    return {"event": event, "left": context.get_remaining_time_in_millis()}
def wrong(event, context):
    raise KeyError("k")
def leaving(event, context):
    raise SystemExit(2)
def unserialisable(event, context):
    return {1, 2}
"""
VARIABLES = ("FUNCTION_NAME", "FUNCTION_VERSION", "FUNCTION_MEMORY_SIZE", "LOG_GROUP_NAME", "LOG_STREAM_NAME")


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "worked.py").write_text(HANDLERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "worked", raising=False)
    for name in VARIABLES:
        monkeypatch.setenv(f"AWS_LAMBDA_{name}", "x")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "")

    def serve_events(handler: str, *events: object) -> list[dict[str, Any]]:
        told = {"request_id": "r", "function_arn": "a", "deadline": 0, "trace_id": "t"}
        answers = io.StringIO()
        lambda_worker.serve(handler, [json.dumps({"event": event, **told}) for event in events], answers)
        return [json.loads(line) for line in answers.getvalue().splitlines()]

    return serve_events


def test_each_event_is_answered_once_the_handler_is_imported(serve: Any) -> None:
    assert serve("worked.fine", {"a": 1}, 2) == [
        {"ready": True},
        {"result": '{"event": {"a": 1}, "left": 0}'},
        {"result": '{"event": 2, "left": 0}'},
    ]


def test_an_import_that_fails_is_told_at_once(serve: Any) -> None:
    (answer,) = serve("absent.handler", {})
    assert (answer["ready"], answer["error"]["errorType"]) == (False, "ModuleNotFoundError")


def test_an_error_is_told_and_the_next_event_answered(serve: Any) -> None:
    answers = serve("worked.wrong", 1, 2)
    assert [answer["error"]["errorType"] for answer in answers[1:]] == ["KeyError", "KeyError"]
    assert "in wrong" in answers[1]["error"]["stackTrace"][-1]


def test_who_leaves_is_not_asked_again(serve: Any) -> None:
    answers = serve("worked.leaving", 1, 2)
    assert len(answers) == 2
    assert answers[1]["leave"] is True


def test_what_is_no_json_is_a_marshal_error(serve: Any) -> None:
    assert serve("worked.unserialisable", 1)[1]["error"]["errorType"] == "Runtime.MarshalError"
