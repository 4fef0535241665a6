"""The state machine that brings tasks to the enclave."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.prudential.tasks import TaskId

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_CODE_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class TaskExecutions:
    """Which executions run is asked once, so that an instance is good for one sweep."""

    client: "SFNClient"
    machine_arn: str
    transaction: Callable[[], str]
    _running: list[frozenset[TaskId]] = field(default_factory=list)

    def start(self, code: TaskId, *, attempt: str) -> None:
        given = json.dumps({"tarefa": code, "transacao": self.transaction()})
        try:
            self.client.start_execution(
                stateMachineArn=self.machine_arn, name=f"{code}-{attempt}", input=given
            )
        except ClientError as error:
            # With another transaction's input, or over already: in either case that attempt was made.
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def is_running(self, code: TaskId) -> bool:
        if not self._running:
            self._running.append(self._list())
        return code in self._running[0]

    def _list(self) -> frozenset[TaskId]:
        pages = self.client.get_paginator("list_executions").paginate(
            stateMachineArn=self.machine_arn, statusFilter="RUNNING"
        )
        return frozenset(TaskId(one["name"][:_CODE_LENGTH]) for page in pages for one in page["executions"])
