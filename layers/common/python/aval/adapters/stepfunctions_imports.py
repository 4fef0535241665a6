"""The state machine that works imports off."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aval.adapters.s3_imports import key_of
from aval.contracts.bus import ProcessingCode

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


@dataclass(frozen=True, slots=True)
class ImportExecutions:
    client: "SFNClient"
    machine_arn: str

    def start(self, code: ProcessingCode) -> None:
        """With the input that the arrival of the file gives."""
        given = json.dumps({"chave": key_of(code)})
        self.client.start_execution(stateMachineArn=self.machine_arn, input=given)
