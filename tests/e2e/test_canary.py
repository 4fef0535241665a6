"""The canary on a running stack: refused for want of an attestation alone, and heard when it is not."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from aval.prudential.canary import SUBJECT
from local.deploy import ASSETS, CAPABILITIES
from local.emulator.key_policies import asks_for_attestation
from tests.e2e.enclave_agent import Agent
from tests.e2e.enclave_wires import Attacker
from tests.support.stack import Stack

CANARY = "aval-try-without-attestation"
STACK = "aval-confidential"
WAIT_SECONDS = 60.0


@dataclass(slots=True)
class Rings:
    """What the operator's alarm topic tells."""

    stack: Stack
    queue: str

    def heard(self, of_it: Callable[[dict[str, Any]], bool]) -> bool:
        """Whether such a message comes in time; those before it are taken off."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if any(of_it(message) for message in self._received(2)):
                return True
        return False

    def is_silent(self) -> bool:
        return not self._received(1)

    def _received(self, seconds: int) -> list[dict[str, Any]]:
        sqs = self.stack.client("sqs")
        answer = sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=seconds)
        messages = answer.get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]


@pytest.fixture
def rings(stack: Stack) -> Iterator[Rings]:
    sqs, sns = stack.client("sqs"), stack.client("sns")
    variables = stack.client("lambda").get_function_configuration(FunctionName=CANARY)["Environment"]
    topic = variables["Variables"]["AVAL_ALARM_TOPIC"]
    queue = sqs.create_queue(QueueName=f"rings-{time.monotonic_ns()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    told = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**told, "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    subscribed = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    yield Rings(stack, queue)
    sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=queue)


@pytest.fixture
def attacker(stack: Stack) -> Attacker:
    assert Agent(stack).key
    return Attacker(stack)


def fly(stack: Stack) -> dict[str, Any]:
    answer = stack.client("lambda").invoke(FunctionName=CANARY, Payload=b"{}")
    assert "FunctionError" not in answer
    told: dict[str, Any] = json.load(answer["Payload"])
    return told


def found(stack: Stack) -> list[str]:
    """Return what the canary wrote down last."""
    key = {"pk": {"S": "CANARIO"}, "sk": {"S": "ULTIMO"}}
    table = stack.outputs["ConfidentialTableName"]
    item = stack.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    return [act["S"] for act in item["opened"]["L"]]


def test_the_canary_is_refused_and_nothing_rings(stack: Stack, attacker: Attacker, rings: Rings) -> None:
    fly(stack)
    assert found(stack) == []
    assert rings.is_silent()
    canary = [event for event in attacker.trail() if CANARY in event["userIdentity"]["arn"]][-2:]
    assert [event["eventName"] for event in canary] == ["GenerateDataKey", "Decrypt"]
    assert {event["errorCode"] for event in canary} == {"AccessDeniedException"}


def test_a_kms_that_forgets_the_attestation_rings(stack: Stack, attacker: Attacker, rings: Rings) -> None:
    attacker.switch_kms("misbehave")
    try:
        fly(stack)
    finally:
        attacker.switch_kms("behave")
    assert found(stack) == ["GenerateDataKey", "Decrypt"]
    assert rings.heard(lambda message: message.get("Subject") == SUBJECT)
    fly(stack)
    assert found(stack) == []


def test_a_policy_deployed_without_its_condition_rings_twice(
    stack: Stack, attacker: Attacker, rings: Rings
) -> None:
    """The change itself is told, and what it opened is found."""
    assert attacker
    template = stack.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
    deployed = template if isinstance(template, dict) else json.loads(template)
    deploy(stack, without_attestation(deployed))
    try:
        assert rings.heard(lambda message: "PutKeyPolicy" in message["Message"])
        fly(stack)
        assert found(stack) == ["GenerateDataKey", "Decrypt"]
        assert rings.heard(lambda message: message.get("Subject") == SUBJECT)
    finally:
        deploy(stack, deployed)
    fly(stack)
    assert found(stack) == []


def without_attestation(template: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(template))
    keys = [each for each in changed["Resources"].values() if each["Type"] == "AWS::KMS::Key"]
    taken_out = 0
    for statement in (each for key in keys for each in key["Properties"]["KeyPolicy"]["Statement"]):
        for conditions in statement.get("Condition", {}).values():
            for name in [name for name in conditions if asks_for_attestation(name)]:
                del conditions[name]
                taken_out += 1
        statement["Condition"] = {n: wanted for n, wanted in statement.get("Condition", {}).items() if wanted}
    assert taken_out
    return changed


def deploy(stack: Stack, template: dict[str, Any]) -> None:
    """Update the stack with the parameters that it has, as whoever may deploy can."""
    key = f"{STACK}.changed.json"
    stack.client("s3").put_object(Bucket=ASSETS, Key=key, Body=json.dumps(template).encode())
    cloudformation = stack.client("cloudformation")
    parameters = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0].get("Parameters", [])
    cloudformation.update_stack(
        StackName=STACK,
        TemplateURL=f"{stack.described['emulator_url']}/{ASSETS}/{key}",
        Parameters=[
            {"ParameterKey": each["ParameterKey"], "ParameterValue": each["ParameterValue"]}
            for each in parameters
        ],
        Capabilities=CAPABILITIES,
    )
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        status = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
        if status == "UPDATE_COMPLETE":
            return
        assert status.endswith("IN_PROGRESS"), status
        assert time.monotonic() < deadline
        time.sleep(0.1)
