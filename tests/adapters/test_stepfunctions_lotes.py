import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from aval.adapters.s3_confidential import lote_file_key
from aval.adapters.stepfunctions_lotes import LoteExecutions
from tests.support.lotes import LOTE

ENDLESS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 999, "End": True}}}


@pytest.fixture
def executions() -> Iterator[LoteExecutions]:
    with mock_aws():
        client = boto3.client("stepfunctions", region_name="sa-east-1")
        arn = client.create_state_machine(
            name="aval-lote",
            definition=json.dumps(ENDLESS),
            roleArn="arn:aws:iam::123456789012:role/aval-lote",
        )["stateMachineArn"]
        yield LoteExecutions(client, arn)


def test_an_execution_is_started_with_the_files_key_as_its_arrival_would(executions: LoteExecutions) -> None:
    executions.start(LOTE, execution="first")
    [told] = executions.client.list_executions(stateMachineArn=executions.machine_arn)["executions"]
    given = executions.client.describe_execution(executionArn=told["executionArn"])["input"]
    assert (told["name"], json.loads(given)) == ("first", {"chave": lote_file_key(LOTE)})


def test_an_execution_that_is_there_already_is_enough(executions: LoteExecutions) -> None:
    for _ in range(2):
        executions.start(LOTE, execution="first")
    running = executions.client.list_executions(stateMachineArn=executions.machine_arn)["executions"]
    assert len(running) == 1


def test_a_machine_that_is_not_there_is_told(executions: LoteExecutions) -> None:
    other = LoteExecutions(executions.client, executions.machine_arn.replace("lote", "nenhuma"))
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        other.start(LOTE, execution="first")


def test_only_what_runs_counts_as_running(executions: LoteExecutions) -> None:
    executions.start(LOTE, execution="first")
    executions.start(LOTE, execution="second")
    found = executions.client.list_executions(stateMachineArn=executions.machine_arn)["executions"]
    [arn] = [one["executionArn"] for one in found if one["name"] == "second"]
    executions.client.stop_execution(executionArn=arn)
    sweep = LoteExecutions(executions.client, executions.machine_arn)
    assert [sweep.is_running(name) for name in ("first", "second", "third")] == [True, False, False]
