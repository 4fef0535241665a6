"""State machines as the emulator runs them: the contract test of local/emulator/state_machines.py."""

import json
import time
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import Emulator
from tests.e2e.contract.stack import ContractStack

WAIT_SECONDS = 60.0
PASS = {"Type": "Pass", "End": True}


@dataclass(frozen=True, slots=True)
class States:
    client: Any
    role: str

    def start(self, machine: dict[str, Any], given: Any) -> str:
        name, definition = f"m-{time.monotonic_ns()}", json.dumps(machine)
        made = self.client.create_state_machine(name=name, definition=definition, roleArn=self.role)
        told = self.client.start_execution(stateMachineArn=made["stateMachineArn"], input=json.dumps(given))
        return str(told["executionArn"])

    def ended(self, execution: str) -> tuple[str, Any]:
        """Return the status and the output, or the error, of an execution that has ended."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = self.client.describe_execution(executionArn=execution)
            if found["status"] == "SUCCEEDED":
                return found["status"], json.loads(found["output"])
            if found["status"] != "RUNNING":
                return found["status"], found.get("error")
            assert time.monotonic() < deadline, "still running"
            time.sleep(0.05)

    def run(self, machine: dict[str, Any], given: Any) -> tuple[str, Any]:
        return self.ended(self.start(machine, given))


@pytest.fixture(scope="module")
def states(contract: ContractStack) -> States:
    return States(contract.emulator.client("stepfunctions"), contract.outputs["RoleArn"])


def call(contract: ContractStack, path: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": contract.outputs["Answer"], "Payload": {"rawPath": f"/do/{path}"}},
        **more,
    }


def waiting(contract: ContractStack, **more: Any) -> dict[str, Any]:
    """Return a machine that puts its task's token into the queue and waits."""
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": contract.outputs["Heard"], "MessageBody.$": "$$.Task.Token"},
        "End": True,
        **more,
    }
    return {"StartAt": "Wait", "States": {"Wait": task}}


def token_of(contract: ContractStack) -> str:
    sqs = contract.emulator.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=contract.outputs["Heard"], WaitTimeSeconds=10)["Messages"]
    sqs.delete_message(QueueUrl=contract.outputs["Heard"], ReceiptHandle=message["ReceiptHandle"])
    return str(message["Body"])


def test_a_path_that_is_missing_fails_the_execution(states: States) -> None:
    machine = {"StartAt": "P", "States": {"P": {**PASS, "InputPath": "$.absent"}}}
    assert states.run(machine, {"there": 1}) == ("FAILED", "States.Runtime")


def test_a_map_keeps_the_order_of_its_items(states: States) -> None:
    each = {"StartAt": "One", "States": {"One": {**PASS, "Parameters": {"n.$": "$.i"}}}}
    task = {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3, "ItemProcessor": each, "End": True}
    items = [{"i": number} for number in range(10)]
    machine = {"StartAt": "All", "States": {"All": task}}
    assert states.run(machine, {"items": items}) == ("SUCCEEDED", [{"n": number} for number in range(10)])


def test_a_function_that_fails_is_caught_by_its_class(contract: ContractStack, states: States) -> None:
    caught = [{"ErrorEquals": ["ValueError"], "Next": "Caught", "ResultPath": "$.error"}]
    machine = {
        "StartAt": "Call",
        "States": {"Call": call(contract, "refuse", Catch=caught, End=True), "Caught": PASS},
    }
    status, output = states.run(machine, {"kept": 1})
    assert (status, output["kept"], output["error"]["Error"]) == ("SUCCEEDED", 1, "ValueError")


def test_a_task_waits_for_its_token(contract: ContractStack, states: States) -> None:
    execution = states.start(waiting(contract), {})
    states.client.send_task_success(taskToken=token_of(contract), output='{"done": true}')
    assert states.ended(execution) == ("SUCCEEDED", {"done": True})


def test_a_task_takes_heartbeats_that_it_does_not_wait_for(contract: ContractStack, states: States) -> None:
    execution = states.start(waiting(contract), {})
    token = token_of(contract)
    states.client.send_task_heartbeat(taskToken=token)
    states.client.send_task_success(taskToken=token, output="{}")
    assert states.ended(execution) == ("SUCCEEDED", {})


def test_a_role_ends_tasks_of_the_machine_that_its_policy_names(
    contract: ContractStack, states: States
) -> None:
    arn = states.start(waiting(contract), {}).replace(":execution:", ":stateMachine:").rpartition(":")[0]
    token = token_of(contract)
    named, other = caller_for(contract, "ends-named", arn), caller_for(contract, "ends-other", f"{arn}-other")
    with pytest.raises(ClientError, match="AccessDenied"):
        other.send_task_success(taskToken=token, output="{}")
    named.send_task_success(taskToken=token, output="{}")
    with pytest.raises(ClientError, match=r"TaskTimedOut|TaskDoesNotExist"):
        named.send_task_success(taskToken=token, output="{}")


def caller_for(contract: ContractStack, role: str, machine: str) -> Any:
    """Return a client of a new role that may end tasks of that machine, and nothing else."""
    iam = contract.emulator.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    ends = {"Effect": "Allow", "Action": "states:SendTaskSuccess", "Resource": machine}
    made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    iam.put_role_policy(RoleName=role, PolicyName="ends", PolicyDocument=json.dumps({"Statement": [ends]}))
    taken = contract.emulator.client("sts").assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="test")
    told = taken["Credentials"]
    endpoint = contract.emulator.endpoint
    return Emulator(endpoint, told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"]).client(
        "stepfunctions"
    )


def test_a_task_whose_heart_stops_has_timed_out(contract: ContractStack, states: States) -> None:
    execution = states.start(waiting(contract, HeartbeatSeconds=1), {})
    token = token_of(contract)
    assert states.ended(execution) == ("FAILED", "States.Timeout")
    with pytest.raises(ClientError):
        states.client.send_task_success(taskToken=token, output="{}")


def test_an_execution_that_is_stopped_is_aborted(contract: ContractStack, states: States) -> None:
    execution = states.start(waiting(contract), {})
    token_of(contract)
    states.client.stop_execution(executionArn=execution, error="Enough")
    assert states.ended(execution) == ("ABORTED", "Enough")


def test_the_history_tells_each_state(states: States) -> None:
    execution = states.start({"StartAt": "P", "States": {"P": PASS}}, {"a": 1})
    states.ended(execution)
    kinds = [event["type"] for event in states.client.get_execution_history(executionArn=execution)["events"]]
    assert kinds == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]


@pytest.mark.parametrize(
    "machine",
    [
        {"StartAt": "Absent", "States": {"P": PASS}},
        {"StartAt": "P", "States": {"P": {"Type": "Pass", "Next": "Absent"}}},
        {"StartAt": "P", "States": {"P": {"Type": "Nonsense"}}},
    ],
)
def test_a_definition_that_cannot_run_is_refused(states: States, machine: dict[str, Any]) -> None:
    with pytest.raises(states.client.exceptions.InvalidDefinition):
        states.start(machine, {})
