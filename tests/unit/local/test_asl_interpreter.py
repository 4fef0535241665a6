import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackNotifyConsumerError,
    CallbackOutcomeSuccess,
)
from moto.stepfunctions.parser.asl.utils import boto_client

LONG_SECONDS = 300
STATES = "arn:aws:states:sa-east-1:000000000000"
ASKING = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "queue", "MessageBody": {"token.$": "$$.Task.Token"}},
            "HeartbeatSeconds": LONG_SECONDS,
            "TimeoutSeconds": 2 * LONG_SECONDS,
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            "End": True,
        }
    },
}


@dataclass
class Queue:
    """Hands each token that is sent to whoever reads it, at once."""

    read: Callable[[str], None]
    tokens: list[str] = field(default_factory=list)

    def send_message(self, **asked: Any) -> dict[str, str]:
        self.tokens.append(json.loads(asked["MessageBody"])["token"])
        self.read(self.tokens[-1])
        return {"MessageId": str(len(self.tokens))}


@pytest.fixture(scope="module")
def interpreter() -> ModuleType:
    # Whoever imports it has what it mends in the library.
    return importlib.import_module("local.emulator.asl_interpreter")


@pytest.mark.usefixtures("interpreter")
def test_a_task_whose_outcome_came_before_it_waits_wakes_up_at_once() -> None:
    endpoint = CallbackEndpoint("token")
    endpoint.notify(CallbackOutcomeSuccess(callback_id="token", output="{}"))
    assert endpoint.setup_heartbeat_endpoint(heartbeat_seconds=LONG_SECONDS).clear_and_wait()


def test_what_failed_is_asked_for_again_with_a_token_of_its_own_and_the_first_one_is_over(
    interpreter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = {
        "name": "asking",
        "stateMachineArn": f"{STATES}:stateMachine:asking",
        "roleArn": "arn:aws:iam::000000000000:role/asking",
        "definition": json.dumps(ASKING),
    }
    execution = {"name": "one", "executionArn": f"{STATES}:execution:asking:one", "input": "{}"}
    interpreted = interpreter.Interpreted(machine, execution, account_id="000000000000", region="sa-east-1")

    def read(token: str) -> None:
        if token == queue.tokens[0]:
            assert interpreted.fail(token, {"error": "Declined", "cause": "not now"})
            return
        with pytest.raises((CallbackNotifyConsumerError, interpreter.TaskIsOver)):
            interpreted.succeed(queue.tokens[0], {"output": '{"attempt": 1}'})
        assert interpreted.succeed(token, {"output": '{"attempt": 2}'})

    queue = Queue(read)
    monkeypatch.setattr(boto_client, "boto3", SimpleNamespace(client=lambda **_asked: queue))
    interpreted.run()
    assert interpreted.outcome == {"status": "SUCCEEDED", "output": {"attempt": 2}}
    assert len(set(queue.tokens)) == 2
