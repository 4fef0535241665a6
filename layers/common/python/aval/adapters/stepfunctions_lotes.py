"""The state machine that works lotes off."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from aval.adapters.s3_confidential import lote_file_key
from aval.prudential.lotes import LoteId

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


@dataclass(frozen=True, slots=True)
class LoteExecutions:
    """Which executions run is asked once, so that an instance is good for one sweep."""

    client: "SFNClient"
    machine_arn: str
    _running: list[frozenset[str]] = field(default_factory=list)

    def start(self, code: LoteId, *, execution: str) -> None:
        """With the input that the arrival of the file gives."""
        given = json.dumps({"chave": lote_file_key(code)})
        try:
            self.client.start_execution(stateMachineArn=self.machine_arn, name=execution, input=given)
        except ClientError as error:
            # Over already: that attempt was made.
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def is_running(self, execution: str) -> bool:
        if not self._running:
            self._running.append(self._list())
        return execution in self._running[0]

    def _list(self) -> frozenset[str]:
        pages = self.client.get_paginator("list_executions").paginate(
            stateMachineArn=self.machine_arn, statusFilter="RUNNING"
        )
        return frozenset(one["name"] for page in pages for one in page["executions"])
