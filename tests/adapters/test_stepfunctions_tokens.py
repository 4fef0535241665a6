import boto3
import pytest
from botocore.stub import Stubber

from aval.adapters.stepfunctions_tokens import TaskTokens, TokenDead, TokensUnavailable

TOKEN = "a-token"


@pytest.fixture
def stubbed() -> tuple[TaskTokens, Stubber]:
    client = boto3.client(
        "stepfunctions", region_name="sa-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    return TaskTokens(client), Stubber(client)


def test_success_failure_and_heartbeat_are_told_with_the_token(stubbed: tuple[TaskTokens, Stubber]) -> None:
    tokens, stubber = stubbed
    stubber.add_response("send_task_heartbeat", {}, {"taskToken": TOKEN})
    stubber.add_response("send_task_success", {}, {"taskToken": TOKEN, "output": '{"estado": "CONCLUIDA"}'})
    stubber.add_response("send_task_failure", {}, {"taskToken": TOKEN, "error": "E", "cause": "c"})
    with stubber:
        tokens.keep(TOKEN)
        tokens.succeed(TOKEN, {"estado": "CONCLUIDA"})
        tokens.fail(TOKEN, error="E", cause="c")
    stubber.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_that_nobody_waits_for_is_dead(stubbed: tuple[TaskTokens, Stubber], code: str) -> None:
    tokens, stubber = stubbed
    stubber.add_client_error("send_task_heartbeat", code)
    with stubber, pytest.raises(TokenDead):
        tokens.keep(TOKEN)


def test_another_refusal_leaves_the_token_alive(stubbed: tuple[TaskTokens, Stubber]) -> None:
    tokens, stubber = stubbed
    stubber.add_client_error("send_task_success", "ThrottlingException")
    with stubber, pytest.raises(TokensUnavailable, match="ThrottlingException"):
        tokens.succeed(TOKEN, {})
