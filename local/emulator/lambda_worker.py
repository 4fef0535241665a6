"""One Lambda execution environment: a process that imports a handler once and answers one event at a time.

Started as `python -S -I lambda_worker.py HANDLER PATH ...`, so that what it can import is the standard
library, the function's code and its layers, as in AWS. Reads a JSON line per event, writes a JSON line per
answer. Whatever the handler prints goes to standard error, with an end mark after each event.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any, TextIO

END_OF_LOG = "\x00end"
PR_SET_PDEATHSIG = 1

Handler = Callable[[Any, "Context"], Any]


class Context:
    """What AWS hands to a handler beside the event."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.aws_request_id = facts["request_id"]
        self.invoked_function_arn = facts["function_arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = facts["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.time()) * 1000))


def failure(error: BaseException) -> dict[str, Any]:
    """Return `error` as AWS's runtime reports it."""
    trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace}


def load(handler: str) -> Handler:
    module, _, function = handler.rpartition(".")
    found: Handler = getattr(importlib.import_module(module.replace("/", ".")), function)
    return found


def answer(function: Handler, message: dict[str, Any]) -> dict[str, Any]:
    try:
        result = function(message["event"], Context(message))
    except BaseException as error:  # noqa: BLE001 - as AWS's runtime, whatever the handler raises
        traceback.print_exc()
        return {"error": failure(error), "leave": isinstance(error, SystemExit)}
    try:
        return {"result": json.dumps(result)}
    except (TypeError, ValueError) as error:
        text = f"Unable to marshal response: {error}"
        return {"error": {"errorMessage": text, "errorType": "Runtime.MarshalError", "stackTrace": []}}


def serve(handler: str, events: Iterable[str], answers: TextIO) -> None:
    def reply(document: dict[str, Any]) -> None:
        sys.stderr.write(END_OF_LOG + "\n")
        sys.stderr.flush()
        answers.write(json.dumps(document) + "\n")
        answers.flush()

    try:
        function = load(handler)
    except BaseException as error:  # noqa: BLE001 - as AWS's runtime, whatever the import raises
        traceback.print_exc()
        reply({"ready": False, "error": failure(error)})
        return
    reply({"ready": True})
    for line in events:
        message = json.loads(line)
        os.environ["_X_AMZN_TRACE_ID"] = message["trace_id"]
        document = answer(function, message)
        reply(document)
        if document.get("leave"):
            return


def main() -> None:
    # The emulator may be killed without a chance to tell its workers: prctl(2).
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    handler, paths = sys.argv[1], sys.argv[2:]
    answers = os.fdopen(os.dup(1), "w")
    events = os.fdopen(os.dup(0))
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = sys.stderr
    sys.path[:0] = paths
    serve(handler, events, answers)


if __name__ == "__main__":
    main()
