"""One execution of a JSONPath state machine by moto's interpreter, calling the emulator instead of moto.

Importing it takes seconds, so the emulator does so at the first state machine.
"""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.config import Config
from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.retry.retry_outcome import RetryOutcome
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackConsumerTimeout,
    CallbackEndpoint,
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
    HeartbeatEndpoint,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.states import ContextObject
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.backend.execution import Execution, ExecutionStatus

from local.aws import ACCOUNT
from local.emulator.task_tokens import TaskIsOver, token_of
from local.emulator.upstream import UpstreamChanged, replace

Record = dict[str, Any]

LONGEST_CALL_SECONDS = 960  # a Lambda function's fifteen minutes, and a little


def verify_definition(definition: str) -> None:
    """Raise whatever the parser raises unless `definition` is Amazon States Language."""
    AmazonStateLanguageParser.parse(definition)


def _client(**asked: Any) -> Any:
    """Stand in for `boto3.client` where moto asks for one: the emulator, as the account's root."""
    return boto3.client(
        asked["service_name"],
        region_name=asked["region_name"],
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106 - the emulator asks for one and knows none
        config=Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            read_timeout=LONGEST_CALL_SECONDS,
            max_pool_connections=64,
            inject_host_prefix=False,
        ),
    )


if not hasattr(boto_client, "boto3"):
    raise UpstreamChanged(f"{boto_client.__name__} no longer makes its clients by boto3.client")
boto_client.boto3 = SimpleNamespace(client=_client)


def _naming_the_machine(original: Callable[..., str]) -> Callable[..., str]:
    def update_task_token(context: ContextObject) -> str:
        token = token_of(context.context_object_data["StateMachine"]["Id"], original(context))
        context.context_object_data["Task"]["Token"] = token
        return token

    return update_task_token


replace(ContextObject, "update_task_token", still_has="new_token = long_uid()", by=_naming_the_machine)


def _told_before_it_waits(original: Callable[..., HeartbeatEndpoint]) -> Callable[..., HeartbeatEndpoint]:
    """Wake a state up whose outcome came before it began to wait: moto would sleep out the heartbeat."""

    def set_up(endpoint: CallbackEndpoint, heartbeat_seconds: int) -> HeartbeatEndpoint:
        waiting = original(endpoint, heartbeat_seconds=heartbeat_seconds)
        if endpoint.get_outcome() is not None:
            waiting.notify()
        return waiting

    return set_up


replace(
    CallbackEndpoint,
    "setup_heartbeat_endpoint",
    still_has="self._heartbeat_endpoint = HeartbeatEndpoint(",
    by=_told_before_it_waits,
)


def _with_a_token_of_its_own(original: Callable[..., RetryOutcome]) -> Callable[..., RetryOutcome]:
    """Ask with a new token at every attempt, as AWS does: by one for all the first failure ends them."""

    def handle_retry(state: ExecutionState, env: Environment, failure_event: FailureEvent) -> RetryOutcome:
        context = env.states.context_object
        asked = context.context_object_data.get("Task")
        if asked:
            env.callback_pool_manager.get(asked["Token"]).report(CallbackConsumerTimeout())
        outcome = original(state, env, failure_event)
        if asked and outcome == RetryOutcome.CanRetry:
            env.callback_pool_manager.add(context.update_task_token())
        return outcome

    return handle_retry


replace(
    ExecutionState,
    "_handle_retry",
    still_has="self.retry.eval(env)",
    by=_with_a_token_of_its_own,
)


class Interpreted:
    def __init__(self, machine: Record, execution: Record, *, account_id: str, region: str) -> None:
        self._told_once = threading.Lock()
        self._execution = Execution(
            name=execution["name"],
            sm_type=StateMachineType(machine.get("type", "STANDARD")),
            role_arn=machine["roleArn"],
            exec_arn=execution["executionArn"],
            account_id=account_id,
            region_name=region,
            state_machine=SimpleNamespace(
                arn=machine["stateMachineArn"],
                name=machine["name"],
                sm_type=StateMachineType(machine.get("type", "STANDARD")),
                definition=machine["definition"],
                logging_config=None,
                create_date=None,
                revision_id=None,
            ),
            start_date=datetime.now(UTC),
            cloud_watch_logging_session=None,
            activity_store={},
            input_data=execution["input"] or "{}",
        )
        self._execution.exec_worker = self._execution._get_start_execution_worker()
        self._execution.exec_status = ExecutionStatus.RUNNING

    def run(self) -> None:
        """Run to the end in this thread."""
        self._execution.exec_worker._execution_logic()

    @property
    def outcome(self) -> Record:
        """Return status, output, error and cause as far as there are any."""
        found: Record = {"status": self._execution.exec_status.value}
        for name in ("output", "error", "cause"):
            if getattr(self._execution, name) is not None:
                found[name] = getattr(self._execution, name)
        return found

    @property
    def events(self) -> list[Record]:
        environment = self._execution.exec_worker.env
        history = environment.event_manager.get_event_history() if environment else []
        return [{**event, "timestamp": _storage_time(event["timestamp"])} for event in history]

    def stop(self, error: str | None, cause: str | None) -> None:
        if self._execution.exec_worker.env:
            self._execution.exec_worker.stop(stop_date=datetime.now(UTC), error=error, cause=cause)

    def succeed(self, token: str, request: Record) -> bool:
        outcome = CallbackOutcomeSuccess(callback_id=token, output=request.get("output", "{}"))
        return self._tell(token, lambda pool: pool.notify(callback_id=token, outcome=outcome))

    def fail(self, token: str, request: Record) -> bool:
        outcome = CallbackOutcomeFailure(token, request.get("error"), request.get("cause"))
        return self._tell(token, lambda pool: pool.notify(callback_id=token, outcome=outcome))

    def heartbeat(self, token: str, _request: Record) -> bool:
        # A state that is about to wait, or that waits without heartbeats, takes them too, as AWS's does.
        return self._tell(
            token, lambda pool: pool.heartbeat(callback_id=token) or pool.get(token) is not None
        )

    def _tell(self, token: str, told: Callable[[Any], Any]) -> bool:
        """Whether this execution waits for the token; raise `TaskIsOver`, or what moto does, after its wait.

        moto would let a second outcome take the first one's place until the execution has woken up.
        """
        environment = self._execution.exec_worker.env
        if not environment:
            return False
        with self._told_once:
            waiting = environment.callback_pool_manager.get(token)
            if waiting and waiting.get_outcome() is not None:
                raise TaskIsOver
            return bool(told(environment.callback_pool_manager))


def _storage_time(moment: Any) -> Any:
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
